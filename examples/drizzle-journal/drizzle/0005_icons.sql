ALTER TABLE "projects" ADD COLUMN "icon" text;
--> statement-breakpoint
ALTER TABLE "dashboards" ADD COLUMN "icon" text;