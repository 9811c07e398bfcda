/// candor baseline: records as present what the catalog proves to be there.
#include "engine/baseline.h"

#include <fmt/format.h>

#include <memory>

#include "base/file.h"
#include "cli/baseline_from_database.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/format.h"
#include "cli/option_set.h"
#include "cli/print_difference.h"

namespace candor::cli {

namespace {

struct Options {
  bool automatic = false, from_database = false;
  std::string name;
  std::string at;
  std::string wait;
  engine::BaselineOptions baseline;
};

Result<FromDatabase> from_database(const Options& options) {
  if (options.automatic || !options.at.empty() || options.baseline.accept_differences)
    return fail(codes::usage, "--from-database goes with no other version",
                "write `candor baseline --from-database`, for a database without any history");
  FromDatabase from{.dry_run = options.baseline.dry_run};
  if (!options.name.empty()) from.name = options.name;
  return from;
}

Result<> use(const Options& options, engine::Settings& settings) {
  if (options.automatic == !options.at.empty())
    return fail(codes::usage, options.automatic ? "--auto and --at exclude each other" : "which version?",
                "write `candor baseline --auto`, or `candor baseline --at VERSION`; `--from-database` "
                "where there is no history at all");
  if (options.automatic && options.baseline.accept_differences)
    return fail(codes::usage, "--accept-differences needs --at",
                "name the version: `candor baseline --at VERSION --accept-differences`");
  if (options.wait.empty()) return {};
  auto wait = parse_wait(options.wait);
  if (!wait) return pass(wait);
  settings.wait_for_runner = std::chrono::ceil<std::chrono::seconds>(*wait);
  return {};
}

std::string name_of(const history::LockEntry* entry) {
  return label(entry->version, entry->name);
}

Json versions(const std::vector<const history::LockEntry*>& entries) {
  Json list = Json::array();
  for (const history::LockEntry* const entry : entries) list.push_back(entry->version.text());
  return list;
}

void print_statements(Context& context, const engine::BaselineResult& result) {
  context.fields["statements"] = result.statements;
  std::string text = "BEGIN;\n";
  for (const std::string& statement : result.statements) text += statement + ";\n";
  context.out.raw(text + "COMMIT;\n");
}

void report_same_catalog(Context& context, const engine::BaselineResult& result) {
  if (result.same_catalog.empty()) return;
  const history::LockEntry* const last = result.same_catalog.back();
  std::string list;
  for (const history::LockEntry* const entry : result.same_catalog) {
    if (!list.empty()) list += ", ";
    list += name_of(entry);
  }
  context.report({Severity::warning,
                  {.code = codes::ambiguous_version,
                   .message = fmt::format("{} {} nothing in the catalog and {} pending: {}",
                                          counted(result.same_catalog.size(), "migration"),
                                          result.same_catalog.size() == 1 ? "leaves" : "leave",
                                          result.same_catalog.size() == 1 ? "stays" : "stay", list),
                   .hint = fmt::format("run `candor baseline --at {}` if it is known that they were run",
                                       printable(last->version.text()))}});
}

void print(Context& context, const engine::BaselineResult& result, bool dry_run) {
  for (const catalog::Difference& difference : result.accepted)
    context.out.line(format_difference(difference, context.paint()));
  if (result.at == nullptr)
    return context.out.line("the database stands before its first migration: there is nothing to record");
  const std::string compared =
      result.accepted.empty() ? fmt::format("{} compared, no difference", counted(result.objects, "object"))
                              : fmt::format("{} compared, {} accepted", counted(result.objects, "object"),
                                            counted(result.accepted.size(), "difference"));
  if (result.recorded.empty())
    return context.out.line(
        fmt::format("the ledger records everything up to {} already; {}", name_of(result.at), compared));
  context.out.line(fmt::format(
      "{}{} up to {}; {}; {} pending", dry_run ? "-- dry run: would baseline " : "baselined ",
      counted(result.recorded.size(), "migration"), name_of(result.at), compared, result.pending));
}

Result<int> baseline(Context& context, const Options& given) {
  if (given.from_database) {
    const auto from = from_database(given);
    if (!from) return std::unexpected(from.error());
    return baseline_from_database(context, *from);
  }
  auto project = context.project();
  if (!project) return pass(project);
  if (auto used = use(given, project->settings); !used) return pass(used);
  engine::BaselineOptions options = given.baseline;
  if (!given.at.empty()) options.at = history::Version(given.at);
  auto connection = context.connect(project->settings);
  if (!connection) return pass(connection);
  context.fields["target"] = connection->target();
  const auto result = engine::baseline(*project, *connection, options, [&](const pg::Holder& holder) {
    context.out.note("waiting for " + holder.description);
  });
  if (!result) return std::unexpected(result.error());

  context.fields["dry_run"] = options.dry_run;
  context.fields["version"] = result->at != nullptr ? Json(result->at->version.text()) : Json();
  context.fields["baselined"] = versions(result->recorded);
  context.fields["same_catalog"] = versions(result->same_catalog);
  context.fields["accepted"] = to_json(result->accepted);
  context.fields["objects"] = result->objects;
  context.fields["pending"] = result->pending;
  if (options.dry_run && !result->recorded.empty()) print_statements(context, *result);
  print(context, *result, options.dry_run);
  report_same_catalog(context, *result);
  return 0;
}

Runner add_options(OptionSet& set) {
  auto options = std::make_shared<Options>();
  set.flag("--auto", options->automatic, "record up to the version that the catalog proves");
  set.value("--at", options->at, "VERSION", "record up to this version, if the catalog agrees");
  const auto from = set.flag("--from-database", options->from_database,
                             "write the first migration of a database that has no history, and record it");
  set.value("--name", options->name, "NAME", "with --from-database: what that migration is called (baseline)")
      .needs(from);
  set.flag("--accept-differences", options->baseline.accept_differences,
           "with --at: record it although the catalog differs; the differences are kept in the ledger");
  set.flag("--dry-run", options->baseline.dry_run, "print the SQL that would be run; write nothing");
  set.value("--wait", options->wait, "60s", "how long to wait for another runner");
  return [options](Context& context) { return baseline(context, *options); };
}

}  // namespace

constinit const Command baseline_command{
    .name = "baseline",
    .help = "record as present what the catalog proves to be there",
    .details =
        "Examples:\n"
        "  candor baseline --auto --dry-run\n"
        "  candor baseline --at 0042\n"
        "  candor baseline --from-database    # no migrations yet: writes the first\n\n"
        "Runs no migration. The catalog is compared in the transaction that writes the ledger.",
    .add_options = add_options,
};

}  // namespace candor::cli
