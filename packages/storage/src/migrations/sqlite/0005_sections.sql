CREATE TABLE `neighbour` (
	`code` text NOT NULL,
	`neighbour_code` text NOT NULL,
	PRIMARY KEY(`code`, `neighbour_code`)
);
--> statement-breakpoint
CREATE TABLE `safety_watch` (
	`id` text PRIMARY KEY NOT NULL,
	`alert_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`kind` text NOT NULL,
	`words_cipher` text,
	`ordered_by` text NOT NULL,
	`ordered_at_ms` integer NOT NULL,
	`due_at_ms` integer NOT NULL,
	`alarms` integer DEFAULT 0 NOT NULL,
	`heard_at_ms` integer,
	`heard_by` text,
	`state` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `safety_watch_alert` ON `safety_watch` (`alert_id`,`state`);--> statement-breakpoint
CREATE TABLE `safety_watch_member` (
	`watch_id` text NOT NULL,
	`member_id` text NOT NULL,
	`back_at_ms` integer,
	`back_by` text,
	PRIMARY KEY(`watch_id`, `member_id`)
);
--> statement-breakpoint
CREATE INDEX `safety_watch_member_out` ON `safety_watch_member` (`member_id`,`back_at_ms`);--> statement-breakpoint
CREATE TABLE `scene_commander` (
	`alert_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`number` integer NOT NULL,
	`member_id` text NOT NULL,
	`named_by` text NOT NULL,
	`named_at_ms` integer NOT NULL,
	`words_cipher` text,
	`acknowledged_by` text,
	`acknowledged_at_ms` integer,
	PRIMARY KEY(`alert_id`, `grid_code`, `number`)
);
--> statement-breakpoint
CREATE TABLE `section_group` (
	`alert_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`revision` integer NOT NULL,
	`households` integer NOT NULL,
	`persons` integer NOT NULL,
	`reach` text NOT NULL,
	`short_since_ms` integer,
	`exhausted_at_ms` integer,
	`version` integer DEFAULT 1 NOT NULL,
	PRIMARY KEY(`alert_id`, `grid_code`)
);
--> statement-breakpoint
CREATE TABLE `section_need` (
	`alert_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`section` text NOT NULL,
	`rank` integer NOT NULL,
	`needed` integer NOT NULL,
	`fit_only` integer NOT NULL,
	PRIMARY KEY(`alert_id`, `grid_code`, `section`)
);
--> statement-breakpoint
CREATE TABLE `section_seat` (
	`alert_id` text NOT NULL,
	`member_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`section` text,
	`state` text NOT NULL,
	`reasons` text NOT NULL,
	`decided_by` text NOT NULL,
	`words_cipher` text,
	`changed_at_ms` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	PRIMARY KEY(`alert_id`, `member_id`)
);
--> statement-breakpoint
CREATE INDEX `section_seat_grid` ON `section_seat` (`alert_id`,`grid_code`,`state`);--> statement-breakpoint
ALTER TABLE `call` ADD `widening` text;