CREATE TABLE "message" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"alert_id" text COLLATE "C",
	"purpose" text COLLATE "C" NOT NULL,
	"subject_id" text COLLATE "C" NOT NULL,
	"member_id" text COLLATE "C",
	"grid_code" text COLLATE "C" NOT NULL,
	"channel" text COLLATE "C" NOT NULL,
	"step" bigint NOT NULL,
	"urgent" boolean NOT NULL,
	"facts" jsonb NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"due_at_ms" bigint NOT NULL,
	"not_after_ms" bigint NOT NULL,
	"taken_at_ms" bigint,
	"attempts" bigint DEFAULT 0 NOT NULL,
	"provider_id" text COLLATE "C",
	"reason" text COLLATE "C",
	"changed_at_ms" bigint NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "message_once" ON "message" USING btree ("subject_id","channel","step");--> statement-breakpoint
CREATE INDEX "message_due" ON "message" USING btree ("state","due_at_ms");--> statement-breakpoint
CREATE INDEX "message_provider" ON "message" USING btree ("channel","provider_id");--> statement-breakpoint
CREATE INDEX "message_alert" ON "message" USING btree ("alert_id","state");