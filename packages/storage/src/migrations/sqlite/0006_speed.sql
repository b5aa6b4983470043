DROP INDEX `membership_grid`;--> statement-breakpoint
CREATE INDEX `membership_grid` ON `membership` (`grid_code`,`member_id`);--> statement-breakpoint
DROP INDEX `rollcall_person_household`;--> statement-breakpoint
CREATE INDEX `rollcall_person_household` ON `rollcall_person` (`alert_id`,`grid_code`,`household_id`,`status`,`round`);