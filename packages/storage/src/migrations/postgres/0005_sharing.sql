CREATE TABLE "peer" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"side" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"sign_key" text COLLATE "C" NOT NULL,
	"seal_key" text COLLATE "C" NOT NULL,
	"list_id" text COLLATE "C" NOT NULL,
	"said_up_to" bigint DEFAULT 0 NOT NULL,
	"confirmed_up_to" bigint DEFAULT 0 NOT NULL,
	"heard_list_id" text COLLATE "C",
	"heard_up_to" bigint DEFAULT 0 NOT NULL,
	"last_heard_at_ms" bigint,
	"created_at_ms" bigint NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "told" (
	"peer_id" text COLLATE "C" NOT NULL,
	"table_name" text COLLATE "C" NOT NULL,
	"row_key" text COLLATE "C" NOT NULL,
	"number" bigint NOT NULL,
	"print" text COLLATE "C",
	"agreed_print" text COLLATE "C",
	CONSTRAINT "told_peer_id_table_name_row_key_pk" PRIMARY KEY("peer_id","table_name","row_key")
);
--> statement-breakpoint
CREATE INDEX "told_number" ON "told" USING btree ("peer_id","number");