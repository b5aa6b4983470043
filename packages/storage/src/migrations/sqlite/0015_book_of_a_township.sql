CREATE TABLE `__new_key_book` (
	`version` integer NOT NULL,
	`grid_code` text DEFAULT '' NOT NULL,
	`wire` text NOT NULL,
	`issued_at_ms` integer NOT NULL,
	PRIMARY KEY(`version`, `grid_code`)
);
--> statement-breakpoint
INSERT INTO `__new_key_book`("version", "wire", "issued_at_ms") SELECT "version", "wire", "issued_at_ms" FROM `key_book`;--> statement-breakpoint
DROP TABLE `key_book`;--> statement-breakpoint
ALTER TABLE `__new_key_book` RENAME TO `key_book`;
