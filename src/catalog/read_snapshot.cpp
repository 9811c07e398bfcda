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

/// Which kinds have no object at all. Planning a query on a fresh backend costs more than running it: most
/// databases have neither domains nor rules, and one question spares theirs.
Result<Outline> outline_of(pg::Connection& connection) {
  static const pg::Prepared question{
      "candor_present",
      "SELECT ARRAY(SELECT DISTINCT c.relkind::pg_catalog.text FROM pg_catalog.pg_class c WHERE c.oid >= 16384),"
      " ARRAY(SELECT DISTINCT t.typtype::pg_catalog.text FROM pg_catalog.pg_type t WHERE t.oid >= 16384),"
      " EXISTS (SELECT FROM pg_catalog.pg_extension e WHERE e.oid >= 16384),"
      " EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE p.oid >= 16384),"
      " EXISTS (SELECT FROM pg_catalog.pg_trigger g WHERE NOT g.tgisinternal),"
      " EXISTS (SELECT FROM pg_catalog.pg_policy p),"
      " EXISTS (SELECT FROM pg_catalog.pg_rewrite w WHERE w.oid >= 16384 AND w.rulename <> '_RETURN'),"
      " pg_catalog.pg_relation_size('pg_catalog.pg_attribute'::pg_catalog.regclass),"
      " pg_catalog.has_function_privilege('pg_catalog.pg_export_snapshot()', 'EXECUTE')"};
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
      {Kind::extension, !rows.flag(0, 2)},
      {Kind::enum_type, none_of(typtypes, "e")},
      {Kind::domain, none_of(typtypes, "d")},
      {Kind::range_type, none_of(typtypes, "r")},
      {Kind::composite_type, none_of(relkinds, "c")},
      {Kind::sequence, none_of(relkinds, "S")},
      {Kind::table, none_of(relkinds, "rp")},
      {Kind::column, none_of(relkinds, "rp")},
      {Kind::view, none_of(relkinds, "v")},
      {Kind::materialized_view, none_of(relkinds, "m")},
      {Kind::index, none_of(relkinds, "iI")},
      {Kind::constraint, none_of(relkinds, "rp") && none_of(typtypes, "d")},
      {Kind::function, !rows.flag(0, 3)},
      {Kind::trigger, !rows.flag(0, 4)},
      {Kind::policy, !rows.flag(0, 5)},
      {Kind::rule, !rows.flag(0, 6)},
  };
  Outline outline{.shareable = rows.number(0, 7) > large_bytes && rows.flag(0, 8)};
  for (const auto& [kind, is_absent] : absences)
    if (is_absent) outline.absent.insert(kind);
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
