CREATE TABLE "people_count" (
	"grid_code" text COLLATE "C" PRIMARY KEY NOT NULL,
	"households" bigint NOT NULL,
	"persons" bigint NOT NULL,
	"members" bigint NOT NULL
);
