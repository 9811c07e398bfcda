/// Django: the app and the name of the module. Rows written by --fake look like any other.
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"
#include "history/ledgers/programs.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {
    {"id", Type::number}, {"app", Type::text}, {"name", Type::text}, {"applied", Type::time}};

ForeignFields fields(const ForeignTable& table) {
  return {.key = fmt::format("{} || '.' || {}", column("app"), column("name")),
          .version = column("app"),
          .name = column("name"),
          .applied_at = time_of(table, "applied"),
          .order = column("id")};
}

/// "app.0001_initial", however the captured file puts it: app_0001_initial, 12_app.0001_initial.
Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>& records) {
  return files_by(history, [&](const Migration& migration) {
    const std::string stem = stem_of(basename_of(migration));
    const std::string captured = captured_from(migration);
    ForeignFile file{.version = migration.version.text(), .name = stem};
    for (const ForeignRecord& record : records)
      if (captured == fmt::format("{}_{}", record.version, record.name) || stem.ends_with(record.key) ||
          stem.ends_with(fmt::format("{}_{}", record.version, record.name)))
        file.key = record.key;
    return file;
  });
}

}  // namespace

const ForeignTool django{.name = "django",
                         .title = "Django",
                         .table = "django_migrations",
                         .table_tells = true,
                         .columns = columns,
                         .exact = true,
                         .rules = {.loose = true},
                         .fields = fields,
                         .files = files};

}  // namespace candor::history::ledgers
