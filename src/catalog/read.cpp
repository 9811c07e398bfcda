#include "catalog/read.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>

#include "catalog/draft.h"
#include "catalog/kind.h"

namespace candor::catalog {

namespace {

/// FROM items for everything, or for the objects named in parameters $first and $first + 1.
struct FromItems {
  std::string whole;
  std::string named;
};

std::string user_schema() {
  return "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
}

FromItems with_schema(std::string_view catalog, std::string_view alias, std::string_view schema_column,
                      std::string_view name_column, int first, std::string_view extra = {}) {
  return {
      fmt::format("pg_catalog.pg_namespace n JOIN pg_catalog.{} {} ON {}.{} = n.oid AND {}{}", catalog, alias,
                  alias, schema_column, user_schema(), extra),
      fmt::format(
          "ROWS FROM (pg_catalog.unnest(${}::pg_catalog.name[]), pg_catalog.unnest(${}::pg_catalog.name[])) named(s, o)"
          " JOIN pg_catalog.pg_namespace n ON n.nspname = named.s AND {}"
          " JOIN pg_catalog.{} {} ON {}.{} = n.oid AND {}.{} = named.o{}",
          first, first + 1, user_schema(), catalog, alias, alias, schema_column, alias, name_column, extra)};
}

Source source_for(Anchor anchor, int version, bool whole, const ReadOptions& options) {
  const auto pick = [whole](const FromItems& items) { return whole ? items.whole : items.named; };
  Source source;
  source.version = version;
  source.schemas =
      std::string("(SELECT n.oid, n.nspname, n.nspowner, n.nspacl FROM pg_catalog.pg_namespace n WHERE ") +
      user_schema() + (whole ? "" : " AND n.nspname = ANY ($1::pg_catalog.name[])") + ") n";
  source.extensions =
      std::string("pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace") +
      (whole ? "" : " AND e.extname = ANY ($1::pg_catalog.name[])");
  source.relations =
      pick(with_schema("pg_class", "c", "relnamespace", "relname", 1, " AND c.relpersistence <> 't'"));
  // Constraints belong to relations and to domains: there the types' names come second.
  source.types =
      pick(with_schema("pg_type", "t", "typnamespace", "typname", anchor == Anchor::relation ? 3 : 1));
  source.routines = pick(with_schema("pg_proc", "p", "pronamespace", "proname", 1));
  if (options.written_between) std::tie(source.xid_from, source.xid_to) = *options.written_between;
  return source;
}

std::string array_of(const std::set<std::string>& names) {
  return pg::array_literal(std::vector<std::string>(names.begin(), names.end()));
}

void append_names(pg::Params& params, const Scope::Names& names) {
  std::vector<std::string> schemas, objects;
  for (const auto& [schema, name] : names) {
    schemas.push_back(schema);
    objects.push_back(name);
  }
  params.emplace_back(pg::array_literal(schemas));
  params.emplace_back(pg::array_literal(objects));
}

pg::Params parameters(const KindSpec& spec, const Scope& scope) {
  pg::Params params;
  if (scope.whole) return params;
  switch (spec.anchor) {
    case Anchor::schema:
      params.emplace_back(array_of(scope.schemas));
      break;
    case Anchor::extension:
      params.emplace_back(array_of(scope.extensions));
      break;
    case Anchor::type:
      append_names(params, scope.types);
      break;
    case Anchor::routine:
      append_names(params, scope.routines);
      break;
    case Anchor::relation:
      append_names(params, scope.relations);
      if (spec.kind == Kind::constraint) append_names(params, scope.types);
      break;
  }
  return params;
}

bool wanted(const KindSpec& spec, const Scope& scope, const ReadOptions& options) {
  if (options.skip.contains(spec.kind)) return false;
  return scope.whole || scope.kinds.contains(spec.kind);
}

/// One kind's statement, made once per major: it is asked for with every migration.
const pg::Prepared& statement_of(const KindSpec& spec, int version, bool whole) {
  static std::mutex mutex;
  static std::map<std::tuple<Kind, int, bool>, pg::Prepared> made;
  const std::lock_guard lock(mutex);
  auto& statement = made[{spec.kind, version, whole}];
  if (statement.sql.empty())
    statement = {fmt::format("candor_{}_{}", whole ? "all" : "named", spec.name),
                 spec.sql(source_for(spec.anchor, version, whole, {}))};
  return statement;
}

}  // namespace

Scope Scope::of(const std::vector<ObjectId>& ids) {
  Scope scope;
  scope.whole = false;
  for (const ObjectId& id : ids) {
    const std::pair<std::string, std::string> own{id.schema.view(), id.name.view()};
    const std::pair<std::string, std::string> owner{id.schema.view(), id.relation.view()};
    switch (spec_of(id.kind).anchor) {
      case Anchor::schema:
        scope.schemas.insert(id.name.str());
        break;
      case Anchor::extension:
        scope.extensions.insert(id.name.str());
        break;
      case Anchor::type:
        scope.types.insert(own);
        break;
      case Anchor::routine:
        scope.routines.insert(own);
        break;
      case Anchor::relation:
        scope.relations.insert(id.relation.empty() ? own : owner);
        break;
    }
    scope.kinds.insert(id.kind);
    if (id.kind == Kind::constraint) {
      scope.types.insert(owner);        // it may be a domain's
      scope.kinds.insert(Kind::index);  // the one behind it
    }
    if (id.kind == Kind::procedure || id.kind == Kind::aggregate) scope.kinds.insert(Kind::function);
  }
  return scope;
}

const std::string& pinned_settings() {
  static const std::string settings =
      "(VALUES"

      " ('search_path', ''), ('TimeZone', 'UTC'), ('DateStyle', 'ISO, YMD'), ('IntervalStyle', 'postgres'),"
      " ('bytea_output', 'hex'), ('extra_float_digits', '3'), ('quote_all_identifiers', 'off'),"
      " ('standard_conforming_strings', 'on'), ('lc_monetary', 'C'), ('row_security', 'off'), ('jit', 'off'),"
      " ('plan_cache_mode', 'force_generic_plan'), ('join_collapse_limit', '1'), ('from_collapse_limit', '1'), ('enable_hashjoin', $1), ('enable_mergejoin', $1),"
      " ('enable_seqscan', $1)) s(name, value)";
  return settings;
}

const pg::Prepared& pin_settings() {
  static const pg::Prepared statement{
      "candor_pin", "SELECT pg_catalog.set_config(s.name, s.value, true) FROM " + pinned_settings()};
  return statement;
}

pg::Params pin_parameters(bool whole) {
  return {whole ? "on" : "off"};
}

struct Reader::State {
  int version = 0;
  int major = 0;
  Scope scope;
  ReadOptions options;
  std::map<Kind, pg::Rows> rows;
};

Reader::Reader(const pg::Connection& connection, Scope scope, ReadOptions options)
    : state_(new State{
          connection.server_version(), connection.major(), std::move(scope), std::move(options), {}}) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;

void Reader::ask(pg::Pipeline& pipeline) {
  pipeline.add(pin_settings(), pin_parameters(state_->scope.whole));
  ask_pinned(pipeline);
}

void Reader::ask_pinned(pg::Pipeline& pipeline) {
  for (const KindSpec* spec : all_kind_specs()) {
    if (spec->sql == nullptr || !wanted(*spec, state_->scope, state_->options)) continue;
    auto keep = [rows = &state_->rows[spec->kind]](pg::Rows result) -> Result<> {
      *rows = std::move(result);
      return {};
    };
    const pg::Params params = parameters(*spec, state_->scope);
    const bool whole = state_->scope.whole;
    if (state_->options.written_between)  // the statement holds xids: not worth preparing
      pipeline.add(spec->sql(source_for(spec->anchor, state_->version, whole, state_->options)), params,
                   keep);
    else
      pipeline.add(statement_of(*spec, state_->version, whole), params, keep);
  }
}

Result<Reading> Reader::finish(pg::Connection& connection) {
  Draft draft(state_->options.excluded_schemas);
  for (const KindSpec* spec : all_kind_specs()) {
    const auto found = state_->rows.find(spec->kind);
    if (found == state_->rows.end()) continue;
    const pg::Rows& rows = found->second;
    for (int r = 0; r < rows.size() && spec->introduces != Introduces::nothing; ++r) {
      if (spec->introduces == Introduces::relations)
        draft.introduce_relation(to_oid(rows.at(r, 0)), Text(rows.at(r, 1)), Text(rows.at(r, 2)));
      else
        draft.introduce_column(to_oid(rows.at(r, 0)), static_cast<int>(rows.number(r, 1)),
                               Text(rows.at(r, 2)));
    }
  }
  for (const auto& [kind, rows] : state_->rows) {
    const KindSpec& spec = spec_of(kind);
    draft.note(spec, rows);
    // When everything is read, what belongs to an unread relation belongs to an extension or a session. When
    // named objects are read, their relation was perhaps not asked for itself.
    if (!state_->scope.whole && spec.anchor == Anchor::relation && spec.introduces != Introduces::relations)
      draft.note_relations(rows, kind == Kind::index ? 1 : 0);
  }
  if (const auto queries = draft.name_queries(); !queries.empty()) {
    pg::Pipeline pipeline(connection);
    for (const Draft::NameQuery& query : queries)
      pipeline.add(query.statement, query.params, [&](const pg::Rows& rows) -> Result<> {
        draft.learn_names(rows);
        return {};
      });
    if (auto asked = pipeline.run(); !asked) return failed("reading names", asked);
  }
  for (const KindSpec* spec : all_kind_specs()) {
    const auto found = state_->rows.find(spec->kind);
    if (found == state_->rows.end() || spec->build == nullptr) continue;
    spec->build(found->second, draft);
    state_->rows.erase(found);  // the rows of ten thousand tables weigh more than the objects made of them
  }
  Reading reading{Catalog(std::move(draft.objects), state_->major), std::move(draft.written)};
  for (auto& [id, forms] : reading.written)
    if (const Object* const object = reading.catalog.find(id))
      for (auto& [attribute, text] : forms) text = object->values[attribute];
  return reading;
}

namespace {

/// Which kinds have no object at all. Planning a query on a fresh backend costs more than running it: most
/// databases have neither domains nor rules, and one question spares theirs.
Result<std::set<Kind>> find_absent(pg::Connection& connection) {
  static const pg::Prepared question{
      "candor_present",
      "SELECT ARRAY(SELECT DISTINCT c.relkind::pg_catalog.text FROM pg_catalog.pg_class c WHERE c.oid >= 16384),"
      " ARRAY(SELECT DISTINCT t.typtype::pg_catalog.text FROM pg_catalog.pg_type t WHERE t.oid >= 16384),"
      " EXISTS (SELECT FROM pg_catalog.pg_extension e WHERE e.oid >= 16384),"
      " EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE p.oid >= 16384),"
      " EXISTS (SELECT FROM pg_catalog.pg_trigger g WHERE NOT g.tgisinternal),"
      " EXISTS (SELECT FROM pg_catalog.pg_policy p),"
      " EXISTS (SELECT FROM pg_catalog.pg_rewrite w WHERE w.oid >= 16384 AND w.rulename <> '_RETURN')"};
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
  std::set<Kind> absent;
  for (const auto& [kind, is_absent] : absences)
    if (is_absent) absent.insert(kind);
  return absent;
}

}  // namespace

Result<Reading> read_in_transaction(pg::Connection& connection, const Scope& scope,
                                    const ReadOptions& options) {
  ReadOptions used = options;
  // With something to skip already, the role may not ask.
  if (scope.whole && options.skip.empty()) {
    auto absent = find_absent(connection);
    if (!absent) return failed("reading the catalog", absent);
    used.skip = std::move(*absent);
  }
  Reader reader(connection, scope, used);
  pg::Pipeline pipeline(connection);
  reader.ask(pipeline);
  if (auto run = pipeline.run(); !run) return failed("reading the catalog", run);
  return reader.finish(connection);
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
    auto tried = connection.query(statement_of(*spec, connection.server_version(), true).sql);
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

bool vanished(const Error& error) {
  return error.sqlstate == "XX000" || error.sqlstate == "42P01" || error.sqlstate == "42704";
}

Result<Catalog> read_once(pg::Connection& connection, const ReadOptions& options) {
  auto transaction = pg::Transaction::begin(connection, "ISOLATION LEVEL REPEATABLE READ READ ONLY");
  if (!transaction) return pass(transaction);
  // Printing waits for whoever holds an ACCESS EXCLUSIVE lock: an observer must not wait for ever.
  if (auto set = connection.query("SET LOCAL lock_timeout = '10s'"); !set) return pass(set);
  auto reading = read_in_transaction(connection, {}, options);
  if (!reading) return pass(reading);
  if (auto done = transaction->commit(); !done) return pass(done);
  return std::move(reading->catalog);
}

}  // namespace

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
    } else if (attempt == 5 || !vanished(catalog.error())) {
      return catalog;
    }
  }
}

}  // namespace candor::catalog
