CREATE TABLE `silent_house` (
	`peer_id` text PRIMARY KEY NOT NULL,
	`grid_code` text NOT NULL,
	`since_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `spoken_status` (
	`id` text PRIMARY KEY NOT NULL,
	`grid_code` text NOT NULL,
	`alert_id` text,
	`means` text NOT NULL,
	`lines_cipher` text NOT NULL,
	`order` text,
	`order_at_ms` integer,
	`sounded` integer,
	`households` integer,
	`persons` integer,
	`moved` integer,
	`missing` integer,
	`injured` integer,
	`expected_households` integer NOT NULL,
	`expected_persons` integer NOT NULL,
	`said_at_ms` integer NOT NULL,
	`written_by` text NOT NULL,
	`written_at_ms` integer NOT NULL,
	`need_report_id` text,
	`next_contact_at_ms` integer,
	`contact` text,
	`reconciled_by` text,
	`reconciled_at_ms` integer,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `spoken_status_grid` ON `spoken_status` (`grid_code`,`said_at_ms`);--> statement-breakpoint
CREATE INDEX `spoken_status_alert` ON `spoken_status` (`alert_id`);--> statement-breakpoint
CREATE INDEX `spoken_status_contact` ON `spoken_status` (`contact`);--> statement-breakpoint
CREATE INDEX `event_grid` ON `event` (`grid_code`,`at_ms`);