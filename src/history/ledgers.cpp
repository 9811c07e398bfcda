#include "history/ledgers/ledgers.h"

#include <algorithm>

namespace candor::history {

// Of tools whose columns a table has, the first one that it fits: what is more particular comes first.
std::span<const ForeignTool* const> all_foreign_tools() {
  static constexpr const ForeignTool* tools[] = {&ledgers::drizzle_1,
                                                 &ledgers::drizzle,
                                                 &ledgers::prisma,
                                                 &ledgers::flyway,
                                                 &ledgers::hasura,
                                                 &ledgers::hasura_state,
                                                 &ledgers::supabase,
                                                 &ledgers::goose,
                                                 &ledgers::diesel,
                                                 &ledgers::sqlx,
                                                 &ledgers::refinery,
                                                 &ledgers::golang_migrate,
                                                 &ledgers::rails,
                                                 &ledgers::pop,
                                                 &ledgers::popx,
                                                 &ledgers::ecto,
                                                 &ledgers::django,
                                                 &ledgers::alembic,
                                                 &ledgers::knex,
                                                 &ledgers::laravel,
                                                 &ledgers::typeorm,
                                                 &ledgers::mikro_orm,
                                                 &ledgers::kysely,
                                                 &ledgers::db_migrate,
                                                 &ledgers::node_pg_migrate,
                                                 &ledgers::graphile_migrate,
                                                 &ledgers::postgrator,
                                                 &ledgers::atlas,
                                                 &ledgers::sqitch,
                                                 &ledgers::liquibase,
                                                 &ledgers::sequelize,
                                                 &ledgers::dbmate,
                                                 &ledgers::hand_rolled};
  return tools;
}

const ForeignTool* find_foreign_tool(std::string_view name) {
  const auto tools = all_foreign_tools();
  const auto at = std::ranges::find(tools, name, &ForeignTool::name);
  return at == tools.end() ? nullptr : *at;
}

}  // namespace candor::history
