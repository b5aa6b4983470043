CREATE TABLE "silent_house" (
	"peer_id" text COLLATE "C" NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"since_ms" bigint NOT NULL,
	CONSTRAINT "silent_house_peer_id_pk" PRIMARY KEY("peer_id")
);
--> statement-breakpoint
CREATE TABLE "spoken_status" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"grid_code" text COLLATE "C" NOT NULL,
	"alert_id" text COLLATE "C",
	"means" text COLLATE "C" NOT NULL,
	"lines_cipher" text COLLATE "C" NOT NULL,
	"order" text COLLATE "C",
	"order_at_ms" bigint,
	"sounded" boolean,
	"households" bigint,
	"persons" bigint,
	"moved" bigint,
	"missing" bigint,
	"injured" bigint,
	"expected_households" bigint NOT NULL,
	"expected_persons" bigint NOT NULL,
	"said_at_ms" bigint NOT NULL,
	"written_by" text COLLATE "C" NOT NULL,
	"written_at_ms" bigint NOT NULL,
	"need_report_id" text COLLATE "C",
	"next_contact_at_ms" bigint,
	"contact" text COLLATE "C",
	"reconciled_by" text COLLATE "C",
	"reconciled_at_ms" bigint,
	"version" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE INDEX "spoken_status_grid" ON "spoken_status" USING btree ("grid_code","said_at_ms");--> statement-breakpoint
CREATE INDEX "spoken_status_alert" ON "spoken_status" USING btree ("alert_id");--> statement-breakpoint
CREATE INDEX "spoken_status_contact" ON "spoken_status" USING btree ("contact");--> statement-breakpoint
CREATE INDEX "event_grid" ON "event" USING btree ("grid_code","at_ms");