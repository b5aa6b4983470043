CREATE TABLE `link_version` (
	`alert_id` text NOT NULL,
	`member_id` text NOT NULL,
	`version` integer NOT NULL,
	`changed_at_ms` integer NOT NULL,
	PRIMARY KEY(`alert_id`, `member_id`)
);
--> statement-breakpoint
ALTER TABLE `call` ADD `said_at_ms` integer;--> statement-breakpoint
ALTER TABLE `call` ADD `help_at_ms` integer;--> statement-breakpoint
ALTER TABLE `call` ADD `help_words_cipher` text;