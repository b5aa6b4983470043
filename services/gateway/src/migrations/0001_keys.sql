CREATE TABLE `spool_key_book` (
	`gateway_id` text PRIMARY KEY NOT NULL,
	`wire` text NOT NULL,
	`introduction` text
);
