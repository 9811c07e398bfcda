/// sqlx: SHA-384 of the file's bytes; an edited file, or one that is gone, stops it.
#include "history/formats/sums.h"
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {{"version", Type::number},    {"description", Type::text},
                                         {"installed_on", Type::time}, {"success", Type::flag},
                                         {"checksum", Type::bytes},    {"execution_time", Type::number}};

ForeignFields fields(const ForeignTable& table) {
  return {.key = column("version"),
          .version = column("version"),
          .name = column("description"),
          .checksum = fmt::format("pg_catalog.encode({}, 'hex')", column("checksum")),
          .state = state_of_flag(column("success")),
          .applied_at = time_of(table, "installed_on"),
          .order = column("version")};
}

std::string sha384_of(std::string_view text) {
  return digest_hex("sha384", text);
}

Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>&) {
  return files_with_text(history, [](const Migration& migration, std::string_view bytes) {
    const std::string stem = stem_of(basename_of(migration));
    std::string description = behind_digits(stem);
    for (char& c : description)
      if (c == '_') c = ' ';
    return ForeignFile{.key = as_number(leading_digits(stem)),
                       .version = leading_digits(stem),
                       .name = description,
                       .forms = forms_of(bytes, sha384_of)};
  });
}

std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  const ForeignFile& file = marking.file();
  return {insert_once(
      marking.table, {number_value("version", file.key),
                      text_value("description", file.name),
                      sql_value("success", "true"),
                      {"checksum", "pg_catalog.decode({}::pg_catalog.text, 'hex')", file.forms.front().value},
                      sql_value("execution_time", "0")})};
}

/// The row that sqlx wrote before it ran the file.
std::vector<ForeignStatement> mend(const ForeignMending& mending) {
  const ForeignFile& file = mending.file();
  const std::string table = mending.table.sql();
  if (mending.present)
    return {{fmt::format("UPDATE {} SET success = true, checksum = pg_catalog.decode($2::pg_catalog.text,"
                         " 'hex') WHERE version = $1::pg_catalog.int8 AND NOT success RETURNING true",
                         table),
             {file.key, file.forms.front().value}}};
  return {{fmt::format("DELETE FROM {} WHERE version = $1::pg_catalog.int8 AND NOT success RETURNING true",
                       table),
           {file.key}}};
}

}  // namespace

const ForeignTool sqlx{.name = "sqlx",
                       .title = "sqlx",
                       .table = "_sqlx_migrations",
                       .table_tells = true,
                       .columns = columns,
                       .exact = true,
                       .rules = {.numeric = true,
                                 .missing_blocks = true,
                                 .failed_blocks = true,
                                 .edited_blocks = true,
                                 .bytes_count = true},
                       .fields = fields,
                       .files = files,
                       .mark = mark,
                       .mend = mend};

}  // namespace candor::history::ledgers
