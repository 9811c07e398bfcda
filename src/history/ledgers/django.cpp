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

/// The app and the name in "app_0001_initial", as a captured file says it: an app that has rows, else up to
/// the number.
std::pair<std::string, std::string> app_and_name(const std::string& captured,
                                                 const std::vector<ForeignRecord>& records) {
  std::size_t app = 0;
  for (const ForeignRecord& record : records)
    if (record.version.size() > app && captured.starts_with(record.version + "_"))
      app = record.version.size();
  for (std::size_t at = captured.find('_'); app == 0 && at != std::string::npos;
       at = captured.find('_', at + 1))
    if (leading_digits(captured.substr(at + 1)).size() >= 4) app = at;
  if (app == 0) return {};
  return {captured.substr(0, app), captured.substr(app + 1)};
}

/// "app.0001_initial", however the captured file puts it: app_0001_initial, 12_app.0001_initial.
Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>& records) {
  return files_by(history, [&](const Migration& migration) {
    const std::string stem = stem_of(basename_of(migration));
    const auto [app, name] = app_and_name(captured_from(migration.path), records);
    if (!app.empty())
      return ForeignFile{.key = fmt::format("{}.{}", app, name), .version = app, .name = name};
    ForeignFile file{.version = migration.version.text(), .name = stem};
    for (const ForeignRecord& record : records)
      if (stem.ends_with(record.key) || stem.ends_with(fmt::format("{}_{}", record.version, record.name))) {
        file.key = record.key;
        file.version = record.version;
        file.name = record.name;
      }
    return file;
  });
}

std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  const ForeignFile& file = marking.file();
  return {
      {fmt::format(
           "INSERT INTO {0} (app, name, applied) SELECT $1::pg_catalog.text, $2::pg_catalog.text, pg_catalog.now() WHERE NOT EXISTS"
           " (SELECT FROM {0} WHERE app = $1::pg_catalog.text AND name = $2::pg_catalog.text)",
           marking.table.sql()),
       {file.version, file.name}}};
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
                         .files = files,
                         .mark = mark};

}  // namespace candor::history::ledgers
