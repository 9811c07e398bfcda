CREATE TYPE "public"."role" AS ENUM('admin', 'member');
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "role" "role" DEFAULT 'member' NOT NULL;