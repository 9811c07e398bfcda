#include <fmt/format.h>

#include "catalog/draft.h"
#include "catalog/kinds/kinds.h"

namespace candor::catalog {

bool has_backing_index(const Object& constraint) {
  const Text type = constraint.values.front();
  return type == "primary_key" || type == "unique" || type == "exclude";
}

}  // namespace candor::catalog

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"type"},
    {"columns"},
    {"references"},  // "public.users (id)"
    {"match"},
    {"on_update"},
    {"on_delete"},
    {"on_delete_columns"},
    {"check", Compare::always, Printed::expression},
    {"exclude", Compare::always, Printed::expression},
    {"include"},
    {"nulls_not_distinct"},
    {"period"},
    {"deferrable"},  // "immediate" or "deferred": what it is initially
    {"not_valid"},
    {"not_enforced"},
    {"disabled"},  // a foreign key's own triggers are: DISABLE TRIGGER ALL
    {"no_inherit"},
    {"inherited"},
    {"invalid"},  // the index behind it
    {"clustered"},
    {"replica_identity"},
    {"options"},
    {"tablespace"},
    {"comment", Compare::configured},
    {"comment_on_index", Compare::configured},
};

enum Column {
  relation,
  name,
  type,
  keys,
  index,
  foreign,
  foreign_keys,
  match,
  on_update,
  on_delete,
  delete_set,
  check,
  operators,
  deferrable,
  deferred,
  validated,
  enforced,
  disabled,
  no_inherit,
  inherited,
  period,
  comment,
  written,
  domain_schema,
  domain
};

/// Left out: constraint triggers (they are triggers), the copies of a foreign key that partitions of the
/// referenced table bring about, and 18's NOT NULL rows (the column says so) unless they are not valid.
std::string sql(const Source& source) {
  const std::string selected = fmt::format(
      "k.conname, k.contype, k.conkey, k.conindid, k.confrelid, k.confkey, k.confmatchtype, k.confupdtype,"
      " k.confdeltype, {}, CASE WHEN k.contype = 'c' THEN pg_catalog.pg_get_expr(k.conbin, k.conrelid) END, "
      "k.conexclop,"
      " k.condeferrable, k.condeferred, k.convalidated, {}, k.contype = 'f' AND EXISTS (SELECT"
      " FROM pg_catalog.pg_trigger g WHERE g.tgconstraint = k.oid AND g.tgenabled IN ('D', 'R')),"
      " k.contype IN ('c', 'n') AND k.connoinherit,"
      " k.coninhcount > 0 AND (k.contype IN ('c', 'n') OR NOT k.conislocal), {}, d.description, {}",
      source.version >= 150000 ? "k.confdelsetcols" : "NULL::pg_catalog.int2[]",
      source.version >= 180000 ? "k.conenforced" : "true", source.version >= 180000 ? "k.conperiod" : "false",
      source.written("k"));
  const std::string comment = source.comment("d", "pg_constraint", "k.oid");
  const char* const kept =
      "(k.contype IN ('p', 'u', 'c', 'x') OR k.contype = 'f' AND k.conparentid = 0"
      " OR k.contype = 'n' AND NOT k.convalidated)";
  return fmt::format(
      "SELECT k.conrelid, {0}, NULL::pg_catalog.name, NULL::pg_catalog.name"
      " FROM {1} JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid{2} WHERE {3} AND c.relkind IN ('r', "
      "'p', 'f')"
      " UNION ALL SELECT 0, {0}, n.nspname, t.typname"
      " FROM {4} JOIN pg_catalog.pg_constraint k ON k.contypid = t.oid{2} WHERE k.contype = 'c'{5}",
      selected, source.relations, comment, kept, source.types, source.not_a_member("pg_type", "t.oid"));
}

constexpr Reference references[] = {{Refers::columns, keys, relation},
                                    {Refers::relation, foreign},
                                    {Refers::columns, foreign_keys, foreign},
                                    {Refers::columns, delete_set, relation},
                                    {Refers::op, operators}};

