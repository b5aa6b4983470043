CREATE TABLE `alert` (
	`id` text PRIMARY KEY NOT NULL,
	`mode` text NOT NULL,
	`kind` text NOT NULL,
	`level` text,
	`order` text,
	`event_code` text NOT NULL,
	`state` text NOT NULL,
	`revision` integer NOT NULL,
	`quiet` integer DEFAULT false NOT NULL,
	`report_id` text,
	`template_id` text,
	`drafted_by` text NOT NULL,
	`raised_by` text,
	`created_at_ms` integer NOT NULL,
	`raised_at_ms` integer,
	`over_at_ms` integer,
	`over_by` text,
	`over_reason` text,
	`slope_checked_by` text,
	`end_time_ms` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `alert_state` ON `alert` (`state`);--> statement-breakpoint
CREATE TABLE `alert_area` (
	`alert_id` text NOT NULL,
	`revision` integer NOT NULL,
	`code` text NOT NULL,
	PRIMARY KEY(`alert_id`, `revision`, `code`)
);
--> statement-breakpoint
CREATE TABLE `alert_revision` (
	`alert_id` text NOT NULL,
	`revision` integer NOT NULL,
	`mode` text NOT NULL,
	`kind` text NOT NULL,
	`level` text,
	`order` text,
	`event_code` text NOT NULL,
	`issuer` text NOT NULL,
	`texts` text NOT NULL,
	`end_texts` text NOT NULL,
	`cancel_texts` text NOT NULL,
	`area_codes` text NOT NULL,
	`siren` integer NOT NULL,
	`play_times` integer NOT NULL,
	`interval_seconds` integer NOT NULL,
	`volume` integer NOT NULL,
	`start_time_ms` integer NOT NULL,
	`end_time_ms` integer NOT NULL,
	`cap` text,
	`drafted_by` text NOT NULL,
	`raised_at_ms` integer,
	PRIMARY KEY(`alert_id`, `revision`)
);
--> statement-breakpoint
CREATE TABLE `approval` (
	`alert_id` text NOT NULL,
	`revision` integer NOT NULL,
	`officer_id` text NOT NULL,
	`means` text NOT NULL,
	`recorded_by` text NOT NULL,
	`words` text NOT NULL,
	`countersigned_at_ms` integer,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`alert_id`, `revision`, `officer_id`)
);
--> statement-breakpoint
CREATE TABLE `call` (
	`id` text PRIMARY KEY NOT NULL,
	`alert_id` text NOT NULL,
	`revision` integer NOT NULL,
	`member_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`mode` text NOT NULL,
	`state` text NOT NULL,
	`answer` text,
	`answered_at_ms` integer,
	`answered_by` text,
	`changed_at_ms` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `call_once` ON `call` (`alert_id`,`member_id`);--> statement-breakpoint
CREATE INDEX `call_grid` ON `call` (`alert_id`,`grid_code`);--> statement-breakpoint
CREATE TABLE `command` (
	`id` text PRIMARY KEY NOT NULL,
	`alert_id` text NOT NULL,
	`revision` integer NOT NULL,
	`purpose` text NOT NULL,
	`action` text NOT NULL,
	`area_code` text NOT NULL,
	`seq` integer NOT NULL,
	`envelope` text NOT NULL,
	`not_after_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`published_at_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `command_once` ON `command` (`alert_id`,`revision`,`purpose`,`action`,`area_code`);--> statement-breakpoint
CREATE TABLE `counter` (
	`name` text PRIMARY KEY NOT NULL,
	`value` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `delivery` (
	`id` text PRIMARY KEY NOT NULL,
	`alert_id` text NOT NULL,
	`revision` integer NOT NULL,
	`purpose` text NOT NULL,
	`speaker_id` text NOT NULL,
	`gateway_id` text,
	`site_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`mode` text NOT NULL,
	`play_times` integer NOT NULL,
	`state` text NOT NULL,
	`repeat` integer DEFAULT 0 NOT NULL,
	`reason` text,
	`sounded_level_db` real,
	`attempts` integer DEFAULT 0 NOT NULL,
	`changed_at_ms` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `delivery_once` ON `delivery` (`alert_id`,`revision`,`purpose`,`speaker_id`);--> statement-breakpoint
CREATE INDEX `delivery_gateway` ON `delivery` (`gateway_id`);--> statement-breakpoint
CREATE TABLE `event` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`type` text NOT NULL,
	`at_ms` integer NOT NULL,
	`who` text NOT NULL,
	`via` text NOT NULL,
	`grid_code` text NOT NULL,
	`alert_id` text,
	`subject_id` text NOT NULL,
	`data` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `event_id_unique` ON `event` (`id`);--> statement-breakpoint
CREATE INDEX `event_alert` ON `event` (`alert_id`,`seq`);--> statement-breakpoint
CREATE INDEX `event_subject` ON `event` (`subject_id`,`seq`);--> statement-breakpoint
CREATE TABLE `gateway` (
	`id` text PRIMARY KEY NOT NULL,
	`site_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`status` text NOT NULL,
	`password_hash` text NOT NULL,
	`public_key` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `gateway_grid` ON `gateway` (`grid_code`);--> statement-breakpoint
CREATE TABLE `gateway_claim` (
	`code_hash` text PRIMARY KEY NOT NULL,
	`site_id` text NOT NULL,
	`made_by` text NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`used_by` text
);
--> statement-breakpoint
CREATE TABLE `gateway_report` (
	`gateway_id` text NOT NULL,
	`journal_id` text NOT NULL,
	`number` integer NOT NULL,
	`alert_id` text NOT NULL,
	`revision` integer NOT NULL,
	`speaker_id` text NOT NULL,
	`state` text NOT NULL,
	`repeat` integer NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`gateway_id`, `journal_id`, `number`)
);
--> statement-breakpoint
CREATE TABLE `gateway_status` (
	`gateway_id` text PRIMARY KEY NOT NULL,
	`site_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`online` integer NOT NULL,
	`last_seen_at_ms` integer NOT NULL,
	`boot_counter` integer NOT NULL,
	`journal_id` text NOT NULL,
	`reports_held_up_to` integer NOT NULL,
	`state` text
);
--> statement-breakpoint
CREATE TABLE `grid_node` (
	`code` text PRIMARY KEY NOT NULL,
	`tier` text NOT NULL,
	`name` text NOT NULL,
	`parent_code` text,
	`languages` text,
	`party_branch` text
);
--> statement-breakpoint
CREATE TABLE `household` (
	`id` text PRIMARY KEY NOT NULL,
	`grid_code` text NOT NULL,
	`doorplate` text NOT NULL,
	`head_name` text NOT NULL,
	`phone_cipher` text,
	`phone_hash` text,
	`needs` text NOT NULL,
	`helper_member_id` text
);
--> statement-breakpoint
CREATE INDEX `household_grid` ON `household` (`grid_code`);--> statement-breakpoint
CREATE TABLE `idempotency` (
	`key` text PRIMARY KEY NOT NULL,
	`request_hash` text NOT NULL,
	`status` integer NOT NULL,
	`body` text NOT NULL,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `job` (
	`id` text PRIMARY KEY NOT NULL,
	`event_id` text NOT NULL,
	`consumer` text NOT NULL,
	`urgent` integer NOT NULL,
	`due_at_ms` integer NOT NULL,
	`pushed_at_ms` integer,
	`done_at_ms` integer,
	`outcome` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`last_error` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `job_event_consumer` ON `job` (`event_id`,`consumer`);--> statement-breakpoint
CREATE INDEX `job_open` ON `job` (`done_at_ms`,`due_at_ms`);--> statement-breakpoint
CREATE TABLE `member` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`phone_cipher` text,
	`phone_hash` text,
	`skills` text NOT NULL,
	`available` integer DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE INDEX `member_phone` ON `member` (`phone_hash`);--> statement-breakpoint
CREATE TABLE `membership` (
	`member_id` text NOT NULL,
	`grid_code` text NOT NULL,
	`post` text,
	PRIMARY KEY(`member_id`, `grid_code`)
);
--> statement-breakpoint
CREATE INDEX `membership_grid` ON `membership` (`grid_code`);--> statement-breakpoint
CREATE TABLE `officer` (
	`id` text PRIMARY KEY NOT NULL,
	`username` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`scopes` text NOT NULL,
	`password_hash` text,
	`disabled` integer DEFAULT false NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL,
	`locked_until_ms` integer,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `officer_username_unique` ON `officer` (`username`);--> statement-breakpoint
CREATE TABLE `one_time_link` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`officer_id` text NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`used_at_ms` integer
);
--> statement-breakpoint
CREATE TABLE `person` (
	`id` text PRIMARY KEY NOT NULL,
	`household_id` text NOT NULL,
	`name` text NOT NULL,
	`needs` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `person_household` ON `person` (`household_id`);--> statement-breakpoint
CREATE TABLE `place` (
	`id` text PRIMARY KEY NOT NULL,
	`grid_code` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`contact_name` text NOT NULL,
	`phone_cipher` text,
	`phone_hash` text,
	`head_count` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `place_grid` ON `place` (`grid_code`);--> statement-breakpoint
CREATE TABLE `policy` (
	`county` text PRIMARY KEY NOT NULL,
	`policy` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `report` (
	`id` text PRIMARY KEY NOT NULL,
	`grid_code` text NOT NULL,
	`hazard` text NOT NULL,
	`text` text NOT NULL,
	`source` text NOT NULL,
	`reporter_cipher` text,
	`state` text NOT NULL,
	`merged_into` text,
	`merged_count` integer DEFAULT 0 NOT NULL,
	`received_at_ms` integer NOT NULL,
	`verified_by` text,
	`verified_at_ms` integer,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `report_place` ON `report` (`hazard`,`received_at_ms`);--> statement-breakpoint
CREATE INDEX `report_grid` ON `report` (`grid_code`);--> statement-breakpoint
CREATE TABLE `report_link` (
	`token` text PRIMARY KEY NOT NULL,
	`grid_code` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `report_link_gridCode_unique` ON `report_link` (`grid_code`);--> statement-breakpoint
CREATE TABLE `sensor` (
	`id` text PRIMARY KEY NOT NULL,
	`grid_code` text NOT NULL,
	`hazard` text NOT NULL,
	`quantity` text NOT NULL,
	`threshold` real NOT NULL,
	`password_hash` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `session` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`officer_id` text NOT NULL,
	`csrf_token` text NOT NULL,
	`expires_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `session_officer` ON `session` (`officer_id`);--> statement-breakpoint
CREATE TABLE `setting` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `signing_key` (
	`kid` text PRIMARY KEY NOT NULL,
	`scope` text NOT NULL,
	`modes` text NOT NULL,
	`public_key` text NOT NULL,
	`private_cipher` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`revoked_at_ms` integer
);
--> statement-breakpoint
CREATE TABLE `site` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`grid_code` text NOT NULL,
	`placed_by` text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE INDEX `site_grid` ON `site` (`grid_code`);--> statement-breakpoint
CREATE TABLE `speaker` (
	`id` text PRIMARY KEY NOT NULL,
	`site_id` text NOT NULL,
	`gateway_id` text,
	`grid_code` text NOT NULL,
	`name` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `speaker_grid` ON `speaker` (`grid_code`);--> statement-breakpoint
CREATE INDEX `speaker_gateway` ON `speaker` (`gateway_id`);--> statement-breakpoint
CREATE TABLE `speaker_status` (
	`speaker_id` text PRIMARY KEY NOT NULL,
	`player` text NOT NULL,
	`reason` text,
	`last_received_at_ms` integer,
	`last_played_at_ms` integer,
	`last_sounded_at_ms` integer
);
--> statement-breakpoint
CREATE TABLE `template` (
	`id` text PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	`title_en` text NOT NULL,
	`hazard` text NOT NULL,
	`stage` text NOT NULL,
	`kind` text NOT NULL,
	`level` text,
	`order` text,
	`event_code` text NOT NULL,
	`texts` text NOT NULL,
	`end_texts` text NOT NULL,
	`cancel_texts` text NOT NULL,
	`duration_minutes` integer NOT NULL
);
