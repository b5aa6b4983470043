CREATE TABLE "channel_proof" (
	"member_id" text COLLATE "C" NOT NULL,
	"channel" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"step" bigint NOT NULL,
	"asked_at_ms" bigint,
	"proven_at_ms" bigint,
	"reason" text COLLATE "C",
	"changed_at_ms" bigint NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	CONSTRAINT "channel_proof_member_id_channel_pk" PRIMARY KEY("member_id","channel")
);
--> statement-breakpoint
CREATE TABLE "join_code" (
	"code" text COLLATE "C" PRIMARY KEY NOT NULL,
	"alert_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"made_by" text COLLATE "C" NOT NULL,
	"created_at_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "volunteer" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"alert_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"name_cipher" text COLLATE "C" NOT NULL,
	"phone_cipher" text COLLATE "C",
	"phone_hash" text COLLATE "C",
	"skill" text COLLATE "C",
	"form_id" text COLLATE "C" NOT NULL,
	"joined_at_ms" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "call" ADD COLUMN "step" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "call" ADD COLUMN "next_at_ms" bigint;--> statement-breakpoint
ALTER TABLE "call" ADD COLUMN "reason" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "member" ADD COLUMN "off_duty" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "channel_proof_state" ON "channel_proof" USING btree ("state","asked_at_ms");--> statement-breakpoint
CREATE UNIQUE INDEX "join_code_once" ON "join_code" USING btree ("alert_id","grid_code");--> statement-breakpoint
CREATE UNIQUE INDEX "volunteer_form" ON "volunteer" USING btree ("alert_id","form_id");--> statement-breakpoint
CREATE INDEX "volunteer_phone" ON "volunteer" USING btree ("alert_id","phone_hash");--> statement-breakpoint
CREATE INDEX "call_due" ON "call" USING btree ("alert_id","next_at_ms");