std::string_view type_name(std::string_view code) {
  if (code == "p") return "primary_key";
  if (code == "u") return "unique";
  if (code == "f") return "foreign_key";
  if (code == "c") return "check";
  if (code == "x") return "exclude";
  return "not_null";
}

/// NO ACTION, the default, is left out.
std::string_view action_name(std::string_view code) {
  if (code == "r") return "restrict";
  if (code == "c") return "cascade";
  if (code == "n") return "set null";
  if (code == "d") return "set default";
  return "";
}

void set_foreign_key(const pg::Rows& rows, int r, const Draft& draft, Values& values) {
  const Oid target = to_oid(rows.at(r, foreign));
  values.set("references", fmt::format("{} ({})", draft.relation_text(target),
                                       draft.column_list(target, rows.at(r, foreign_keys))));
  if (rows.at(r, match) == "f") values.set("match", "full");
  values.set("on_update", action_name(rows.at(r, on_update)));
  values.set("on_delete", action_name(rows.at(r, on_delete)));
  values.set("on_delete_columns", draft.column_list(to_oid(rows.at(r, relation)), rows.at(r, delete_set)));
}

void set_backing_index(const pg::Rows& rows, int r, const Draft& draft, Values& values) {
  const auto found = draft.backing_indexes.find(to_oid(rows.at(r, index)));
  if (found == draft.backing_indexes.end()) return;
  const BackingIndex& backing = found->second;
  if (rows.at(r, type) == "x") {
    std::string with;
    for (const auto op : parse_numbers(rows.at(r, operators)))
      with += (with.empty() ? "" : ", ") + draft.operator_name(static_cast<Oid>(op));
    values.set("exclude", backing.definition + " with " + with);
  }
  values.set("include", backing.include);
  values.flag("nulls_not_distinct", backing.nulls_not_distinct);
  values.flag("invalid", backing.invalid);
  values.flag("clustered", backing.clustered);
  values.flag("replica_identity", backing.replica_identity);
  values.set("options", backing.options);
  values.set("tablespace", backing.tablespace);
  values.set("comment_on_index", backing.comment);
}

void build(const pg::Rows& rows, Draft& draft) {
  for (int r = 0; r < rows.size(); ++r) {
    const bool of_domain = !rows.is_null(r, domain);
    ObjectId id{.kind = Kind::constraint, .name = Text(rows.at(r, name))};
    const Oid on = to_oid(rows.at(r, relation));
    if (of_domain) {
      id.schema = Text(rows.at(r, domain_schema));
      id.relation = Text(rows.at(r, domain));
    } else if (const RelationName* const table = draft.relation(on)) {
      id.schema = table->schema;
      id.relation = table->name;
    } else {
      continue;
    }
    Values values(Kind::constraint);
    const std::string_view code = rows.at(r, type);
    values.set("type", type_name(code));
    // The columns of a check follow from its expression; a domain's has none.
    if (code != "c" && code != "x") values.set("columns", draft.column_list(on, rows.at(r, keys)));
    if (code == "f") set_foreign_key(rows, r, draft, values);
    if (code == "p" || code == "u" || code == "x") set_backing_index(rows, r, draft, values);
    values.set("check", rows.at(r, check));
    values.flag("period", rows.flag(r, period));
    if (rows.flag(r, deferrable)) values.set("deferrable", rows.flag(r, deferred) ? "deferred" : "immediate");
    values.flag("not_valid", !rows.flag(r, validated));
    values.flag("not_enforced", !rows.flag(r, enforced));
    values.flag("disabled", rows.flag(r, disabled));
    values.flag("no_inherit", rows.flag(r, no_inherit));
    values.flag("inherited", rows.flag(r, inherited));
    values.set("comment", rows.at(r, comment));
    if (rows.flag(r, written)) {
      draft.mark_written(id, "check");
      draft.mark_written(id, "exclude");
    }
    draft.add(id, std::move(values));
  }
}

}  // namespace

const KindSpec constraint{Kind::constraint, "constraint", Anchor::relation,
                          attributes,       sql,          Introduces::nothing,
                          references,       build,        &constraint_sql};

}  // namespace candor::catalog::kinds
