CREATE TABLE `peer` (
	`id` text PRIMARY KEY NOT NULL,
	`grid_code` text NOT NULL,
	`side` text NOT NULL,
	`status` text NOT NULL,
	`sign_key` text NOT NULL,
	`seal_key` text NOT NULL,
	`list_id` text NOT NULL,
	`said_up_to` integer DEFAULT 0 NOT NULL,
	`confirmed_up_to` integer DEFAULT 0 NOT NULL,
	`heard_list_id` text,
	`heard_up_to` integer DEFAULT 0 NOT NULL,
	`last_heard_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `told` (
	`peer_id` text NOT NULL,
	`table_name` text NOT NULL,
	`row_key` text NOT NULL,
	`number` integer NOT NULL,
	`print` text,
	`agreed_print` text,
	PRIMARY KEY(`peer_id`, `table_name`, `row_key`)
);
--> statement-breakpoint
CREATE INDEX `told_number` ON `told` (`peer_id`,`number`);