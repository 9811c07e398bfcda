#include "engine/guarded_block.h"

#include <fmt/format.h>

#include "catalog/ddl.h"

namespace candor::engine {

namespace {

/// A dollar quote that the text does not hold.
std::string quote_around(const std::string& text) {
  std::string tag = "$repair$";
  for (int n = 2; text.find(tag) != std::string::npos; ++n) tag = fmt::format("$repair{}$", n);
  return tag;
}

std::string literals(const std::vector<std::string>& states) {
  std::string list;
  for (const std::string& state : states)
    list += (list.empty() ? "" : ",\n    ") + catalog::sql_literal(state);
  return list;
}

}  // namespace

std::string to_sql(const Block& block) {
  std::string branches;
  for (const Branch& branch : block.branches)
    branches += fmt::format("  WHEN {} THEN\n{}", literals(branch.states), branch.statements);
  const std::string body = fmt::format(
      "BEGIN\n"
      "  CASE coalesce({},\n    '{}')\n"
      "{}"
      "  ELSE\n"
      "    IF {}pg_catalog.current_setting('server_version_num')::int / 10000 = {} THEN\n"
      "      RAISE EXCEPTION USING MESSAGE = {}, HINT = 'run candor diagnose';\n"
      "    END IF;\n"
      "  END CASE;\n"
      "END",
      block.state, missing, branches, block.forbidden.empty() ? "" : block.forbidden + "\n      OR ",
      block.major,
      catalog::sql_literal(block.what +
                           " is neither as it was where this repair was written, nor as it should be"));
  const std::string quote = quote_around(body);
  return fmt::format("DO {0}\n{1}\n{0};\n", quote, body);
}

std::string statement_lines(const std::vector<std::string>& statements) {
  std::string text;
  for (const std::string& statement : statements) text += fmt::format("    {};\n", statement);
  return text;
}

std::string do_nothing(std::string_view why) {
  return fmt::format("    NULL;  -- {}\n", why);
}

std::unexpected<Error> not_writable(std::string why, std::string detail) {
  return std::unexpected(Error{.code = codes::plan_unproven,
                               .message = fmt::format("the repair cannot be written as a migration: {}", why),
                               .detail = std::move(detail),
                               .hint = "run `candor repair --apply` on each database that needs it"});
}

}  // namespace candor::engine
