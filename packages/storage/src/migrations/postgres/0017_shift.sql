CREATE TABLE "shift" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"post" text COLLATE "C" NOT NULL,
	"number" bigint NOT NULL,
	"area_codes" jsonb NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"officer_id" text COLLATE "C" NOT NULL,
	"started_at_ms" bigint NOT NULL,
	"from_seq" bigint NOT NULL,
	"to_seq" bigint,
	"offered_by" text COLLATE "C",
	"offered_at_ms" bigint,
	"taken_over_by" text COLLATE "C",
	"over_at_ms" bigint,
	"record_cipher" text COLLATE "C",
	"seal" text COLLATE "C",
	"version" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "shift_remark" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"shift_id" text COLLATE "C" NOT NULL,
	"officer_id" text COLLATE "C" NOT NULL,
	"at_ms" bigint NOT NULL,
	"written_at_ms" bigint,
	"words_cipher" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "shift_number" ON "shift" USING btree ("post","number");--> statement-breakpoint
CREATE INDEX "shift_state" ON "shift" USING btree ("state","started_at_ms");--> statement-breakpoint
CREATE INDEX "shift_remark_shift" ON "shift_remark" USING btree ("shift_id","id");