/// history/ledgers/ledgers.h: the tools, one file each. A new one is declared here and listed in ledgers.cpp.
#pragma once

#include "history/foreign_tool.h"

namespace candor::history::ledgers {

extern const ForeignTool alembic;
extern const ForeignTool atlas;
extern const ForeignTool db_migrate;
extern const ForeignTool dbmate;
extern const ForeignTool diesel;
extern const ForeignTool django;
extern const ForeignTool drizzle;
extern const ForeignTool drizzle_1;
extern const ForeignTool ecto;
extern const ForeignTool flyway;
extern const ForeignTool golang_migrate;
extern const ForeignTool goose;
extern const ForeignTool graphile_migrate;
extern const ForeignTool hand_rolled;
extern const ForeignTool hasura;
extern const ForeignTool hasura_state;
extern const ForeignTool knex;
extern const ForeignTool kysely;
extern const ForeignTool laravel;
extern const ForeignTool liquibase;
extern const ForeignTool mikro_orm;
extern const ForeignTool node_pg_migrate;
extern const ForeignTool pop;
extern const ForeignTool popx;
extern const ForeignTool postgrator;
extern const ForeignTool prisma;
extern const ForeignTool rails;
extern const ForeignTool refinery;
extern const ForeignTool sequelize;
extern const ForeignTool sqitch;
extern const ForeignTool sqlx;
extern const ForeignTool supabase;
extern const ForeignTool typeorm;

}  // namespace candor::history::ledgers
