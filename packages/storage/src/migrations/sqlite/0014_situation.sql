CREATE TABLE `situation_report` (
	`id` text PRIMARY KEY NOT NULL,
	`series` text NOT NULL,
	`number` integer NOT NULL,
	`alert_id` text,
	`mode` text NOT NULL,
	`kind` text NOT NULL,
	`area_codes` text NOT NULL,
	`state` text NOT NULL,
	`as_of_ms` integer NOT NULL,
	`due_at_ms` integer,
	`content_cipher` text NOT NULL,
	`seal` text,
	`filled_by` text NOT NULL,
	`sent_by` text,
	`sent_at_ms` integer,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `situation_report_number` ON `situation_report` (`series`,`number`);--> statement-breakpoint
CREATE INDEX `situation_report_sent` ON `situation_report` (`state`,`as_of_ms`);