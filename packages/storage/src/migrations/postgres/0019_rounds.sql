CREATE TABLE "hazard_point" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"hazard" text COLLATE "C" NOT NULL,
	"patrol_name" text COLLATE "C" NOT NULL,
	"phone_cipher" text COLLATE "C",
	"phone_hash" text COLLATE "C",
	"patrol_member_id" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "round" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"plan_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"subject_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"done_at_ms" bigint NOT NULL,
	"result" text COLLATE "C" NOT NULL,
	"means" text COLLATE "C" NOT NULL,
	"told_by" text COLLATE "C" NOT NULL,
	"told_at_ms" bigint NOT NULL,
	"words_cipher" text COLLATE "C",
	"report_id" text COLLATE "C",
	"lacking" jsonb,
	"check_id" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "round_missed" (
	"plan_id" text COLLATE "C" NOT NULL,
	"to_ms" bigint NOT NULL,
	"from_ms" bigint NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	CONSTRAINT "round_missed_plan_id_to_ms_pk" PRIMARY KEY("plan_id","to_ms")
);
--> statement-breakpoint
CREATE TABLE "round_plan" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"subject_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"walker_id" text COLLATE "C",
	"since_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "hazard_point_grid" ON "hazard_point" USING btree ("grid_code");--> statement-breakpoint
CREATE INDEX "round_of_plan" ON "round" USING btree ("plan_id","done_at_ms");--> statement-breakpoint
CREATE INDEX "round_done" ON "round" USING btree ("kind","done_at_ms");--> statement-breakpoint
CREATE INDEX "round_missed_at" ON "round_missed" USING btree ("kind","to_ms");--> statement-breakpoint
CREATE INDEX "round_plan_grid" ON "round_plan" USING btree ("grid_code");--> statement-breakpoint
CREATE INDEX "round_plan_walker" ON "round_plan" USING btree ("walker_id");