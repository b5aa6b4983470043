CREATE TABLE "key_book" (
	"version" bigint PRIMARY KEY NOT NULL,
	"wire" text COLLATE "C" NOT NULL,
	"issued_at_ms" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "signing_key" ADD COLUMN "waiting" boolean DEFAULT false NOT NULL;