CREATE TABLE `door_assignment` (
	`alert_id` text NOT NULL,
	`household_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`member_id` text,
	`reason` text NOT NULL,
	`minutes` integer NOT NULL,
	`assigned_at_ms` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	PRIMARY KEY(`alert_id`, `household_id`)
);
--> statement-breakpoint
CREATE INDEX `door_assignment_grid` ON `door_assignment` (`alert_id`,`grid_code`,`household_id`);--> statement-breakpoint
CREATE INDEX `door_assignment_member` ON `door_assignment` (`alert_id`,`member_id`);--> statement-breakpoint
CREATE TABLE `muster_point` (
	`id` text PRIMARY KEY NOT NULL,
	`grid_code` text NOT NULL,
	`name` text NOT NULL,
	`capacity` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `muster_point_grid` ON `muster_point` (`grid_code`);--> statement-breakpoint
DROP INDEX `rollcall_person_status`;--> statement-breakpoint
ALTER TABLE `rollcall_person` ADD `round` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `rollcall_person` ADD `muster_point_id` text;--> statement-breakpoint
CREATE INDEX `rollcall_person_status` ON `rollcall_person` (`alert_id`,`status`,`round`);--> statement-breakpoint
ALTER TABLE `grid_node` ADD `alert_id` text;--> statement-breakpoint
ALTER TABLE `grid_node` ADD `closed_at_ms` integer;--> statement-breakpoint
ALTER TABLE `place` ADD `head_count_at_ms` integer;--> statement-breakpoint
CREATE INDEX `place_phone` ON `place` (`phone_hash`);--> statement-breakpoint
ALTER TABLE `rollcall` ADD `round` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `rollcall` ADD `round_at_ms` integer;--> statement-breakpoint
ALTER TABLE `rollcall_place` ADD `expected_at_ms` integer;--> statement-breakpoint
ALTER TABLE `rollcall_place` ADD `round` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE INDEX `household_phone` ON `household` (`phone_hash`);