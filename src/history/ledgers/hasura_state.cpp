/// Hasura's CLI since its third configuration: versions as keys of a JSON document.
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {{"cli_state", Type::json}};

ForeignFields fields(const ForeignTable&) {
  return {.key = "m.key",
          .version = "m.key",
          .name = "d.key",
          .state = "CASE m.value WHEN 'false' THEN 'applied' WHEN 'true' THEN 'failed' ELSE 'unknown' END",
          .order = "m.key",
          .from = fmt::format(" CROSS JOIN LATERAL pg_catalog.jsonb_each(coalesce({}::pg_catalog.jsonb ->"
                              " 'migrations', '{{}}')) AS d CROSS JOIN LATERAL"
                              " pg_catalog.jsonb_each_text(d.value) AS m",
                              column("cli_state"))};
}

Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>&) {
  return files_by(history, [](const Migration& migration) {
    const std::string digits = migration.version.text();
    return ForeignFile{.key = digits, .version = digits, .name = migration.name};
  });
}

bool fits(const ForeignTable& table) {
  return table.name == "hdb_version";
}

}  // namespace

const ForeignTool hasura_state{.name = "hasura-state",
                               .title = "Hasura",
                               .table = "hdb_version",
                               .columns = columns,
                               .own_schema = "hdb_catalog",
                               .rules = {.numeric = true, .failed_blocks = true},
                               .fields = fields,
                               .files = files,
                               .fits = fits};

}  // namespace candor::history::ledgers
