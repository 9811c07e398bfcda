/// postgrator: a high-water mark; files below it are passed over, checksums and all.
#include "history/formats/sums.h"
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {
    {"version", Type::number}, {"name", Type::text}, {"md5", Type::text}, {"run_at", Type::time}};

/// The row of version 0 is postgrator's own. JavaScript migrations have no checksum.
ForeignFields fields(const ForeignTable& table) {
  return {.key = column("version"),
          .version = column("version"),
          .name = column("name"),
          .checksum = fmt::format("CASE WHEN {0} ~ '^[0-9a-f]{{32}}$' THEN {0} END", column("md5")),
          .applied_at = time_of(table, "run_at"),
          .order = column("version"),
          .where = fmt::format("{} IS DISTINCT FROM 0", column("version"))};
}

std::string md5_of(std::string_view text) {
  return digest_hex("md5", text);
}

Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>&) {
  return files_with_text(history, [](const Migration& migration, std::string_view bytes) {
    const std::string base = basename_of(migration), digits = as_number(leading_digits(base));
    std::string name = behind_digits(base);  // "do.create-users.sql"
    name = name.starts_with("do.") ? stem_of(name.substr(3)) : migration.name;
    return ForeignFile{.key = digits, .version = digits, .name = name, .forms = forms_of(bytes, md5_of)};
  });
}

std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  const ForeignFile& file = marking.file();
  return {insert_once(
      marking.table, {number_value("version", file.key), text_value("name", file.name),
                      text_value("md5", file.forms.front().value), sql_value("run_at", "pg_catalog.now()")})};
}

}  // namespace

const ForeignTool postgrator{.name = "postgrator",
                             .title = "postgrator",
                             .table = "schemaversion",
                             .columns = columns,
                             .exact = true,
                             .rules = {.late = LateFile::never_runs, .numeric = true, .edited_blocks = true},
                             .fields = fields,
                             .files = files,
                             .mark = mark};

}  // namespace candor::history::ledgers
