CREATE TABLE "neighbour" (
	"code" text COLLATE "C" NOT NULL,
	"neighbour_code" text COLLATE "C" NOT NULL,
	CONSTRAINT "neighbour_code_neighbour_code_pk" PRIMARY KEY("code","neighbour_code")
);
--> statement-breakpoint
CREATE TABLE "safety_watch" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"alert_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"words_cipher" text COLLATE "C",
	"ordered_by" text COLLATE "C" NOT NULL,
	"ordered_at_ms" bigint NOT NULL,
	"due_at_ms" bigint NOT NULL,
	"alarms" bigint DEFAULT 0 NOT NULL,
	"heard_at_ms" bigint,
	"heard_by" text COLLATE "C",
	"state" text COLLATE "C" NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "safety_watch_member" (
	"watch_id" text COLLATE "C" NOT NULL,
	"member_id" text COLLATE "C" NOT NULL,
	"back_at_ms" bigint,
	"back_by" text COLLATE "C",
	CONSTRAINT "safety_watch_member_watch_id_member_id_pk" PRIMARY KEY("watch_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "scene_commander" (
	"alert_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"number" bigint NOT NULL,
	"member_id" text COLLATE "C" NOT NULL,
	"named_by" text COLLATE "C" NOT NULL,
	"named_at_ms" bigint NOT NULL,
	"words_cipher" text COLLATE "C",
	"acknowledged_by" text COLLATE "C",
	"acknowledged_at_ms" bigint,
	CONSTRAINT "scene_commander_alert_id_grid_code_number_pk" PRIMARY KEY("alert_id","grid_code","number")
);
--> statement-breakpoint
CREATE TABLE "section_group" (
	"alert_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"revision" bigint NOT NULL,
	"households" bigint NOT NULL,
	"persons" bigint NOT NULL,
	"reach" text COLLATE "C" NOT NULL,
	"short_since_ms" bigint,
	"exhausted_at_ms" bigint,
	"version" bigint DEFAULT 1 NOT NULL,
	CONSTRAINT "section_group_alert_id_grid_code_pk" PRIMARY KEY("alert_id","grid_code")
);
--> statement-breakpoint
CREATE TABLE "section_need" (
	"alert_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"section" text COLLATE "C" NOT NULL,
	"rank" bigint NOT NULL,
	"needed" bigint NOT NULL,
	"fit_only" boolean NOT NULL,
	CONSTRAINT "section_need_alert_id_grid_code_section_pk" PRIMARY KEY("alert_id","grid_code","section")
);
--> statement-breakpoint
CREATE TABLE "section_seat" (
	"alert_id" text COLLATE "C" NOT NULL,
	"member_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"section" text COLLATE "C",
	"state" text COLLATE "C" NOT NULL,
	"reasons" jsonb NOT NULL,
	"decided_by" text COLLATE "C" NOT NULL,
	"words_cipher" text COLLATE "C",
	"changed_at_ms" bigint NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	CONSTRAINT "section_seat_alert_id_member_id_pk" PRIMARY KEY("alert_id","member_id")
);
--> statement-breakpoint
ALTER TABLE "call" ADD COLUMN "widening" text COLLATE "C";--> statement-breakpoint
CREATE INDEX "safety_watch_alert" ON "safety_watch" USING btree ("alert_id","state");--> statement-breakpoint
CREATE INDEX "safety_watch_member_out" ON "safety_watch_member" USING btree ("member_id","back_at_ms");--> statement-breakpoint
CREATE INDEX "section_seat_grid" ON "section_seat" USING btree ("alert_id","grid_code","state");