CREATE TABLE "link_version" (
	"alert_id" text COLLATE "C" NOT NULL,
	"member_id" text COLLATE "C" NOT NULL,
	"version" bigint NOT NULL,
	"changed_at_ms" bigint NOT NULL,
	CONSTRAINT "link_version_alert_id_member_id_pk" PRIMARY KEY("alert_id","member_id")
);
--> statement-breakpoint
ALTER TABLE "call" ADD COLUMN "said_at_ms" bigint;--> statement-breakpoint
ALTER TABLE "call" ADD COLUMN "help_at_ms" bigint;--> statement-breakpoint
ALTER TABLE "call" ADD COLUMN "help_words_cipher" text COLLATE "C";