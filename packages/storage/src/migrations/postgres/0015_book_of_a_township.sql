ALTER TABLE "key_book" DROP CONSTRAINT "key_book_pkey";--> statement-breakpoint
ALTER TABLE "key_book" ADD COLUMN "grid_code" text COLLATE "C" DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "key_book" ADD CONSTRAINT "key_book_version_grid_code_pk" PRIMARY KEY("version","grid_code");
