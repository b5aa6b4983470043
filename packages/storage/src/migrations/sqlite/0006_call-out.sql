CREATE TABLE `channel_proof` (
	`member_id` text NOT NULL,
	`channel` text NOT NULL,
	`state` text NOT NULL,
	`step` integer NOT NULL,
	`asked_at_ms` integer,
	`proven_at_ms` integer,
	`reason` text,
	`changed_at_ms` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	PRIMARY KEY(`member_id`, `channel`)
);
--> statement-breakpoint
CREATE INDEX `channel_proof_state` ON `channel_proof` (`state`,`asked_at_ms`);--> statement-breakpoint
CREATE TABLE `join_code` (
	`code` text PRIMARY KEY NOT NULL,
	`alert_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`made_by` text NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `join_code_once` ON `join_code` (`alert_id`,`grid_code`);--> statement-breakpoint
CREATE TABLE `volunteer` (
	`id` text PRIMARY KEY NOT NULL,
	`alert_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`name_cipher` text NOT NULL,
	`phone_cipher` text,
	`phone_hash` text,
	`skill` text,
	`form_id` text NOT NULL,
	`joined_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `volunteer_form` ON `volunteer` (`alert_id`,`form_id`);--> statement-breakpoint
CREATE INDEX `volunteer_phone` ON `volunteer` (`alert_id`,`phone_hash`);--> statement-breakpoint
ALTER TABLE `call` ADD `step` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `call` ADD `next_at_ms` integer;--> statement-breakpoint
ALTER TABLE `call` ADD `reason` text;--> statement-breakpoint
CREATE INDEX `call_due` ON `call` (`alert_id`,`next_at_ms`);--> statement-breakpoint
ALTER TABLE `member` ADD `off_duty` integer DEFAULT false NOT NULL;