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

Source source_for(Anchor anchor, int version, bool whole, bool witnessing) {
  Source source;
  source.version = version;
  source.whole = whole;
  source.schemas =
      std::string("(SELECT n.oid, n.nspname, n.nspowner, n.nspacl FROM pg_catalog.pg_namespace n WHERE ") +
      user_schema() + (whole ? "" : " AND n.nspname = ANY ($1::pg_catalog.name[])") + ") n";
  source.extensions =
      std::string("pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace") +
      (whole ? "" : " AND e.extname = ANY ($1::pg_catalog.name[])");
  source.relations =
      source.in_schemas("pg_class", "c", "relnamespace", "relname", 1, " AND c.relpersistence <> 't'");
  // Constraints belong to relations and to domains: there the types' names come second.
  source.types =
      source.in_schemas("pg_type", "t", "typnamespace", "typname", anchor == Anchor::relation ? 3 : 1);
  source.routines = source.in_schemas("pg_proc", "p", "pronamespace", "proname");
  source.witnessing = witnessing;
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
    case Anchor::qualified:
      append_names(params, scope.qualified);
      break;
    case Anchor::named:
      params.emplace_back(array_of(scope.named));
      break;
    case Anchor::all:
      break;
  }
  return params;
}

bool wanted(const KindSpec& spec, const Scope& scope, const ReadOptions& options) {
  if (options.skip.contains(spec.kind)) return false;
  return scope.whole || scope.kinds.contains(spec.kind);
}

/// One kind's statement, made once per major: it is asked for with every migration.
const pg::Prepared& statement_of(const KindSpec& spec, int version, bool whole, bool witnessing) {
  static std::mutex mutex;
  static std::map<std::tuple<Kind, int, bool, bool>, pg::Prepared> made;
  const std::lock_guard lock(mutex);
  auto& statement = made[{spec.kind, version, whole, witnessing}];
  if (statement.sql.empty())
    statement = {
        fmt::format("candor_{}{}_{}", whole ? "all" : "named", witnessing ? "_written" : "", spec.name),
        spec.sql(source_for(spec.anchor, version, whole, witnessing))};
  return statement;
}

/// What Source::written compares with.
const pg::Prepared& set_written_between() {
  static const pg::Prepared statement{"candor_written_between",
                                      "SELECT pg_catalog.set_config('candor.xid_from', $1, true),"
                                      " pg_catalog.set_config('candor.xid_to', $2, true)"};
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
      case Anchor::qualified:
        scope.qualified.insert(own);
        break;
      case Anchor::named:
        scope.named.insert(id.name.str());
        break;
      case Anchor::all:
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

const std::string& statement_for_all(const KindSpec& kind, int server_version) {
  return statement_of(kind, server_version, true, false).sql;
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
  ask_for(pipeline, [](Kind) { return true; });
}

void Reader::ask(pg::Pipeline& one, pg::Pipeline& other) {
  // Measured on 10,000 tables: these two take half the time of all, and both make the server open each table.
  const auto on_other = [](Kind kind) { return kind == Kind::index || kind == Kind::constraint; };
  for (pg::Pipeline* pipeline : {&one, &other})
    pipeline->add(pin_settings(), pin_parameters(state_->scope.whole));
  ask_for(one, [&](Kind kind) { return !on_other(kind); });
  ask_for(other, on_other);
}

void Reader::ask_for(pg::Pipeline& pipeline, const std::function<bool(Kind)>& included) {
  const bool witnessing = state_->options.written_between.has_value();
  if (witnessing)
    pipeline.add(set_written_between(),
                 {state_->options.written_between->first, state_->options.written_between->second});
  for (const KindSpec* spec : all_kind_specs()) {
    if (spec->sql == nullptr || !wanted(*spec, state_->scope, state_->options) || !included(spec->kind))
      continue;
    auto keep = [rows = &state_->rows[spec->kind]](pg::Rows result) -> Result<> {
      *rows = std::move(result);
      return {};
    };
    pipeline.add(statement_of(*spec, state_->version, state_->scope.whole, witnessing),
                 parameters(*spec, state_->scope), keep);
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

}  // namespace candor::catalog
