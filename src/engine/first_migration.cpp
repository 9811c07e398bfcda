#include "engine/first_migration.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/counted.h"
#include "base/file.h"
#include "catalog/read.h"
#include "engine/verify.h"
#include "history/ledger.h"

namespace candor::engine {

namespace {

std::unexpected<Error> history_is_there(std::string what) {
  return fail(codes::baseline_refused, fmt::format("there is a history already: {}", what),
              "run `candor baseline --auto`, which finds the version that the database has");
}

Result<> require_no_history(const Project& project, pg::Connection& connection) {
  const auto& migrations = project.history.migrations;
  if (!migrations.empty())
    return history_is_there(fmt::format("{} in {}", counted(migrations.size(), "migration"),
                                        printable(project.history.folder.string())));
  if (project.lock) return history_is_there(printable(project.lock_path.string()));
  const history::Ledger ledger(project.settings.ledger_schema);
  auto shape = ledger.require_usable(connection);
  if (!shape) return pass(shape);
  if (shape->shape == history::Shape::absent) return {};
  auto rows = ledger.rows(connection, *shape);
  if (!rows) return pass(rows);
  if (rows->empty()) return {};
  return fail(codes::baseline_refused,
              fmt::format("there is a history already: the ledger {}.schema_migrations has {}",
                          printable(ledger.schema()), counted(static_cast<std::size_t>(rows->size()), "row")),
              "bring the migrations that it names into the folder");
}

Result<catalog::Catalog> read_own(const Project& project, pg::Connection& connection) {
  auto live = catalog::read(connection, {.excluded_schemas = {project.settings.ledger_schema}});
  if (!live) return failed("reading the catalog", live);
  if (!live->unreadable.empty())
    return fail(codes::unproven,
                fmt::format("the role may not read every {}: {}", name_of(live->unreadable.front().kind),
                            live->unreadable.front().reason),
                "connect as a role that may read the catalogs");
  const std::vector<std::string> of_others = project.compare_options().ignore;
  std::vector<catalog::Object> objects;
  for (const catalog::Object& object : live->objects())
    if (!catalog::fits_any(of_others, object.id)) objects.push_back(object);
  return catalog::Catalog(std::move(objects), live->major);
}

}  // namespace

Result<FirstMigration> first_migration(const Project& project, pg::Connection& connection) {
  if (auto none = require_no_history(project, connection); !none) return pass(none);
  auto live = read_own(project, connection);
  if (!live) return pass(live);
  FirstMigration first{.plan = {}, .proof = {}, .live = std::move(*live)};
  const catalog::Catalog nothing = base_catalog(first.live.major);
  const plan::Options options{.simple = true};
  first.plan = plan::make_plan(nothing, first.live, first.live.major, options);
  if (!first.plan.impossible.empty())
    return fail(codes::plan_unproven, first.plan.impossible.front(),
                "leave it to others with `ignore` in candor.toml");
  auto proof = prove_plan_in_shadow(project.settings, nothing, first.live, first.plan, options);
  if (!proof) return pass(proof);
  first.proof = std::move(*proof);
  return first;
}

}  // namespace candor::engine
