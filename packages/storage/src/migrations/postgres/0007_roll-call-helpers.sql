CREATE TABLE "door_assignment" (
	"alert_id" text COLLATE "C" NOT NULL,
	"household_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"member_id" text COLLATE "C",
	"reason" text COLLATE "C" NOT NULL,
	"minutes" bigint NOT NULL,
	"assigned_at_ms" bigint NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	CONSTRAINT "door_assignment_alert_id_household_id_pk" PRIMARY KEY("alert_id","household_id")
);
--> statement-breakpoint
CREATE TABLE "muster_point" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"capacity" bigint NOT NULL
);
--> statement-breakpoint
DROP INDEX "rollcall_person_status";--> statement-breakpoint
ALTER TABLE "grid_node" ADD COLUMN "alert_id" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "grid_node" ADD COLUMN "closed_at_ms" bigint;--> statement-breakpoint
ALTER TABLE "place" ADD COLUMN "head_count_at_ms" bigint;--> statement-breakpoint
ALTER TABLE "rollcall" ADD COLUMN "round" bigint DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "rollcall" ADD COLUMN "round_at_ms" bigint;--> statement-breakpoint
ALTER TABLE "rollcall_person" ADD COLUMN "round" bigint DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "rollcall_person" ADD COLUMN "muster_point_id" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "rollcall_place" ADD COLUMN "expected_at_ms" bigint;--> statement-breakpoint
ALTER TABLE "rollcall_place" ADD COLUMN "round" bigint DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE INDEX "door_assignment_grid" ON "door_assignment" USING btree ("alert_id","grid_code","household_id");--> statement-breakpoint
CREATE INDEX "door_assignment_member" ON "door_assignment" USING btree ("alert_id","member_id");--> statement-breakpoint
CREATE INDEX "muster_point_grid" ON "muster_point" USING btree ("grid_code");--> statement-breakpoint
CREATE INDEX "household_phone" ON "household" USING btree ("phone_hash");--> statement-breakpoint
CREATE INDEX "place_phone" ON "place" USING btree ("phone_hash");--> statement-breakpoint
CREATE INDEX "rollcall_person_status" ON "rollcall_person" USING btree ("alert_id","status","round");