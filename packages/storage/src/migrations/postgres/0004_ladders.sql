CREATE TABLE "ladder" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"alert_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"degree" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"opened_at_ms" bigint NOT NULL,
	"answer_due_at_ms" bigint NOT NULL,
	"answer_overdue_at_ms" bigint,
	"answered_at_ms" bigint,
	"moving_due_at_ms" bigint,
	"moving_overdue_at_ms" bigint,
	"moving_at_ms" bigint,
	"persons" bigint,
	"ask_at_ms" bigint,
	"round" bigint NOT NULL,
	"asked_code" text COLLATE "C",
	"asked_position" bigint,
	"steps" bigint NOT NULL,
	"answers" bigint NOT NULL,
	"close_reason" text COLLATE "C",
	"changed_at_ms" bigint NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ladder_answer" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"ladder_id" text COLLATE "C" NOT NULL,
	"alert_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"persons" bigint,
	"means" text COLLATE "C" NOT NULL,
	"member_id" text COLLATE "C",
	"name_cipher" text COLLATE "C",
	"words_cipher" text COLLATE "C",
	"recorded_by" text COLLATE "C" NOT NULL,
	"effect" text COLLATE "C" NOT NULL,
	"at_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ladder_rung" (
	"grid_code" text COLLATE "C" NOT NULL,
	"position" bigint NOT NULL,
	"member_id" text COLLATE "C" NOT NULL,
	"duty" text COLLATE "C" NOT NULL,
	CONSTRAINT "ladder_rung_grid_code_position_pk" PRIMARY KEY("grid_code","position")
);
--> statement-breakpoint
CREATE TABLE "ladder_step" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"ladder_id" text COLLATE "C" NOT NULL,
	"alert_id" text COLLATE "C" NOT NULL,
	"number" bigint NOT NULL,
	"question" text COLLATE "C" NOT NULL,
	"round" bigint NOT NULL,
	"rung_code" text COLLATE "C",
	"position" bigint,
	"duty" text COLLATE "C",
	"member_id" text COLLATE "C",
	"skipped" text COLLATE "C",
	"at_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "ladder_once" ON "ladder" USING btree ("alert_id","grid_code");--> statement-breakpoint
CREATE INDEX "ladder_due" ON "ladder" USING btree ("state","ask_at_ms");--> statement-breakpoint
CREATE INDEX "ladder_answer_ladder" ON "ladder_answer" USING btree ("ladder_id");--> statement-breakpoint
CREATE INDEX "ladder_answer_alert" ON "ladder_answer" USING btree ("alert_id");--> statement-breakpoint
CREATE INDEX "ladder_rung_member" ON "ladder_rung" USING btree ("member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "ladder_step_once" ON "ladder_step" USING btree ("ladder_id","number");--> statement-breakpoint
CREATE INDEX "ladder_step_alert" ON "ladder_step" USING btree ("alert_id");--> statement-breakpoint
CREATE INDEX "ladder_step_member" ON "ladder_step" USING btree ("member_id","at_ms");