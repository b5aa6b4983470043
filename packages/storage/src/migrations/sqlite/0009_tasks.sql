CREATE TABLE `photo` (
	`id` text PRIMARY KEY NOT NULL,
	`subject` text NOT NULL,
	`subject_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`bytes` blob NOT NULL,
	`width` integer NOT NULL,
	`height` integer NOT NULL,
	`added_by` text NOT NULL,
	`added_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `photo_subject` ON `photo` (`subject`,`subject_id`);--> statement-breakpoint
CREATE TABLE `task` (
	`id` text PRIMARY KEY NOT NULL,
	`alert_id` text,
	`mode` text NOT NULL,
	`kind` text NOT NULL,
	`grid_code` text NOT NULL,
	`zh` text NOT NULL,
	`en` text NOT NULL,
	`words_cipher` text,
	`source` text NOT NULL,
	`source_id` text NOT NULL,
	`once` text NOT NULL,
	`owner_member_id` text,
	`owner_officer_id` text,
	`assignment` integer DEFAULT 1 NOT NULL,
	`state` text NOT NULL,
	`due_at_ms` integer NOT NULL,
	`reminders` integer DEFAULT 0 NOT NULL,
	`created_at_ms` integer NOT NULL,
	`done_by` text,
	`done_at_ms` integer,
	`done_words_cipher` text,
	`late_reason_cipher` text,
	`signed_off_by` text,
	`closed_at_ms` integer,
	`drop_reason_cipher` text,
	`changed_at_ms` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `task_once_unique` ON `task` (`once`);--> statement-breakpoint
CREATE INDEX `task_alert` ON `task` (`alert_id`,`state`);--> statement-breakpoint
CREATE INDEX `task_source` ON `task` (`source`,`source_id`);--> statement-breakpoint
CREATE INDEX `task_due` ON `task` (`state`,`due_at_ms`);--> statement-breakpoint
CREATE INDEX `task_grid` ON `task` (`grid_code`);--> statement-breakpoint
CREATE TABLE `task_template` (
	`id` text PRIMARY KEY NOT NULL,
	`event_codes` text NOT NULL,
	`degrees` text NOT NULL,
	`stage` text NOT NULL,
	`zh` text NOT NULL,
	`en` text NOT NULL,
	`actions` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL
);
