CREATE TABLE `hazard_point` (
	`id` text PRIMARY KEY NOT NULL,
	`grid_code` text NOT NULL,
	`name` text NOT NULL,
	`hazard` text NOT NULL,
	`patrol_name` text NOT NULL,
	`phone_cipher` text,
	`phone_hash` text,
	`patrol_member_id` text
);
--> statement-breakpoint
CREATE INDEX `hazard_point_grid` ON `hazard_point` (`grid_code`);--> statement-breakpoint
CREATE TABLE `round` (
	`id` text PRIMARY KEY NOT NULL,
	`plan_id` text NOT NULL,
	`kind` text NOT NULL,
	`subject_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`done_at_ms` integer NOT NULL,
	`result` text NOT NULL,
	`means` text NOT NULL,
	`told_by` text NOT NULL,
	`told_at_ms` integer NOT NULL,
	`words_cipher` text,
	`report_id` text,
	`lacking` text,
	`check_id` text
);
--> statement-breakpoint
CREATE INDEX `round_of_plan` ON `round` (`plan_id`,`done_at_ms`);--> statement-breakpoint
CREATE INDEX `round_done` ON `round` (`kind`,`done_at_ms`);--> statement-breakpoint
CREATE TABLE `round_missed` (
	`plan_id` text NOT NULL,
	`to_ms` integer NOT NULL,
	`from_ms` integer NOT NULL,
	`kind` text NOT NULL,
	`grid_code` text NOT NULL,
	PRIMARY KEY(`plan_id`, `to_ms`)
);
--> statement-breakpoint
CREATE INDEX `round_missed_at` ON `round_missed` (`kind`,`to_ms`);--> statement-breakpoint
CREATE TABLE `round_plan` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`subject_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`walker_id` text,
	`since_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `round_plan_grid` ON `round_plan` (`grid_code`);--> statement-breakpoint
CREATE INDEX `round_plan_walker` ON `round_plan` (`walker_id`);