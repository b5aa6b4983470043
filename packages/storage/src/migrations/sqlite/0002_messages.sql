CREATE TABLE `message` (
	`id` text PRIMARY KEY NOT NULL,
	`alert_id` text,
	`purpose` text NOT NULL,
	`subject_id` text NOT NULL,
	`member_id` text,
	`grid_code` text NOT NULL,
	`channel` text NOT NULL,
	`step` integer NOT NULL,
	`urgent` integer NOT NULL,
	`facts` text NOT NULL,
	`state` text NOT NULL,
	`due_at_ms` integer NOT NULL,
	`not_after_ms` integer NOT NULL,
	`taken_at_ms` integer,
	`attempts` integer DEFAULT 0 NOT NULL,
	`provider_id` text,
	`reason` text,
	`changed_at_ms` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `message_once` ON `message` (`subject_id`,`channel`,`step`);--> statement-breakpoint
CREATE INDEX `message_due` ON `message` (`state`,`due_at_ms`);--> statement-breakpoint
CREATE INDEX `message_provider` ON `message` (`channel`,`provider_id`);--> statement-breakpoint
CREATE INDEX `message_alert` ON `message` (`alert_id`,`state`);