CREATE TABLE `house_claim` (
	`code_hash` text PRIMARY KEY NOT NULL,
	`grid_code` text NOT NULL,
	`made_by` text NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`used_by` text
);
--> statement-breakpoint
CREATE TABLE `house_key` (
	`id` text PRIMARY KEY NOT NULL,
	`sign_key` text NOT NULL,
	`sign_cipher` text NOT NULL,
	`seal_key` text NOT NULL,
	`seal_cipher` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `peer` ADD `lines` text;--> statement-breakpoint
ALTER TABLE `peer` ADD `password_cipher` text;