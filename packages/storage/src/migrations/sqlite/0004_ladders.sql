CREATE TABLE `ladder` (
	`id` text PRIMARY KEY NOT NULL,
	`alert_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`degree` text NOT NULL,
	`state` text NOT NULL,
	`opened_at_ms` integer NOT NULL,
	`answer_due_at_ms` integer NOT NULL,
	`answer_overdue_at_ms` integer,
	`answered_at_ms` integer,
	`moving_due_at_ms` integer,
	`moving_overdue_at_ms` integer,
	`moving_at_ms` integer,
	`persons` integer,
	`ask_at_ms` integer,
	`round` integer NOT NULL,
	`asked_code` text,
	`asked_position` integer,
	`steps` integer NOT NULL,
	`answers` integer NOT NULL,
	`close_reason` text,
	`changed_at_ms` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `ladder_once` ON `ladder` (`alert_id`,`grid_code`);--> statement-breakpoint
CREATE INDEX `ladder_due` ON `ladder` (`state`,`ask_at_ms`);--> statement-breakpoint
CREATE TABLE `ladder_answer` (
	`id` text PRIMARY KEY NOT NULL,
	`ladder_id` text NOT NULL,
	`alert_id` text NOT NULL,
	`kind` text NOT NULL,
	`persons` integer,
	`means` text NOT NULL,
	`member_id` text,
	`name_cipher` text,
	`words_cipher` text,
	`recorded_by` text NOT NULL,
	`effect` text NOT NULL,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `ladder_answer_ladder` ON `ladder_answer` (`ladder_id`);--> statement-breakpoint
CREATE INDEX `ladder_answer_alert` ON `ladder_answer` (`alert_id`);--> statement-breakpoint
CREATE TABLE `ladder_rung` (
	`grid_code` text NOT NULL,
	`position` integer NOT NULL,
	`member_id` text NOT NULL,
	`duty` text NOT NULL,
	PRIMARY KEY(`grid_code`, `position`)
);
--> statement-breakpoint
CREATE INDEX `ladder_rung_member` ON `ladder_rung` (`member_id`);--> statement-breakpoint
CREATE TABLE `ladder_step` (
	`id` text PRIMARY KEY NOT NULL,
	`ladder_id` text NOT NULL,
	`alert_id` text NOT NULL,
	`number` integer NOT NULL,
	`question` text NOT NULL,
	`round` integer NOT NULL,
	`rung_code` text,
	`position` integer,
	`duty` text,
	`member_id` text,
	`skipped` text,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `ladder_step_once` ON `ladder_step` (`ladder_id`,`number`);--> statement-breakpoint
CREATE INDEX `ladder_step_alert` ON `ladder_step` (`alert_id`);--> statement-breakpoint
CREATE INDEX `ladder_step_member` ON `ladder_step` (`member_id`,`at_ms`);