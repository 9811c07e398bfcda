#include "engine/guarded_index.h"

#include <fmt/format.h>

#include "catalog/ddl.h"
#include "pg/identifier.h"

namespace candor::engine {

namespace {

std::string name_of(const catalog::ObjectId& index) {
  return fmt::format("{}.{}", pg::Identifier(index.schema.view()), pg::Identifier(index.name.view()));
}

}  // namespace

std::optional<std::string> repeatable_statement(const std::string& statement, bool built) {
  constexpr std::string_view concurrently = "INDEX CONCURRENTLY ";
  const std::size_t at = statement.find(concurrently);
  if (at == std::string::npos || !statement.starts_with(built ? "CREATE " : "DROP ")) return std::nullopt;
  std::string text = statement;
  text.insert(at + concurrently.size(), built ? "IF NOT EXISTS " : "IF EXISTS ");
  return text;
}

std::string invalid_state(const std::string& state) {
  return state + " invalid";
}

std::string is_invalid(const catalog::ObjectId& index) {
  return fmt::format(
      "EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indexrelid = pg_catalog.to_regclass({}) AND NOT i.indisvalid)",
      catalog::sql_literal(name_of(index)));
}

std::string require_free_name(const catalog::ObjectId& index) {
  return fmt::format(
      "    IF pg_catalog.to_regclass({}) IS NOT NULL THEN\n"
      "      RAISE EXCEPTION USING MESSAGE = {}, HINT = 'rename it';\n"
      "    END IF;\n",
      catalog::sql_literal(name_of(index)),
      catalog::sql_literal(fmt::format("something else bears the name of {}", describe(index))));
}

std::string clear_invalid(const catalog::ObjectId& index) {
  return fmt::format(
      "    -- left by a build that broke off; one that still goes on is waited for\n"
      "    LOCK TABLE ONLY {} IN ACCESS EXCLUSIVE MODE;\n"
      "    IF {} THEN\n"
      "      DROP INDEX {};\n"
      "    END IF;\n",
      catalog::sql_relation(index), is_invalid(index), name_of(index));
}

}  // namespace candor::engine
