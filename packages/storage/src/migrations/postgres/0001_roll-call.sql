CREATE TABLE "rollcall" (
	"alert_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"complete" boolean DEFAULT false NOT NULL,
	"frozen_at_ms" bigint NOT NULL,
	"changed_at_ms" bigint NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rollcall_person" (
	"alert_id" text COLLATE "C" NOT NULL,
	"person_id" text COLLATE "C" NOT NULL,
	"household_id" text COLLATE "C",
	"grid_code" text COLLATE "C" NOT NULL,
	"name_cipher" text COLLATE "C",
	"status" text COLLATE "C" NOT NULL,
	"words_cipher" text COLLATE "C",
	"means" text COLLATE "C",
	"marked_by" text COLLATE "C",
	"marked_at_ms" bigint,
	"version" bigint DEFAULT 1 NOT NULL,
	CONSTRAINT "rollcall_person_alert_id_person_id_pk" PRIMARY KEY("alert_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "rollcall_place" (
	"alert_id" text COLLATE "C" NOT NULL,
	"place_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"expected" bigint NOT NULL,
	"counted" bigint,
	"means" text COLLATE "C",
	"marked_by" text COLLATE "C",
	"marked_at_ms" bigint,
	"version" bigint DEFAULT 1 NOT NULL,
	CONSTRAINT "rollcall_place_alert_id_place_id_pk" PRIMARY KEY("alert_id","place_id")
);
--> statement-breakpoint
CREATE INDEX "rollcall_person_status" ON "rollcall_person" USING btree ("alert_id","status");--> statement-breakpoint
CREATE INDEX "rollcall_person_household" ON "rollcall_person" USING btree ("alert_id","grid_code","household_id");