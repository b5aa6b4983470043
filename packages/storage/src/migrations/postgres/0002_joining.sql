CREATE TABLE "join_code" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"handle" text COLLATE "C" NOT NULL,
	"code_hash" text COLLATE "C" NOT NULL,
	"code_cipher" text COLLATE "C" NOT NULL,
	"alert_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"opened_by" text COLLATE "C" NOT NULL,
	"opened_at_ms" bigint NOT NULL,
	"expires_at_ms" bigint NOT NULL,
	"most_joins" bigint NOT NULL,
	"joins" bigint DEFAULT 0 NOT NULL,
	"wrong_tries" bigint DEFAULT 0 NOT NULL,
	"closed_at_ms" bigint,
	"version" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "joiner" (
	"member_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"alert_id" text COLLATE "C" NOT NULL,
	"call_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"name_cipher" text COLLATE "C" NOT NULL,
	"phone_cipher" text COLLATE "C",
	"phone_hash" text COLLATE "C",
	"form_hash" text COLLATE "C" NOT NULL,
	"household_cipher" text COLLATE "C",
	"skills" jsonb NOT NULL,
	"joined_at_ms" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "call" ADD COLUMN "join_code_id" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "member" ADD COLUMN "alert_id" text COLLATE "C";--> statement-breakpoint
CREATE UNIQUE INDEX "join_code_handle" ON "join_code" USING btree ("handle");--> statement-breakpoint
CREATE INDEX "join_code_alert" ON "join_code" USING btree ("alert_id","grid_code");--> statement-breakpoint
CREATE UNIQUE INDEX "joiner_phone" ON "joiner" USING btree ("alert_id","phone_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "joiner_form" ON "joiner" USING btree ("alert_id","form_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "joiner_call" ON "joiner" USING btree ("call_id");