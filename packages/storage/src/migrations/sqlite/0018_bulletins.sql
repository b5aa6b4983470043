CREATE TABLE `bulletin` (
	`id` text PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	`texts` text NOT NULL,
	`area_codes` text NOT NULL,
	`grid_code` text NOT NULL,
	`times` text NOT NULL,
	`volume` integer NOT NULL,
	`seconds` integer NOT NULL,
	`state` text NOT NULL,
	`speakers` integer NOT NULL,
	`planned_to_ms` integer NOT NULL,
	`made_by` text NOT NULL,
	`made_at_ms` integer NOT NULL,
	`changed_by` text NOT NULL,
	`changed_at_ms` integer NOT NULL,
	`approved_by` text,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `bulletin_state` ON `bulletin` (`state`);--> statement-breakpoint
CREATE TABLE `bulletin_audio` (
	`sha256` text PRIMARY KEY NOT NULL,
	`bytes` blob NOT NULL,
	`duration_ms` integer NOT NULL,
	`peak_db` real NOT NULL,
	`level_db` real NOT NULL,
	`added_by` text NOT NULL,
	`added_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `bulletin_time` (
	`id` text PRIMARY KEY NOT NULL,
	`bulletin_id` text NOT NULL,
	`version` integer NOT NULL,
	`start_ms` integer NOT NULL,
	`not_after_ms` integer NOT NULL,
	`end_ms` integer NOT NULL,
	`title` text NOT NULL,
	`texts` text NOT NULL,
	`area_codes` text NOT NULL,
	`grid_code` text NOT NULL,
	`volume` integer NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`changed_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `bulletin_time_once` ON `bulletin_time` (`bulletin_id`,`start_ms`,`version`);--> statement-breakpoint
CREATE INDEX `bulletin_time_start` ON `bulletin_time` (`start_ms`);