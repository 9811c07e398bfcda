#include "engine/object_state.h"

#include <fmt/format.h>

#include "catalog/ddl.h"

namespace candor::engine {

namespace {

using catalog::Kind;
using catalog::ObjectId;

std::string literal(const Text& text) {
  return catalog::sql_literal(text.view());
}

/// "… n.nspname = 'public' AND c.relname = 'users'".
std::string named(std::string_view schema_column, const Text& schema, std::string_view name_column,
                  const Text& name) {
  return fmt::format("{} = {} AND {} = {}", schema_column, literal(schema), name_column, literal(name));
}

/// pg_class and its schema, for what belongs to a relation.
std::string of_relation(const ObjectId& id, std::string_view oid) {
  return fmt::format(
      "JOIN pg_catalog.pg_class c ON c.oid = {} JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
      " WHERE {}",
      oid, named("n.nspname", id.schema, "c.relname", id.relation));
}

std::string relation(const ObjectId& id, std::string_view kinds, std::string_view state) {
  return fmt::format(
      "SELECT {} FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
      " WHERE {} AND c.relkind IN ({})",
      state, named("n.nspname", id.schema, "c.relname", id.name), kinds);
}

std::string table(const ObjectId& id) {
  return relation(
      id, "'r', 'p'",
      "pg_catalog.concat_ws(' ', c.relkind, c.relpersistence, c.relreplident, c.relrowsecurity,"
      " c.relforcerowsecurity, c.reloptions, pg_catalog.pg_get_partkeydef(c.oid),"
      " pg_catalog.pg_get_expr(c.relpartbound, c.oid),"
      " (SELECT pg_catalog.string_agg(i.inhparent::pg_catalog.regclass::pg_catalog.text, ', ' ORDER BY i.inhseqno)"
      " FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid))");
}

std::string sequence(const ObjectId& id) {
  return fmt::format(
      "SELECT pg_catalog.concat_ws(' ', pg_catalog.format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement,"
      " s.seqmin, s.seqmax, s.seqcache, s.seqcycle, c.relpersistence,"
      " (SELECT pg_catalog.concat_ws(' ', d.deptype, d.refobjid::pg_catalog.regclass, a.attname) FROM pg_catalog.pg_depend d"
      " JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid"
      " WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')))"
      " FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid"
      " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE {}",
      named("n.nspname", id.schema, "c.relname", id.name));
}

std::string column(const ObjectId& id) {
  return fmt::format(
      "SELECT pg_catalog.concat_ws(' ', pg_catalog.format_type(a.atttypid, a.atttypmod),"
      " CASE WHEN a.attcollation <> t.typcollation THEN 'collate ' || a.attcollation::pg_catalog.regcollation::pg_catalog.text END,"
      " CASE WHEN a.attnotnull THEN 'not null' END, 'default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid),"
      " 'identity ' || nullif(a.attidentity::pg_catalog.text, ''), 'generated ' || nullif(a.attgenerated::pg_catalog.text, ''), a.attoptions,"
      " 'storage ' || nullif(a.attstorage, t.typstorage)::pg_catalog.text)"
      " FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
      " LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum {}"
      " AND a.attnum > 0 AND NOT a.attisdropped AND a.attname = {}",
      of_relation(id, "a.attrelid"), literal(id.name));
}

std::string constraint(const ObjectId& id) {
  return fmt::format(
      "SELECT pg_catalog.concat_ws(' ', pg_catalog.pg_get_constraintdef(k.oid), CASE WHEN NOT k.convalidated THEN"
      " 'not validated' END) FROM pg_catalog.pg_constraint k"
      " LEFT JOIN pg_catalog.pg_class c ON c.oid = k.conrelid LEFT JOIN pg_catalog.pg_type t ON t.oid = k.contypid"
      " JOIN pg_catalog.pg_namespace n ON n.oid = coalesce(nullif(c.relnamespace, 0), t.typnamespace)"
      " WHERE n.nspname = {} AND coalesce(c.relname, t.typname) = {} AND k.conname = {}",
      literal(id.schema), literal(id.relation), literal(id.name));
}

std::string index(const ObjectId& id) {
  return fmt::format(
      "SELECT pg_catalog.concat_ws(' ', pg_catalog.pg_get_indexdef(i.indexrelid), CASE WHEN NOT i.indisvalid THEN"
      " 'invalid' END, CASE WHEN i.indisclustered THEN 'clustered' END)"
      " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid {} AND x.relname = {}",
      of_relation(id, "i.indrelid"), literal(id.name));
}

std::string trigger(const ObjectId& id) {
  return fmt::format(
      "SELECT pg_catalog.concat_ws(' ', pg_catalog.pg_get_triggerdef(t.oid), 'fires ' || t.tgenabled::pg_catalog.text)"
      " FROM pg_catalog.pg_trigger t {} AND t.tgname = {}",
      of_relation(id, "t.tgrelid"), literal(id.name));
}

std::string policy(const ObjectId& id) {
  return fmt::format(
      "SELECT pg_catalog.concat_ws(' ', p.polcmd, p.polpermissive, (SELECT pg_catalog.string_agg(CASE r WHEN 0 THEN"
      " 'public' ELSE r::pg_catalog.regrole::pg_catalog.text END, ', ') FROM pg_catalog.unnest(p.polroles) r),"
      " 'using ' || pg_catalog.pg_get_expr(p.polqual, p.polrelid),"
      " 'check ' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid))"
      " FROM pg_catalog.pg_policy p {} AND p.polname = {}",
      of_relation(id, "p.polrelid"), literal(id.name));
}

std::string rule(const ObjectId& id) {
  return fmt::format(
      "SELECT pg_catalog.concat_ws(' ', pg_catalog.pg_get_ruledef(r.oid), 'fires ' || r.ev_enabled::pg_catalog.text)"
      " FROM pg_catalog.pg_rewrite r {} AND r.rulename = {}",
      of_relation(id, "r.ev_class"), literal(id.name));
}

std::string routine(const ObjectId& id) {
  return fmt::format(
      "SELECT pg_catalog.pg_get_functiondef(p.oid) FROM pg_catalog.pg_proc p"
      " JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE {} AND p.prokind = '{}' AND {} ="
      " coalesce((SELECT pg_catalog.string_agg(pg_catalog.format_type(u.t, NULL), ', ' ORDER BY u.o)"
      " FROM pg_catalog.unnest(p.proargtypes) WITH ORDINALITY u(t, o)), '')",
      named("n.nspname", id.schema, "p.proname", id.name), id.kind == Kind::procedure ? 'p' : 'f',
      literal(id.arguments));
}

std::string type(const ObjectId& id, char kind, std::string_view state) {
  return fmt::format(
      "SELECT {} FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
      " WHERE {} AND t.typtype = '{}'",
      state, named("n.nspname", id.schema, "t.typname", id.name), kind);
}

std::string statistics(const ObjectId& id) {
  return fmt::format(
      "SELECT pg_catalog.concat_ws(' ', pg_catalog.pg_get_statisticsobjdef(s.oid), s.stxstattarget)"
      " FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace WHERE {}",
      named("n.nspname", id.schema, "s.stxname", id.name));
}

std::string query_of(const ObjectId& id) {
  switch (id.kind) {
    case Kind::schema:
      return fmt::format("SELECT 'there' FROM pg_catalog.pg_namespace n WHERE n.nspname = {}",
                         literal(id.name));
    case Kind::extension:
      return fmt::format("SELECT 'there' FROM pg_catalog.pg_extension e WHERE e.extname = {}",
                         literal(id.name));
    case Kind::table:
      return table(id);
    case Kind::sequence:
      return sequence(id);
    case Kind::column:
      return column(id);
    case Kind::constraint:
      return constraint(id);
    case Kind::index:
      return index(id);
    case Kind::view:
      return relation(id, "'v'", "pg_catalog.concat_ws(' ', pg_catalog.pg_get_viewdef(c.oid), c.reloptions)");
    case Kind::materialized_view:
      return relation(id, "'m'", "pg_catalog.concat_ws(' ', pg_catalog.pg_get_viewdef(c.oid), c.reloptions)");
    case Kind::trigger:
      return trigger(id);
    case Kind::policy:
      return policy(id);
    case Kind::rule:
      return rule(id);
    case Kind::function:
    case Kind::procedure:
      return routine(id);
    case Kind::enum_type:
      return type(id, 'e',
                  "(SELECT coalesce(pg_catalog.string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder), '')"
                  " FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)");
    case Kind::domain:
      return type(id, 'd',
                  "pg_catalog.concat_ws(' ', pg_catalog.format_type(t.typbasetype, t.typtypmod),"
                  " CASE WHEN t.typnotnull THEN 'not null' END, 'default ' || t.typdefault)");
    case Kind::composite_type:
      return type(id, 'c',
                  "(SELECT coalesce(pg_catalog.string_agg(a.attname || ' ' ||"
                  " pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum), '')"
                  " FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND NOT a.attisdropped)");
    case Kind::statistics:
      return statistics(id);
    default:
      return {};
  }
}

}  // namespace

std::optional<std::string> state_expression(const ObjectId& id) {
  std::string query = query_of(id);
  if (query.empty()) return std::nullopt;
  return fmt::format("({})", query);
}

}  // namespace candor::engine
