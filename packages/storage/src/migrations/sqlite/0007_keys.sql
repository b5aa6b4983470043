CREATE TABLE `key_book` (
	`version` integer PRIMARY KEY NOT NULL,
	`wire` text NOT NULL,
	`issued_at_ms` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `signing_key` ADD `waiting` integer DEFAULT false NOT NULL;