CREATE TABLE "number_round" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"proven_since_ms" bigint,
	"started_by" text COLLATE "C" NOT NULL,
	"started_at_ms" bigint NOT NULL,
	"ended_at_ms" bigint
);
--> statement-breakpoint
ALTER TABLE "channel_proof" ADD COLUMN "address_hash" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "channel_proof" ADD COLUMN "tries" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "channel_proof" ADD COLUMN "next_at_ms" bigint;--> statement-breakpoint
CREATE INDEX "number_round_open" ON "number_round" USING btree ("ended_at_ms");--> statement-breakpoint
CREATE INDEX "channel_proof_asked" ON "channel_proof" USING btree ("asked_at_ms");