CREATE TABLE "bulletin" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"title" text COLLATE "C" NOT NULL,
	"texts" jsonb NOT NULL,
	"area_codes" jsonb NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"times" jsonb NOT NULL,
	"volume" bigint NOT NULL,
	"seconds" bigint NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"speakers" bigint NOT NULL,
	"planned_to_ms" bigint NOT NULL,
	"made_by" text COLLATE "C" NOT NULL,
	"made_at_ms" bigint NOT NULL,
	"changed_by" text COLLATE "C" NOT NULL,
	"changed_at_ms" bigint NOT NULL,
	"approved_by" text COLLATE "C",
	"version" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bulletin_audio" (
	"sha256" text COLLATE "C" PRIMARY KEY NOT NULL,
	"bytes" "bytea" NOT NULL,
	"duration_ms" bigint NOT NULL,
	"peak_db" double precision NOT NULL,
	"level_db" double precision NOT NULL,
	"added_by" text COLLATE "C" NOT NULL,
	"added_at_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bulletin_time" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"bulletin_id" text COLLATE "C" NOT NULL,
	"version" bigint NOT NULL,
	"start_ms" bigint NOT NULL,
	"not_after_ms" bigint NOT NULL,
	"end_ms" bigint NOT NULL,
	"title" text COLLATE "C" NOT NULL,
	"texts" jsonb NOT NULL,
	"area_codes" jsonb NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"volume" bigint NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"reason" text COLLATE "C",
	"changed_at_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "bulletin_state" ON "bulletin" USING btree ("state");--> statement-breakpoint
CREATE UNIQUE INDEX "bulletin_time_once" ON "bulletin_time" USING btree ("bulletin_id","start_ms","version");--> statement-breakpoint
CREATE INDEX "bulletin_time_start" ON "bulletin_time" USING btree ("start_ms");