CREATE TABLE `rollcall` (
	`alert_id` text PRIMARY KEY NOT NULL,
	`grid_code` text NOT NULL,
	`complete` integer DEFAULT false NOT NULL,
	`frozen_at_ms` integer NOT NULL,
	`changed_at_ms` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `rollcall_person` (
	`alert_id` text NOT NULL,
	`person_id` text NOT NULL,
	`household_id` text,
	`grid_code` text NOT NULL,
	`name_cipher` text,
	`status` text NOT NULL,
	`words_cipher` text,
	`means` text,
	`marked_by` text,
	`marked_at_ms` integer,
	`version` integer DEFAULT 1 NOT NULL,
	PRIMARY KEY(`alert_id`, `person_id`)
);
--> statement-breakpoint
CREATE INDEX `rollcall_person_status` ON `rollcall_person` (`alert_id`,`status`);--> statement-breakpoint
CREATE INDEX `rollcall_person_household` ON `rollcall_person` (`alert_id`,`grid_code`,`household_id`);--> statement-breakpoint
CREATE TABLE `rollcall_place` (
	`alert_id` text NOT NULL,
	`place_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`expected` integer NOT NULL,
	`counted` integer,
	`means` text,
	`marked_by` text,
	`marked_at_ms` integer,
	`version` integer DEFAULT 1 NOT NULL,
	PRIMARY KEY(`alert_id`, `place_id`)
);
