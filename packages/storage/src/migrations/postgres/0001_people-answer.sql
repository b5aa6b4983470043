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
CREATE TABLE "door_assignment" (
	"alert_id" text COLLATE "C" NOT NULL,
	"household_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"member_id" text COLLATE "C",
	"reason" text COLLATE "C" NOT NULL,
	"minutes" bigint NOT NULL,
	"assigned_at_ms" bigint NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	CONSTRAINT "door_assignment_alert_id_household_id_pk" PRIMARY KEY("alert_id","household_id")
);
--> statement-breakpoint
CREATE TABLE "inbound_message" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"channel" text COLLATE "C" NOT NULL,
	"provider_id" text COLLATE "C" NOT NULL,
	"from_cipher" text COLLATE "C",
	"member_id" text COLLATE "C",
	"grid_code" text COLLATE "C" NOT NULL,
	"message_id" text COLLATE "C",
	"words_cipher" text COLLATE "C" NOT NULL,
	"received_at_ms" bigint NOT NULL
);
--> statement-breakpoint
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
CREATE TABLE "link_version" (
	"alert_id" text COLLATE "C" NOT NULL,
	"member_id" text COLLATE "C" NOT NULL,
	"version" bigint NOT NULL,
	"changed_at_ms" bigint NOT NULL,
	CONSTRAINT "link_version_alert_id_member_id_pk" PRIMARY KEY("alert_id","member_id")
);
--> statement-breakpoint
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
CREATE TABLE "muster_point" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"capacity" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "neighbour" (
	"code" text COLLATE "C" NOT NULL,
	"neighbour_code" text COLLATE "C" NOT NULL,
	CONSTRAINT "neighbour_code_neighbour_code_pk" PRIMARY KEY("code","neighbour_code")
);
--> statement-breakpoint
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
CREATE TABLE "push_subscription" (
	"member_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"cipher" text COLLATE "C" NOT NULL,
	"created_at_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "robot" (
	"grid_code" text COLLATE "C" NOT NULL,
	"channel" text COLLATE "C" NOT NULL,
	"url_cipher" text COLLATE "C" NOT NULL,
	"secret_cipher" text COLLATE "C",
	"set_by" text COLLATE "C" NOT NULL,
	"set_at_ms" bigint NOT NULL,
	CONSTRAINT "robot_grid_code_channel_pk" PRIMARY KEY("grid_code","channel")
);
--> statement-breakpoint
CREATE TABLE "rollcall" (
	"alert_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"complete" boolean DEFAULT false NOT NULL,
	"round" bigint DEFAULT 1 NOT NULL,
	"round_at_ms" bigint,
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
	"round" bigint DEFAULT 1 NOT NULL,
	"muster_point_id" text COLLATE "C",
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
	"expected_at_ms" bigint,
	"counted" bigint,
	"round" bigint DEFAULT 1 NOT NULL,
	"means" text COLLATE "C",
	"marked_by" text COLLATE "C",
	"marked_at_ms" bigint,
	"version" bigint DEFAULT 1 NOT NULL,
	CONSTRAINT "rollcall_place_alert_id_place_id_pk" PRIMARY KEY("alert_id","place_id")
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
CREATE TABLE "unsubscribed" (
	"phone_hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"at_ms" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "call" ADD COLUMN "widening" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "call" ADD COLUMN "said_at_ms" bigint;--> statement-breakpoint
ALTER TABLE "call" ADD COLUMN "help_at_ms" bigint;--> statement-breakpoint
ALTER TABLE "call" ADD COLUMN "help_words_cipher" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "call" ADD COLUMN "step" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "call" ADD COLUMN "next_at_ms" bigint;--> statement-breakpoint
ALTER TABLE "call" ADD COLUMN "reason" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "grid_node" ADD COLUMN "alert_id" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "grid_node" ADD COLUMN "closed_at_ms" bigint;--> statement-breakpoint
ALTER TABLE "member" ADD COLUMN "email_cipher" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "member" ADD COLUMN "off_duty" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "place" ADD COLUMN "head_count_at_ms" bigint;--> statement-breakpoint
CREATE INDEX "channel_proof_state" ON "channel_proof" USING btree ("state","asked_at_ms");--> statement-breakpoint
CREATE INDEX "door_assignment_grid" ON "door_assignment" USING btree ("alert_id","grid_code","household_id");--> statement-breakpoint
CREATE INDEX "door_assignment_member" ON "door_assignment" USING btree ("alert_id","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "inbound_once" ON "inbound_message" USING btree ("channel","provider_id");--> statement-breakpoint
CREATE INDEX "inbound_grid" ON "inbound_message" USING btree ("grid_code");--> statement-breakpoint
CREATE UNIQUE INDEX "ladder_once" ON "ladder" USING btree ("alert_id","grid_code");--> statement-breakpoint
CREATE INDEX "ladder_due" ON "ladder" USING btree ("state","ask_at_ms");--> statement-breakpoint
CREATE INDEX "ladder_answer_ladder" ON "ladder_answer" USING btree ("ladder_id");--> statement-breakpoint
CREATE INDEX "ladder_answer_alert" ON "ladder_answer" USING btree ("alert_id");--> statement-breakpoint
CREATE INDEX "ladder_rung_member" ON "ladder_rung" USING btree ("member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "ladder_step_once" ON "ladder_step" USING btree ("ladder_id","number");--> statement-breakpoint
CREATE INDEX "ladder_step_alert" ON "ladder_step" USING btree ("alert_id");--> statement-breakpoint
CREATE INDEX "ladder_step_member" ON "ladder_step" USING btree ("member_id","at_ms");--> statement-breakpoint
CREATE UNIQUE INDEX "message_once" ON "message" USING btree ("subject_id","channel","step");--> statement-breakpoint
CREATE INDEX "message_due" ON "message" USING btree ("state","due_at_ms");--> statement-breakpoint
CREATE INDEX "message_lane" ON "message" USING btree ("channel","state","urgent","due_at_ms");--> statement-breakpoint
CREATE INDEX "message_member" ON "message" USING btree ("member_id","changed_at_ms");--> statement-breakpoint
CREATE INDEX "message_provider" ON "message" USING btree ("channel","provider_id");--> statement-breakpoint
CREATE INDEX "message_alert" ON "message" USING btree ("alert_id","state");--> statement-breakpoint
CREATE INDEX "muster_point_grid" ON "muster_point" USING btree ("grid_code");--> statement-breakpoint
CREATE INDEX "photo_subject" ON "photo" USING btree ("subject","subject_id");--> statement-breakpoint
CREATE INDEX "rollcall_person_status" ON "rollcall_person" USING btree ("alert_id","status","round");--> statement-breakpoint
CREATE INDEX "rollcall_person_household" ON "rollcall_person" USING btree ("alert_id","grid_code","household_id");--> statement-breakpoint
CREATE INDEX "safety_watch_alert" ON "safety_watch" USING btree ("alert_id","state");--> statement-breakpoint
CREATE INDEX "safety_watch_member_out" ON "safety_watch_member" USING btree ("member_id","back_at_ms");--> statement-breakpoint
CREATE INDEX "section_seat_grid" ON "section_seat" USING btree ("alert_id","grid_code","state");--> statement-breakpoint
CREATE INDEX "task_alert" ON "task" USING btree ("alert_id","state");--> statement-breakpoint
CREATE INDEX "task_source" ON "task" USING btree ("source","source_id");--> statement-breakpoint
CREATE INDEX "task_due" ON "task" USING btree ("state","due_at_ms");--> statement-breakpoint
CREATE INDEX "task_grid" ON "task" USING btree ("grid_code");--> statement-breakpoint
CREATE INDEX "call_due" ON "call" USING btree ("alert_id","next_at_ms");--> statement-breakpoint
CREATE INDEX "household_phone" ON "household" USING btree ("phone_hash");--> statement-breakpoint
CREATE INDEX "place_phone" ON "place" USING btree ("phone_hash");