#include "engine/diff_schemas.h"

#include <fmt/format.h>

#include <chrono>

#include "engine/repair_checks.h"
#include "engine/shadow.h"

namespace candor::engine {

namespace {

using Nature = SchemaSource::Nature;

/// Texts can be compared only as one major prints them.
Result<std::optional<int>> common_major(const SchemaSource& from, const SchemaSource& to,
                                        const Project* project, std::optional<int> server) {
  auto a = major_of(from, project);
  if (!a) return pass(a);
  auto b = major_of(to, project);
  if (!b) return pass(b);
  const bool databases = from.nature == Nature::database && to.nature == Nature::database;
  if (databases && *a != *b)
    return fail(codes::server_unsupported,
                fmt::format("the databases are PostgreSQL {} and {}: they print the same schema differently",
                            a->value_or(0), b->value_or(0)),
                "compare databases of one major");
  if (from.nature == Nature::database) return a;
  if (to.nature == Nature::database) return b;
  if (server) return server;
  return *a ? a : b;
}

Result<> require_readable(const catalog::Catalog& catalog, const SchemaSource& source) {
  if (catalog.unreadable.empty()) return {};
  return fail(
      codes::unproven,
      fmt::format("the role may not read every {} of {}: {}", name_of(catalog.unreadable.front().kind),
                  source.name(), catalog.unreadable.front().reason),
      "connect as a role that may read the catalogs");
}

}  // namespace

Result<plan::Rename> find_rename(const catalog::Catalog& from, const catalog::Catalog& to,
                                 const std::pair<std::string, std::string>& names) {
  for (const catalog::Kind kind : catalog::all_kinds()) {
    plan::Rename rename;
    if (!parse_id(kind, names.first, rename.from) || from.find(rename.from) == nullptr) continue;
    if (!parse_id(kind, names.second, rename.to)) {
      rename.to = rename.from;
      rename.to.name = Text(names.second);
    }
    if (to.find(rename.to) != nullptr) return rename;
  }
  return fail(
      codes::usage,
      fmt::format(
          "{} did not become {}: the one is not in the schema that is there, or the other not in the one that is to be",
          names.first, names.second),
      "name both as the differences do, the old name first: --rename OLD=NEW");
}

Result<SchemaDiff> diff_schemas(const SchemaSource& from, const SchemaSource& to, const Project* project,
                                const Settings& settings, const DiffOptions& options) {
  auto major = common_major(from, to, project, options.server);
  if (!major) return pass(major);
  SchemaDiff result;
  auto a = read_source(from, project, settings, *major, result.findings);
  if (!a) return failed(fmt::format("reading {}", from.name()), a);
  if (!*major && a->major != 0) *major = a->major;
  auto b = read_source(to, project, settings, *major, result.findings);
  if (!b) return failed(fmt::format("reading {}", to.name()), b);
  for (const auto& [catalog, source] : {std::pair{&*a, &from}, std::pair{&*b, &to}})
    if (auto readable = require_readable(*catalog, *source); !readable) return pass(readable);
  if (a->major == 0) a->major = b->major;
  if (b->major == 0) b->major = a->major;
  result.from = std::move(*a);
  result.to = std::move(*b);
  const auto start = std::chrono::steady_clock::now();
  plan::Options planned = options.plan;
  for (const auto& rename : options.renames) {
    auto found = find_rename(result.from, result.to, rename);
    if (!found) return pass(found);
    planned.renames.push_back(*found);
  }
  result.plan = plan::make_plan(result.from, result.to, result.from.major, planned);
  if (planned.renames.empty()) result.likely_renames = plan::likely_renames(result.from, result.to);
  result.planning_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  if (auto fit = require_columns(planned.fills, result.to); !fit) return pass(fit);
  if (result.plan.empty() && result.plan.impossible.empty()) {
    result.proof.proven = true;
    return result;
  }
  auto proof = prove_plan_in_shadow(settings, result.from, result.to, result.plan, planned);
  if (!proof) return pass(proof);
  result.proof = std::move(*proof);
  return result;
}

}  // namespace candor::engine
