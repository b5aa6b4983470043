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
CREATE TABLE `inbound_message` (
	`id` text PRIMARY KEY NOT NULL,
	`channel` text NOT NULL,
	`provider_id` text NOT NULL,
	`from_cipher` text,
	`member_id` text,
	`grid_code` text NOT NULL,
	`message_id` text,
	`words_cipher` text NOT NULL,
	`received_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `inbound_once` ON `inbound_message` (`channel`,`provider_id`);--> statement-breakpoint
CREATE INDEX `inbound_grid` ON `inbound_message` (`grid_code`);--> statement-breakpoint
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
CREATE INDEX `ladder_step_member` ON `ladder_step` (`member_id`,`at_ms`);--> statement-breakpoint
CREATE TABLE `link_version` (
	`alert_id` text NOT NULL,
	`member_id` text NOT NULL,
	`version` integer NOT NULL,
	`changed_at_ms` integer NOT NULL,
	PRIMARY KEY(`alert_id`, `member_id`)
);
--> statement-breakpoint
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
CREATE INDEX `message_lane` ON `message` (`channel`,`state`,`urgent`,`due_at_ms`);--> statement-breakpoint
CREATE INDEX `message_member` ON `message` (`member_id`,`changed_at_ms`);--> statement-breakpoint
CREATE INDEX `message_provider` ON `message` (`channel`,`provider_id`);--> statement-breakpoint
CREATE INDEX `message_alert` ON `message` (`alert_id`,`state`);--> statement-breakpoint
CREATE TABLE `muster_point` (
	`id` text PRIMARY KEY NOT NULL,
	`grid_code` text NOT NULL,
	`name` text NOT NULL,
	`capacity` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `muster_point_grid` ON `muster_point` (`grid_code`);--> statement-breakpoint
CREATE TABLE `neighbour` (
	`code` text NOT NULL,
	`neighbour_code` text NOT NULL,
	PRIMARY KEY(`code`, `neighbour_code`)
);
--> statement-breakpoint
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
CREATE TABLE `push_subscription` (
	`member_id` text PRIMARY KEY NOT NULL,
	`cipher` text NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `robot` (
	`grid_code` text NOT NULL,
	`channel` text NOT NULL,
	`url_cipher` text NOT NULL,
	`secret_cipher` text,
	`set_by` text NOT NULL,
	`set_at_ms` integer NOT NULL,
	PRIMARY KEY(`grid_code`, `channel`)
);
--> statement-breakpoint
CREATE TABLE `rollcall` (
	`alert_id` text PRIMARY KEY NOT NULL,
	`grid_code` text NOT NULL,
	`complete` integer DEFAULT false NOT NULL,
	`round` integer DEFAULT 1 NOT NULL,
	`round_at_ms` integer,
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
	`round` integer DEFAULT 1 NOT NULL,
	`muster_point_id` text,
	`words_cipher` text,
	`means` text,
	`marked_by` text,
	`marked_at_ms` integer,
	`version` integer DEFAULT 1 NOT NULL,
	PRIMARY KEY(`alert_id`, `person_id`)
);
--> statement-breakpoint
CREATE INDEX `rollcall_person_status` ON `rollcall_person` (`alert_id`,`status`,`round`);--> statement-breakpoint
CREATE INDEX `rollcall_person_household` ON `rollcall_person` (`alert_id`,`grid_code`,`household_id`);--> statement-breakpoint
CREATE TABLE `rollcall_place` (
	`alert_id` text NOT NULL,
	`place_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`expected` integer NOT NULL,
	`expected_at_ms` integer,
	`counted` integer,
	`round` integer DEFAULT 1 NOT NULL,
	`means` text,
	`marked_by` text,
	`marked_at_ms` integer,
	`version` integer DEFAULT 1 NOT NULL,
	PRIMARY KEY(`alert_id`, `place_id`)
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
--> statement-breakpoint
CREATE TABLE `unsubscribed` (
	`phone_hash` text PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `call` ADD `widening` text;--> statement-breakpoint
ALTER TABLE `call` ADD `said_at_ms` integer;--> statement-breakpoint
ALTER TABLE `call` ADD `help_at_ms` integer;--> statement-breakpoint
ALTER TABLE `call` ADD `help_words_cipher` text;--> statement-breakpoint
ALTER TABLE `call` ADD `step` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `call` ADD `next_at_ms` integer;--> statement-breakpoint
ALTER TABLE `call` ADD `reason` text;--> statement-breakpoint
CREATE INDEX `call_due` ON `call` (`alert_id`,`next_at_ms`);--> statement-breakpoint
ALTER TABLE `grid_node` ADD `alert_id` text;--> statement-breakpoint
ALTER TABLE `grid_node` ADD `closed_at_ms` integer;--> statement-breakpoint
ALTER TABLE `member` ADD `email_cipher` text;--> statement-breakpoint
ALTER TABLE `member` ADD `off_duty` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `place` ADD `head_count_at_ms` integer;--> statement-breakpoint
CREATE INDEX `place_phone` ON `place` (`phone_hash`);--> statement-breakpoint
CREATE INDEX `household_phone` ON `household` (`phone_hash`);