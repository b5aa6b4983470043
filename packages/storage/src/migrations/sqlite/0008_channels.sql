CREATE TABLE `inbound_message` (
	`id` text PRIMARY KEY NOT NULL,
	`channel` text NOT NULL,
	`provider_id` text NOT NULL,
	`from_hash` text,
	`member_id` text,
	`message_id` text,
	`words_cipher` text NOT NULL,
	`received_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `inbound_once` ON `inbound_message` (`channel`,`provider_id`);--> statement-breakpoint
CREATE INDEX `inbound_from` ON `inbound_message` (`from_hash`,`received_at_ms`);--> statement-breakpoint
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
CREATE TABLE `unsubscribed` (
	`phone_hash` text PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `member` ADD `email_cipher` text;--> statement-breakpoint
CREATE INDEX `message_lane` ON `message` (`channel`,`state`,`urgent`,`due_at_ms`);