CREATE TABLE `shift` (
	`id` text PRIMARY KEY NOT NULL,
	`post` text NOT NULL,
	`number` integer NOT NULL,
	`area_codes` text NOT NULL,
	`state` text NOT NULL,
	`officer_id` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`from_seq` integer NOT NULL,
	`to_seq` integer,
	`offered_by` text,
	`offered_at_ms` integer,
	`taken_over_by` text,
	`over_at_ms` integer,
	`record_cipher` text,
	`seal` text,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `shift_number` ON `shift` (`post`,`number`);--> statement-breakpoint
CREATE INDEX `shift_state` ON `shift` (`state`,`started_at_ms`);--> statement-breakpoint
CREATE TABLE `shift_remark` (
	`id` text PRIMARY KEY NOT NULL,
	`shift_id` text NOT NULL,
	`officer_id` text NOT NULL,
	`at_ms` integer NOT NULL,
	`written_at_ms` integer,
	`words_cipher` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `shift_remark_shift` ON `shift_remark` (`shift_id`,`id`);