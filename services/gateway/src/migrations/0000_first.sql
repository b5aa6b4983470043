CREATE TABLE `spool_command` (
	`gateway_id` text NOT NULL,
	`alert_id` text NOT NULL,
	`revision` integer NOT NULL,
	`purpose` text NOT NULL,
	`command_id` text NOT NULL,
	`seq` integer NOT NULL,
	`wire` text NOT NULL,
	`active` integer NOT NULL,
	`quietened` integer NOT NULL,
	`end_ms` integer NOT NULL,
	PRIMARY KEY(`gateway_id`, `alert_id`, `revision`, `purpose`)
);
--> statement-breakpoint
CREATE INDEX `spool_command_active` ON `spool_command` (`gateway_id`,`active`);--> statement-breakpoint
CREATE TABLE `spool_meta` (
	`gateway_id` text PRIMARY KEY NOT NULL,
	`boot_counter` integer NOT NULL,
	`journal_id` text NOT NULL,
	`next_number` integer NOT NULL,
	`highest_seq` integer NOT NULL,
	`floor_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `spool_repeat` (
	`gateway_id` text NOT NULL,
	`speaker_id` text NOT NULL,
	`alert_id` text NOT NULL,
	`revision` integer NOT NULL,
	`purpose` text NOT NULL,
	`repeat` integer NOT NULL,
	`started_ms` integer NOT NULL,
	`ended_ms` integer,
	`outcome` text,
	PRIMARY KEY(`gateway_id`, `alert_id`, `revision`, `purpose`, `speaker_id`, `repeat`)
);
--> statement-breakpoint
CREATE TABLE `spool_report` (
	`gateway_id` text NOT NULL,
	`number` integer NOT NULL,
	`alert_id` text NOT NULL,
	`report` text NOT NULL,
	PRIMARY KEY(`gateway_id`, `number`)
);
--> statement-breakpoint
CREATE TABLE `spool_seen` (
	`gateway_id` text NOT NULL,
	`command_id` text NOT NULL,
	`exp_ms` integer NOT NULL,
	PRIMARY KEY(`gateway_id`, `command_id`)
);
--> statement-breakpoint
CREATE INDEX `spool_seen_exp` ON `spool_seen` (`gateway_id`,`exp_ms`);--> statement-breakpoint
CREATE TABLE `spool_tombstone` (
	`gateway_id` text NOT NULL,
	`alert_id` text NOT NULL,
	`reason` text NOT NULL,
	`mode` text NOT NULL,
	`key_scope` text NOT NULL,
	`revision` integer NOT NULL,
	`seq` integer NOT NULL,
	`until_ms` integer NOT NULL,
	PRIMARY KEY(`gateway_id`, `alert_id`, `reason`, `mode`, `key_scope`)
);
