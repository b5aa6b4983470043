CREATE TABLE `local_officer` (
	`id` text PRIMARY KEY NOT NULL,
	`officer_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`username` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`scopes` text NOT NULL,
	`code_verifier` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL,
	`locked_until_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `local_officer_place` ON `local_officer` (`officer_id`,`grid_code`);--> statement-breakpoint
CREATE INDEX `local_officer_grid` ON `local_officer` (`grid_code`,`username`);--> statement-breakpoint
ALTER TABLE `session` ADD `local_officer_id` text;