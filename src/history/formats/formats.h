/// history/formats/formats.h: the formats, one file each. A new one is declared here and listed in
/// formats.cpp.
#pragma once

#include "history/format.h"

namespace candor::history {

extern const Format native;
extern const Format updown;
extern const Format drizzle;
extern const Format drizzle_folders;
extern const Format prisma;
extern const Format flyway;
extern const Format golang_migrate;
extern const Format dbmate;
extern const Format goose;
extern const Format diesel;
extern const Format sqlx;
extern const Format refinery;
extern const Format supabase;
extern const Format hasura;
extern const Format node_pg_migrate;
extern const Format graphile;
extern const Format postgrator;
extern const Format liquibase;
extern const Format sqitch;
extern const Format atlas;
extern const Format pop;
extern const Format rails;

}  // namespace candor::history
