CREATE TABLE "situation_report" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"series" text COLLATE "C" NOT NULL,
	"number" bigint NOT NULL,
	"alert_id" text COLLATE "C",
	"mode" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"area_codes" jsonb NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"as_of_ms" bigint NOT NULL,
	"due_at_ms" bigint,
	"content_cipher" text COLLATE "C" NOT NULL,
	"seal" text COLLATE "C",
	"filled_by" text COLLATE "C" NOT NULL,
	"sent_by" text COLLATE "C",
	"sent_at_ms" bigint,
	"version" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "situation_report_number" ON "situation_report" USING btree ("series","number");--> statement-breakpoint
CREATE INDEX "situation_report_sent" ON "situation_report" USING btree ("state","as_of_ms");