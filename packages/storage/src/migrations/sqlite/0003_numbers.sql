CREATE TABLE `number_round` (
	`id` text PRIMARY KEY NOT NULL,
	`grid_code` text NOT NULL,
	`proven_since_ms` integer,
	`started_by` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`ended_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `number_round_open` ON `number_round` (`ended_at_ms`);--> statement-breakpoint
ALTER TABLE `channel_proof` ADD `address_hash` text;--> statement-breakpoint
ALTER TABLE `channel_proof` ADD `tries` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `channel_proof` ADD `next_at_ms` integer;--> statement-breakpoint
CREATE INDEX `channel_proof_asked` ON `channel_proof` (`asked_at_ms`);