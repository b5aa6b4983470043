DROP INDEX "inbound_from";--> statement-breakpoint
ALTER TABLE "inbound_message" ADD COLUMN "from_cipher" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "inbound_message" ADD COLUMN "grid_code" text COLLATE "C" NOT NULL;--> statement-breakpoint
CREATE INDEX "inbound_grid" ON "inbound_message" USING btree ("grid_code");--> statement-breakpoint
CREATE INDEX "message_member" ON "message" USING btree ("member_id","changed_at_ms");--> statement-breakpoint
ALTER TABLE "inbound_message" DROP COLUMN "from_hash";