CREATE TABLE "photo" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"subject" text COLLATE "C" NOT NULL,
	"subject_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"bytes" "bytea" NOT NULL,
	"width" bigint NOT NULL,
	"height" bigint NOT NULL,
	"added_by" text COLLATE "C" NOT NULL,
	"added_at_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "task" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"alert_id" text COLLATE "C",
	"mode" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"zh" text COLLATE "C" NOT NULL,
	"en" text COLLATE "C" NOT NULL,
	"words_cipher" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_id" text COLLATE "C" NOT NULL,
	"once" text COLLATE "C" NOT NULL,
	"owner_member_id" text COLLATE "C",
	"owner_officer_id" text COLLATE "C",
	"assignment" bigint DEFAULT 1 NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"due_at_ms" bigint NOT NULL,
	"reminders" bigint DEFAULT 0 NOT NULL,
	"created_at_ms" bigint NOT NULL,
	"done_by" text COLLATE "C",
	"done_at_ms" bigint,
	"done_words_cipher" text COLLATE "C",
	"late_reason_cipher" text COLLATE "C",
	"signed_off_by" text COLLATE "C",
	"closed_at_ms" bigint,
	"drop_reason_cipher" text COLLATE "C",
	"changed_at_ms" bigint NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	CONSTRAINT "task_once_unique" UNIQUE("once")
);
--> statement-breakpoint
CREATE TABLE "task_template" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"event_codes" jsonb NOT NULL,
	"degrees" jsonb NOT NULL,
	"stage" text COLLATE "C" NOT NULL,
	"zh" text COLLATE "C" NOT NULL,
	"en" text COLLATE "C" NOT NULL,
	"actions" jsonb NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE INDEX "photo_subject" ON "photo" USING btree ("subject","subject_id");--> statement-breakpoint
CREATE INDEX "task_alert" ON "task" USING btree ("alert_id","state");--> statement-breakpoint
CREATE INDEX "task_source" ON "task" USING btree ("source","source_id");--> statement-breakpoint
CREATE INDEX "task_due" ON "task" USING btree ("state","due_at_ms");--> statement-breakpoint
CREATE INDEX "task_grid" ON "task" USING btree ("grid_code");