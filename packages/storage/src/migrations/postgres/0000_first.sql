CREATE TABLE "alert" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"mode" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"level" text COLLATE "C",
	"order" text COLLATE "C",
	"event_code" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"revision" bigint NOT NULL,
	"quiet" boolean DEFAULT false NOT NULL,
	"report_id" text COLLATE "C",
	"template_id" text COLLATE "C",
	"drafted_by" text COLLATE "C" NOT NULL,
	"raised_by" text COLLATE "C",
	"created_at_ms" bigint NOT NULL,
	"raised_at_ms" bigint,
	"over_at_ms" bigint,
	"over_by" text COLLATE "C",
	"over_reason" text COLLATE "C",
	"slope_checked_by" text COLLATE "C",
	"end_time_ms" bigint NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alert_area" (
	"alert_id" text COLLATE "C" NOT NULL,
	"revision" bigint NOT NULL,
	"code" text COLLATE "C" NOT NULL,
	CONSTRAINT "alert_area_alert_id_revision_code_pk" PRIMARY KEY("alert_id","revision","code")
);
--> statement-breakpoint
CREATE TABLE "alert_revision" (
	"alert_id" text COLLATE "C" NOT NULL,
	"revision" bigint NOT NULL,
	"mode" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"level" text COLLATE "C",
	"order" text COLLATE "C",
	"event_code" text COLLATE "C" NOT NULL,
	"issuer" text COLLATE "C" NOT NULL,
	"texts" jsonb NOT NULL,
	"end_texts" jsonb NOT NULL,
	"cancel_texts" jsonb NOT NULL,
	"area_codes" jsonb NOT NULL,
	"siren" boolean NOT NULL,
	"play_times" bigint NOT NULL,
	"interval_seconds" bigint NOT NULL,
	"volume" bigint NOT NULL,
	"start_time_ms" bigint NOT NULL,
	"end_time_ms" bigint NOT NULL,
	"cap" jsonb,
	"drafted_by" text COLLATE "C" NOT NULL,
	"raised_at_ms" bigint,
	CONSTRAINT "alert_revision_alert_id_revision_pk" PRIMARY KEY("alert_id","revision")
);
--> statement-breakpoint
CREATE TABLE "approval" (
	"alert_id" text COLLATE "C" NOT NULL,
	"revision" bigint NOT NULL,
	"officer_id" text COLLATE "C" NOT NULL,
	"means" text COLLATE "C" NOT NULL,
	"recorded_by" text COLLATE "C" NOT NULL,
	"words" text COLLATE "C" NOT NULL,
	"countersigned_at_ms" bigint,
	"at_ms" bigint NOT NULL,
	CONSTRAINT "approval_alert_id_revision_officer_id_pk" PRIMARY KEY("alert_id","revision","officer_id")
);
--> statement-breakpoint
CREATE TABLE "call" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"alert_id" text COLLATE "C" NOT NULL,
	"revision" bigint NOT NULL,
	"member_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"mode" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"answer" text COLLATE "C",
	"answered_at_ms" bigint,
	"answered_by" text COLLATE "C",
	"changed_at_ms" bigint NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "command" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"alert_id" text COLLATE "C" NOT NULL,
	"revision" bigint NOT NULL,
	"purpose" text COLLATE "C" NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"area_code" text COLLATE "C" NOT NULL,
	"seq" bigint NOT NULL,
	"envelope" text COLLATE "C" NOT NULL,
	"not_after_ms" bigint NOT NULL,
	"expires_at_ms" bigint NOT NULL,
	"published_at_ms" bigint
);
--> statement-breakpoint
CREATE TABLE "counter" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"value" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "delivery" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"alert_id" text COLLATE "C" NOT NULL,
	"revision" bigint NOT NULL,
	"purpose" text COLLATE "C" NOT NULL,
	"speaker_id" text COLLATE "C" NOT NULL,
	"gateway_id" text COLLATE "C",
	"site_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"mode" text COLLATE "C" NOT NULL,
	"play_times" bigint NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"repeat" bigint DEFAULT 0 NOT NULL,
	"reason" text COLLATE "C",
	"sounded_level_db" double precision,
	"attempts" bigint DEFAULT 0 NOT NULL,
	"changed_at_ms" bigint NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "event" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"at_ms" bigint NOT NULL,
	"who" text COLLATE "C" NOT NULL,
	"via" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"alert_id" text COLLATE "C",
	"subject_id" text COLLATE "C" NOT NULL,
	"data" jsonb NOT NULL,
	CONSTRAINT "event_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "gateway" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"site_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"password_hash" text COLLATE "C" NOT NULL,
	"public_key" text COLLATE "C" NOT NULL,
	"created_at_ms" bigint NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "gateway_claim" (
	"code_hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"site_id" text COLLATE "C" NOT NULL,
	"made_by" text COLLATE "C" NOT NULL,
	"expires_at_ms" bigint NOT NULL,
	"used_by" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "gateway_report" (
	"gateway_id" text COLLATE "C" NOT NULL,
	"journal_id" text COLLATE "C" NOT NULL,
	"number" bigint NOT NULL,
	"alert_id" text COLLATE "C" NOT NULL,
	"revision" bigint NOT NULL,
	"speaker_id" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"repeat" bigint NOT NULL,
	"at_ms" bigint NOT NULL,
	CONSTRAINT "gateway_report_gateway_id_journal_id_number_pk" PRIMARY KEY("gateway_id","journal_id","number")
);
--> statement-breakpoint
CREATE TABLE "gateway_status" (
	"gateway_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"site_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"online" boolean NOT NULL,
	"last_seen_at_ms" bigint NOT NULL,
	"boot_counter" bigint NOT NULL,
	"journal_id" text COLLATE "C" NOT NULL,
	"reports_held_up_to" bigint NOT NULL,
	"state" jsonb
);
--> statement-breakpoint
CREATE TABLE "grid_node" (
	"code" text COLLATE "C" PRIMARY KEY NOT NULL,
	"tier" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"parent_code" text COLLATE "C",
	"languages" jsonb,
	"party_branch" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "household" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"doorplate" text COLLATE "C" NOT NULL,
	"head_name" text COLLATE "C" NOT NULL,
	"phone_cipher" text COLLATE "C",
	"phone_hash" text COLLATE "C",
	"needs" jsonb NOT NULL,
	"helper_member_id" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "idempotency" (
	"key" text COLLATE "C" PRIMARY KEY NOT NULL,
	"request_hash" text COLLATE "C" NOT NULL,
	"status" bigint NOT NULL,
	"body" text COLLATE "C" NOT NULL,
	"at_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "job" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"event_id" text COLLATE "C" NOT NULL,
	"consumer" text COLLATE "C" NOT NULL,
	"urgent" boolean NOT NULL,
	"due_at_ms" bigint NOT NULL,
	"pushed_at_ms" bigint,
	"done_at_ms" bigint,
	"outcome" text COLLATE "C",
	"attempts" bigint DEFAULT 0 NOT NULL,
	"last_error" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "member" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"phone_cipher" text COLLATE "C",
	"phone_hash" text COLLATE "C",
	"skills" jsonb NOT NULL,
	"available" boolean DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE TABLE "membership" (
	"member_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"post" text COLLATE "C",
	CONSTRAINT "membership_member_id_grid_code_pk" PRIMARY KEY("member_id","grid_code")
);
--> statement-breakpoint
CREATE TABLE "officer" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"username" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"scopes" jsonb NOT NULL,
	"password_hash" text COLLATE "C",
	"disabled" boolean DEFAULT false NOT NULL,
	"failures" bigint DEFAULT 0 NOT NULL,
	"locked_until_ms" bigint,
	"version" bigint DEFAULT 1 NOT NULL,
	CONSTRAINT "officer_username_unique" UNIQUE("username")
);
--> statement-breakpoint
CREATE TABLE "one_time_link" (
	"token_hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"officer_id" text COLLATE "C" NOT NULL,
	"expires_at_ms" bigint NOT NULL,
	"used_at_ms" bigint
);
--> statement-breakpoint
CREATE TABLE "person" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"household_id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"needs" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "place" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"contact_name" text COLLATE "C" NOT NULL,
	"phone_cipher" text COLLATE "C",
	"phone_hash" text COLLATE "C",
	"head_count" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policy" (
	"county" text COLLATE "C" PRIMARY KEY NOT NULL,
	"policy" jsonb NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "report" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"hazard" text COLLATE "C" NOT NULL,
	"text" text COLLATE "C" NOT NULL,
	"source" text COLLATE "C" NOT NULL,
	"reporter_cipher" text COLLATE "C",
	"state" text COLLATE "C" NOT NULL,
	"merged_into" text COLLATE "C",
	"merged_count" bigint DEFAULT 0 NOT NULL,
	"received_at_ms" bigint NOT NULL,
	"verified_by" text COLLATE "C",
	"verified_at_ms" bigint,
	"version" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "report_link" (
	"token" text COLLATE "C" PRIMARY KEY NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	CONSTRAINT "report_link_gridCode_unique" UNIQUE("grid_code")
);
--> statement-breakpoint
CREATE TABLE "sensor" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"hazard" text COLLATE "C" NOT NULL,
	"quantity" text COLLATE "C" NOT NULL,
	"threshold" double precision NOT NULL,
	"password_hash" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "session" (
	"token_hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"officer_id" text COLLATE "C" NOT NULL,
	"csrf_token" text COLLATE "C" NOT NULL,
	"expires_at_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "setting" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "signing_key" (
	"kid" text COLLATE "C" PRIMARY KEY NOT NULL,
	"scope" text COLLATE "C" NOT NULL,
	"modes" jsonb NOT NULL,
	"public_key" text COLLATE "C" NOT NULL,
	"private_cipher" text COLLATE "C" NOT NULL,
	"created_at_ms" bigint NOT NULL,
	"revoked_at_ms" bigint
);
--> statement-breakpoint
CREATE TABLE "site" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"placed_by" text COLLATE "C" DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "speaker" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"site_id" text COLLATE "C" NOT NULL,
	"gateway_id" text COLLATE "C",
	"grid_code" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "speaker_status" (
	"speaker_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"player" text COLLATE "C" NOT NULL,
	"reason" text COLLATE "C",
	"last_received_at_ms" bigint,
	"last_played_at_ms" bigint,
	"last_sounded_at_ms" bigint
);
--> statement-breakpoint
CREATE TABLE "template" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"title" text COLLATE "C" NOT NULL,
	"title_en" text COLLATE "C" NOT NULL,
	"hazard" text COLLATE "C" NOT NULL,
	"stage" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"level" text COLLATE "C",
	"order" text COLLATE "C",
	"event_code" text COLLATE "C" NOT NULL,
	"texts" jsonb NOT NULL,
	"end_texts" jsonb NOT NULL,
	"cancel_texts" jsonb NOT NULL,
	"duration_minutes" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "alert_state" ON "alert" USING btree ("state");--> statement-breakpoint
CREATE UNIQUE INDEX "call_once" ON "call" USING btree ("alert_id","member_id");--> statement-breakpoint
CREATE INDEX "call_grid" ON "call" USING btree ("alert_id","grid_code");--> statement-breakpoint
CREATE UNIQUE INDEX "command_once" ON "command" USING btree ("alert_id","revision","purpose","action","area_code");--> statement-breakpoint
CREATE UNIQUE INDEX "delivery_once" ON "delivery" USING btree ("alert_id","revision","purpose","speaker_id");--> statement-breakpoint
CREATE INDEX "delivery_gateway" ON "delivery" USING btree ("gateway_id");--> statement-breakpoint
CREATE INDEX "event_alert" ON "event" USING btree ("alert_id","seq");--> statement-breakpoint
CREATE INDEX "event_subject" ON "event" USING btree ("subject_id","seq");--> statement-breakpoint
CREATE INDEX "gateway_grid" ON "gateway" USING btree ("grid_code");--> statement-breakpoint
CREATE INDEX "household_grid" ON "household" USING btree ("grid_code");--> statement-breakpoint
CREATE UNIQUE INDEX "job_event_consumer" ON "job" USING btree ("event_id","consumer");--> statement-breakpoint
CREATE INDEX "job_open" ON "job" USING btree ("done_at_ms","due_at_ms");--> statement-breakpoint
CREATE INDEX "member_phone" ON "member" USING btree ("phone_hash");--> statement-breakpoint
CREATE INDEX "membership_grid" ON "membership" USING btree ("grid_code");--> statement-breakpoint
CREATE INDEX "person_household" ON "person" USING btree ("household_id");--> statement-breakpoint
CREATE INDEX "place_grid" ON "place" USING btree ("grid_code");--> statement-breakpoint
CREATE INDEX "report_place" ON "report" USING btree ("hazard","received_at_ms");--> statement-breakpoint
CREATE INDEX "report_grid" ON "report" USING btree ("grid_code");--> statement-breakpoint
CREATE INDEX "session_officer" ON "session" USING btree ("officer_id");--> statement-breakpoint
CREATE INDEX "site_grid" ON "site" USING btree ("grid_code");--> statement-breakpoint
CREATE INDEX "speaker_grid" ON "speaker" USING btree ("grid_code");--> statement-breakpoint
CREATE INDEX "speaker_gateway" ON "speaker" USING btree ("gateway_id");