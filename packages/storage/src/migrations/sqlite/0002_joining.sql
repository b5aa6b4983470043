CREATE TABLE `join_code` (
	`id` text PRIMARY KEY NOT NULL,
	`handle` text NOT NULL,
	`code_hash` text NOT NULL,
	`code_cipher` text NOT NULL,
	`alert_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`opened_by` text NOT NULL,
	`opened_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`most_joins` integer NOT NULL,
	`joins` integer DEFAULT 0 NOT NULL,
	`wrong_tries` integer DEFAULT 0 NOT NULL,
	`closed_at_ms` integer,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `join_code_handle` ON `join_code` (`handle`);--> statement-breakpoint
CREATE INDEX `join_code_alert` ON `join_code` (`alert_id`,`grid_code`);--> statement-breakpoint
CREATE TABLE `joiner` (
	`member_id` text PRIMARY KEY NOT NULL,
	`alert_id` text NOT NULL,
	`call_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`name_cipher` text NOT NULL,
	`phone_cipher` text,
	`phone_hash` text,
	`form_hash` text NOT NULL,
	`household_cipher` text,
	`skills` text NOT NULL,
	`joined_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `joiner_phone` ON `joiner` (`alert_id`,`phone_hash`);--> statement-breakpoint
CREATE UNIQUE INDEX `joiner_form` ON `joiner` (`alert_id`,`form_hash`);--> statement-breakpoint
CREATE UNIQUE INDEX `joiner_call` ON `joiner` (`call_id`);--> statement-breakpoint
ALTER TABLE `call` ADD `join_code_id` text;--> statement-breakpoint
ALTER TABLE `member` ADD `alert_id` text;