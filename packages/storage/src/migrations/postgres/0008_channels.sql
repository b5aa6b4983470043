CREATE TABLE "inbound_message" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"channel" text COLLATE "C" NOT NULL,
	"provider_id" text COLLATE "C" NOT NULL,
	"from_hash" text COLLATE "C",
	"member_id" text COLLATE "C",
	"message_id" text COLLATE "C",
	"words_cipher" text COLLATE "C" NOT NULL,
	"received_at_ms" bigint NOT NULL
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
CREATE TABLE "unsubscribed" (
	"phone_hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"at_ms" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "member" ADD COLUMN "email_cipher" text COLLATE "C";--> statement-breakpoint
CREATE UNIQUE INDEX "inbound_once" ON "inbound_message" USING btree ("channel","provider_id");--> statement-breakpoint
CREATE INDEX "inbound_from" ON "inbound_message" USING btree ("from_hash","received_at_ms");--> statement-breakpoint
CREATE INDEX "message_lane" ON "message" USING btree ("channel","state","urgent","due_at_ms");