CREATE TABLE "audit_log" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"what" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);