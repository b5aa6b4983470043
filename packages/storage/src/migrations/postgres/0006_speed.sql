DROP INDEX "membership_grid";--> statement-breakpoint
DROP INDEX "rollcall_person_household";--> statement-breakpoint
CREATE INDEX "membership_grid" ON "membership" USING btree ("grid_code","member_id");--> statement-breakpoint
CREATE INDEX "rollcall_person_household" ON "rollcall_person" USING btree ("alert_id","grid_code","household_id","status","round");