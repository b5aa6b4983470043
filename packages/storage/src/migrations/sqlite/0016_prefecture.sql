CREATE TABLE `people_count` (
	`grid_code` text PRIMARY KEY NOT NULL,
	`households` integer NOT NULL,
	`persons` integer NOT NULL,
	`members` integer NOT NULL
);
