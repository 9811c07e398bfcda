#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <tuple>

#include "catalog/kind.h"
#include "catalog/read.h"

namespace candor::catalog {

namespace {

/// What one question tells of the catalog before it is read.
struct Outline {
  std::set<Kind> absent;
  bool shareable = false;  ///< large enough for two connections, and the snapshot can be exported
};

/// From some hundred tables on, a second connection is worth its making.
constexpr std::int64_t large_bytes = 4 << 20;

/// Of which kinds there is an object, for those that relations and types do not tell. Opening a catalog that
/// the session has not used yet costs more than looking into it; so those whose every object needs another
/// (its schema, a function, a table) are looked for in pg_depend, by the catalog's fixed oid.
struct Presence {
  Kind kind;
  std::string_view from;  ///< FROM and WHERE; empty: in pg_depend
  std::uint32_t catalog = 0;
};
constexpr Presence presences[] = {
    {Kind::extension, "pg_extension x WHERE x.oid >= 16384"},
    {Kind::function, "pg_proc x WHERE x.oid >= 16384"},
    {Kind::trigger, "pg_trigger x WHERE NOT x.tgisinternal"},
    {Kind::policy, "pg_policy"},
    {Kind::rule, "pg_rewrite x WHERE x.oid >= 16384 AND x.rulename <> '_RETURN'"},
    {Kind::language, "pg_language x WHERE x.oid >= 16384"},
    {Kind::access_method, "pg_am x WHERE x.oid >= 16384"},
    {Kind::foreign_data_wrapper, "pg_foreign_data_wrapper"},
    {Kind::publication, "pg_publication"},
    {Kind::subscription, "pg_subscription x WHERE x.subdbid <> 0"},
    {Kind::cast, "pg_cast x WHERE x.oid >= 16384"},
    {Kind::security_label, "pg_seclabel"},
    {Kind::default_privileges, "pg_default_acl"},
    {Kind::foreign_server, "", 1417},
    {Kind::event_trigger, "", 3466},
    {Kind::transform, "", 3576},
    {Kind::collation, "", 3456},
    {Kind::conversion, "", 2607},
    {Kind::operator_, "", 2617},
    {Kind::operator_family, "", 2753},
    {Kind::operator_class, "", 2616},
    {Kind::text_search_parser, "", 3601},
    {Kind::text_search_template, "", 3764},
    {Kind::text_search_dictionary, "", 3600},
    {Kind::text_search_configuration, "", 3602},
    {Kind::statistics, "", 3381},
};

std::string presence_question() {
  // B: base types and shells. Arrays, of which each table has one, have no array type of their own.
  std::string sql =
      "SELECT ARRAY(SELECT DISTINCT c.relkind::pg_catalog.text FROM pg_catalog.pg_class c WHERE c.oid >= 16384),"
      " ARRAY(SELECT DISTINCT CASE WHEN NOT t.typisdefined OR t.typtype = 'b' AND t.typarray <> 0 THEN 'B'"
      "  ELSE t.typtype::pg_catalog.text END FROM pg_catalog.pg_type t WHERE t.oid >= 16384),"
      " pg_catalog.pg_relation_size('pg_catalog.pg_attribute'::pg_catalog.regclass),"
      " pg_catalog.has_function_privilege('pg_catalog.pg_export_snapshot()', 'EXECUTE')";
  for (const Presence& presence : presences)
    sql +=
        presence.catalog == 0
            ? fmt::format(", EXISTS (SELECT FROM pg_catalog.{})", presence.from)
            : fmt::format(
                  ", EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE x.classid = {} AND x.objid >= 16384)",
                  presence.catalog);
  return sql;
}

/// Which kinds have no object at all. Planning a query on a fresh backend costs more than running it: most
/// databases have neither domains nor rules, and one question spares theirs.
Result<Outline> outline_of(pg::Connection& connection) {
  static const pg::Prepared question{"candor_present", presence_question()};
  pg::Rows rows;
  pg::Pipeline pipeline(connection);
  pipeline.add(pin_settings(), pin_parameters(true));
  pipeline.add(question, {}, [&](pg::Rows answer) -> Result<> {
    rows = std::move(answer);
    return {};
  });
  if (auto asked = pipeline.run(); !asked) return pass(asked);
  const auto relkinds = pg::parse_array(rows.at(0, 0)), typtypes = pg::parse_array(rows.at(0, 1));
  const auto none_of = [](const std::vector<std::string>& found, std::string_view codes) {
    return std::ranges::none_of(
        found, [&](const std::string& code) { return codes.find(code) != std::string_view::npos; });
  };
  const std::pair<Kind, bool> absences[] = {
      {Kind::base_type, none_of(typtypes, "B")},
      {Kind::enum_type, none_of(typtypes, "e")},
      {Kind::domain, none_of(typtypes, "d")},
      {Kind::range_type, none_of(typtypes, "r")},
      {Kind::composite_type, none_of(relkinds, "c")},
      {Kind::sequence, none_of(relkinds, "S")},
      {Kind::table, none_of(relkinds, "rp")},
      {Kind::foreign_table, none_of(relkinds, "f")},
      {Kind::column, none_of(relkinds, "rpf")},
      {Kind::view, none_of(relkinds, "v")},
      {Kind::materialized_view, none_of(relkinds, "m")},
      {Kind::index, none_of(relkinds, "iI")},
      {Kind::constraint, none_of(relkinds, "rpf") && none_of(typtypes, "d")},
  };
  Outline outline{.shareable = rows.number(0, 2) > large_bytes && rows.flag(0, 3)};
  for (const auto& [kind, is_absent] : absences)
    if (is_absent) outline.absent.insert(kind);
  int column = 4;
  for (const Presence& presence : presences)
    if (!rows.flag(0, column++)) outline.absent.insert(presence.kind);
  if (outline.absent.contains(Kind::foreign_server)) outline.absent.insert(Kind::user_mapping);
  return outline;
}

Result<Reading> read_on_one(pg::Connection& connection, const Scope& scope, ReadOptions options) {
  Reader reader(connection, scope, std::move(options));
  pg::Pipeline pipeline(connection);
  reader.ask(pipeline);
  if (auto run = pipeline.run(); !run) return failed("reading the catalog", run);
  return reader.finish(connection);
}

/// A second connection in a transaction that sees what `connection`'s sees. Nothing where none can be had:
/// the server's connections are used up, or a pooler stands between.
Result<std::optional<pg::Connection>> open_companion(pg::Connection& connection) {
  auto snapshot = connection.query("SELECT pg_catalog.pg_export_snapshot()");
  if (!snapshot) return pass(snapshot);
  auto companion = pg::Connection::open(connection.options());
  if (!companion) return std::nullopt;
  const std::string name(snapshot->at(0, 0));  // hexadecimal digits and dashes; SET takes no parameters
  for (const std::string& statement :
       {std::string("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
        "SET TRANSACTION SNAPSHOT '" + name + "'", std::string("SET LOCAL lock_timeout = '10s'")})
    if (!companion->query(statement)) return std::nullopt;
  return std::optional(std::move(*companion));
}

Result<Reading> read_on_two(pg::Connection& connection, pg::Connection& companion, ReadOptions options) {
  Reader reader(connection, {}, std::move(options));
  pg::Pipeline one(connection), other(companion);
  reader.ask(one, other);
  Result<> run_of_other;
  {
    const std::jthread beside([&] { run_of_other = other.run(); });
    if (auto run = one.run(); !run) return failed("reading the catalog", run);
  }
  if (!run_of_other) return failed("reading the catalog on a second connection", run_of_other);
  return reader.finish(connection);
}

}  // namespace

Result<Reading> read_in_transaction(pg::Connection& connection, const Scope& scope,
                                    const ReadOptions& options) {
  ReadOptions used = options;
  // With something to skip already, the role may not ask.
  if (scope.whole && options.skip.empty()) {
    auto outline = outline_of(connection);
    if (!outline) return failed("reading the catalog", outline);
    used.skip = std::move(outline->absent);
  }
  return read_on_one(connection, scope, std::move(used));
}

Result<Reading> read_in_snapshot(pg::Connection& connection, const ReadOptions& options) {
  ReadOptions used = options;
  if (options.skip.empty()) {
    auto outline = outline_of(connection);
    if (!outline) return failed("reading the catalog", outline);
    used.skip = std::move(outline->absent);
    if (outline->shareable) {
      auto companion = open_companion(connection);
      if (!companion) return failed("sharing the snapshot", companion);
      if (*companion) return read_on_two(connection, **companion, std::move(used));
    }
  }
  return read_on_one(connection, {}, std::move(used));
}

namespace {

/// Which kinds' catalogs the role may not read, with the server's reason: each query is tried behind a
/// savepoint.
Result<std::vector<Unreadable>> find_unreadable(pg::Connection& connection) {
  auto transaction = pg::Transaction::begin(connection, "READ ONLY");
  if (!transaction) return pass(transaction);
  std::vector<Unreadable> unreadable;
  for (const KindSpec* spec : all_kind_specs()) {
    if (spec->sql == nullptr) continue;
    if (auto saved = connection.query("SAVEPOINT candor_kind"); !saved) return pass(saved);
    auto tried = connection.query(statement_for_all(*spec, connection.server_version()));
    if (tried) continue;
    if (tried.error().code.id != codes::insufficient_rights.id) return pass(tried);
    unreadable.push_back({spec->kind, tried.error().message});
    if (auto back = connection.query("ROLLBACK TO SAVEPOINT candor_kind"); !back) return pass(back);
  }
  return unreadable;
}

/// Kinds that are read by, or not without, another kind's query.
void add_dependent_kinds(std::vector<Unreadable>& unreadable) {
  constexpr std::pair<Kind, Kind> depends[] = {
      {Kind::function, Kind::procedure}, {Kind::function, Kind::aggregate}, {Kind::index, Kind::constraint}};
  for (const auto& [needed, dependent] : depends) {
    const auto known = [&](Kind kind) { return std::ranges::find(unreadable, kind, &Unreadable::kind); };
    if (known(needed) != unreadable.end() && known(dependent) == unreadable.end())
      unreadable.push_back({dependent, known(needed)->reason});
  }
}

Result<Catalog> read_once(pg::Connection& connection, const ReadOptions& options) {
  auto transaction = begin_snapshot(connection);
  if (!transaction) return pass(transaction);
  auto reading = read_in_snapshot(connection, options);
  if (!reading) return pass(reading);
  if (auto done = transaction->commit(); !done) return pass(done);
  return std::move(reading->catalog);
}

}  // namespace

bool relation_vanished(const Error& error) {
  constexpr std::string_view states[] = {"XX000", "42P01", "42704"};
  return std::ranges::find(states, error.sqlstate) != std::end(states);
}

Result<pg::Transaction> begin_snapshot(pg::Connection& connection) {
  auto transaction = pg::Transaction::begin(connection, "ISOLATION LEVEL REPEATABLE READ READ ONLY");
  if (!transaction) return transaction;
  // Printing waits for whoever holds an ACCESS EXCLUSIVE lock: an observer must not wait for ever.
  if (auto set = connection.query("SET LOCAL lock_timeout = '10s'"); !set) return pass(set);
  return transaction;
}

Result<Catalog> read(pg::Connection& connection, const ReadOptions& options) {
  ReadOptions used = options;
  std::vector<Unreadable> unreadable;
  for (int attempt = 1;; ++attempt) {
    auto catalog = read_once(connection, used);
    if (catalog) {
      catalog->unreadable = unreadable;
      return catalog;
    }
    if (catalog.error().code.id == codes::insufficient_rights.id && unreadable.empty()) {
      auto found = find_unreadable(connection);
      if (!found) return pass(found);
      unreadable = std::move(*found);
      if (unreadable.empty()) return catalog;  // it was something else that may not be read
      add_dependent_kinds(unreadable);
      for (const Unreadable& kind : unreadable) used.skip.insert(kind.kind);
    } else if (attempt == 5 || !relation_vanished(catalog.error())) {
      return catalog;
    }
  }
}

}  // namespace candor::catalog
