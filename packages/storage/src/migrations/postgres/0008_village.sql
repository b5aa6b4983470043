CREATE TABLE "house_claim" (
	"code_hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"made_by" text COLLATE "C" NOT NULL,
	"expires_at_ms" bigint NOT NULL,
	"used_by" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "house_key" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"sign_key" text COLLATE "C" NOT NULL,
	"sign_cipher" text COLLATE "C" NOT NULL,
	"seal_key" text COLLATE "C" NOT NULL,
	"seal_cipher" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "peer" ADD COLUMN "lines" jsonb;--> statement-breakpoint
ALTER TABLE "peer" ADD COLUMN "password_cipher" text COLLATE "C";