DROP INDEX `inbound_from`;--> statement-breakpoint
ALTER TABLE `inbound_message` ADD `from_cipher` text;--> statement-breakpoint
ALTER TABLE `inbound_message` ADD `grid_code` text NOT NULL;--> statement-breakpoint
CREATE INDEX `inbound_grid` ON `inbound_message` (`grid_code`);--> statement-breakpoint
ALTER TABLE `inbound_message` DROP COLUMN `from_hash`;--> statement-breakpoint
CREATE INDEX `message_member` ON `message` (`member_id`,`changed_at_ms`);