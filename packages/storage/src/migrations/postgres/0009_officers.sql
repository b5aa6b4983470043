CREATE TABLE "local_officer" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"officer_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"username" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"scopes" jsonb NOT NULL,
	"code_verifier" text COLLATE "C" NOT NULL,
	"created_at_ms" bigint NOT NULL,
	"failures" bigint DEFAULT 0 NOT NULL,
	"locked_until_ms" bigint
);
--> statement-breakpoint
ALTER TABLE "session" ADD COLUMN "local_officer_id" text COLLATE "C";--> statement-breakpoint
CREATE UNIQUE INDEX "local_officer_place" ON "local_officer" USING btree ("officer_id","grid_code");--> statement-breakpoint
CREATE INDEX "local_officer_grid" ON "local_officer" USING btree ("grid_code","username");