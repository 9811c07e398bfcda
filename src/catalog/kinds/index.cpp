#include <fmt/format.h>

#include "catalog/draft.h"
#include "catalog/kinds/kinds.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"unique"},
    {"method"},  // left out for btree
    {"columns", Compare::always, Printed::expression},
    {"include"},
    {"where", Compare::always, Printed::expression},
    {"nulls_not_distinct"},
    {"invalid"},
    {"clustered"},
    {"replica_identity"},
    {"partition_of"},  // the parent's index that it is attached to
    {"options"},
    {"tablespace"},
    {"statistics"},  // of expressions, by their place: "2=500"
    {"comment", Compare::configured},
};

enum Column {
  oid,
  table,
  name,
  method,
  unique,
  nulls_not_distinct,
  invalid,
  clustered,
  replica_identity,
  key_count,
  keys,
  collations,
  opclasses,
  flags,
  expressions,
  predicate,
  parent,
  options,
  tablespace,
  comment,
  written,
  constraint_backed,
  schema,
  statistics
};

std::string sql(const Source& source) {
  // Several expressions are asked for one by one: their joined text could not be split again. One is cheaper
  // whole.
  return fmt::format(
      "SELECT i.indexrelid, i.indrelid, x.relname, am.amname, i.indisunique, {}, NOT (i.indisvalid AND "
      "i.indisready AND i.indislive),"
      " i.indisclustered, i.indisreplident, i.indnkeyatts, i.indkey, i.indcollation,"
      " i.indclass, i.indoption,"
      " CASE WHEN i.indexprs IS NULL THEN NULL"
      "  WHEN pg_catalog.array_length(pg_catalog.array_positions(i.indkey::pg_catalog.int2[], 0::pg_catalog.int2), 1) = 1"
      "  THEN ARRAY[pg_catalog.pg_get_expr(i.indexprs, i.indrelid)]"
      "  ELSE ARRAY(SELECT pg_catalog.pg_get_indexdef(i.indexrelid, k, false)"
      "   FROM pg_catalog.generate_series(1, i.indnkeyatts) k) END,"
      " CASE WHEN i.indpred IS NOT NULL THEN pg_catalog.pg_get_expr(i.indpred, i.indrelid) END,"
      " h.inhparent,"
      " x.reloptions,"
      " ts.spcname, d.description, {}, k.conindid IS NOT NULL, n.nspname,"
      " CASE WHEN i.indexprs IS NOT NULL THEN ARRAY(SELECT s.attnum || '=' || s.attstattarget"
      "  FROM pg_catalog.pg_attribute s WHERE s.attrelid = i.indexrelid AND s.attstattarget >= 0 ORDER BY s.attnum) END"
      " FROM {} JOIN pg_catalog.pg_index i ON i.indrelid = c.oid"
      " JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN pg_catalog.pg_am am ON am.oid = x.relam"
      " LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = x.oid AND x.relispartition"
      " LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = x.reltablespace"
      " LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = i.indrelid AND k.conindid = i.indexrelid AND "
      "k.contype IN ('p', 'u', 'x'){}"
      " WHERE c.relkind IN ('r', 'p', 'm')",
      source.version >= 150000 ? "i.indnullsnotdistinct" : "false", source.written("i"), source.relations,
      source.comment("d", "pg_class", "i.indexrelid"));
}

constexpr Reference references[] = {{Refers::columns, keys, table},
                                    {Refers::collation, collations},
                                    {Refers::opclass, opclasses},
                                    {Refers::relation, parent}};

/// pg_collation's "default". Any other is told, also where it is the column's own.
constexpr std::int64_t default_collation = 100;

/// The sort order where it is not the default: NULLS FIRST goes with DESC (pg_index.indoption's two bits).
std::string_view order_of(std::int64_t flags) {
  switch (flags & 3) {
    case 1:
      return " desc nulls last";
    case 2:
      return " nulls first";
    case 3:
      return " desc";
    default:
      return "";
  }
}

/// One row's keys as "email, lower(name) desc", and what comes behind INCLUDE.
struct Elements {
  std::string keys, include;
};

constexpr bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

/// How long the text in parentheses at the front is; 0: it is not closed.
std::size_t parenthesised(std::string_view text) {
  int depth = 0;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quote != 0) {
      if (text[i] == quote) quote = 0;
    } else if (text[i] == '\'' || text[i] == '"') {
      quote = text[i];
    } else if (text[i] == '(') {
      ++depth;
    } else if (text[i] == ')' && --depth == 0) {
      return i + 1;
    }
  }
  return 0;
}

/// An expression as an element of a list: a function's call or in parentheses, so that its end can be found.
std::string element(std::string_view expression) {
  std::size_t name = 0;
  while (name < expression.size() && (is_name_byte(expression[name]) || expression[name] == '.')) ++name;
  if (name + parenthesised(expression.substr(name)) == expression.size() && name < expression.size())
    return std::string(expression);
  return fmt::format("({})", expression);
}

Elements elements_of(const pg::Rows& rows, int r, const Draft& draft) {
  const Oid relation = to_oid(rows.at(r, table));
  const auto numbers = parse_numbers(rows.at(r, keys));
  const auto own_collations = parse_numbers(rows.at(r, collations));
  const auto classes = parse_numbers(rows.at(r, opclasses));
  const auto orders = parse_numbers(rows.at(r, flags));
  const auto printed = pg::parse_array(rows.at(r, expressions));
  const auto key_attributes = static_cast<std::size_t>(rows.number(r, key_count));

  Elements elements;
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    std::string& list = k < key_attributes ? elements.keys : elements.include;
    if (!list.empty()) list += ", ";
    list += numbers[k] != 0       ? identifier(draft.column(relation, static_cast<int>(numbers[k])).view())
            : printed.size() == 1 ? element(printed[0])
            : k < printed.size()  ? element(printed[k])
                                  : "?";
    if (k >= key_attributes) continue;
    if (own_collations[k] != 0 && own_collations[k] != default_collation)
      list += " collate " + draft.collation(static_cast<Oid>(own_collations[k]));
    if (const std::string opclass = draft.opclass(static_cast<Oid>(classes[k])); !opclass.empty())
      list += " " + opclass;
    list += order_of(orders[k]);
  }
  return elements;
}

/// The index behind a primary key, unique or exclusion constraint is told by the constraint.
BackingIndex backing_index(const pg::Rows& rows, int r, const Elements& elements) {
  return {.include = elements.include,
          .definition = fmt::format("{} ({}){}{}", rows.at(r, method), elements.keys,
                                    rows.is_null(r, predicate) ? "" : " where ", rows.at(r, predicate)),
          .options = options_text(rows.at(r, options)),
          .tablespace = std::string(rows.at(r, tablespace)),
          .comment = std::string(rows.at(r, comment)),
          .nulls_not_distinct = rows.flag(r, nulls_not_distinct),
          .invalid = rows.flag(r, invalid),
          .clustered = rows.flag(r, clustered),
          .replica_identity = rows.flag(r, replica_identity)};
}

void build(const pg::Rows& rows, Draft& draft) {
  for (int r = 0; r < rows.size(); ++r) {
    const RelationName* const on = draft.relation(to_oid(rows.at(r, table)));
    if (on == nullptr) continue;
    const Elements elements = elements_of(rows, r, draft);
    if (rows.flag(r, constraint_backed)) {
      draft.backing_indexes[to_oid(rows.at(r, oid))] = backing_index(rows, r, elements);
      continue;
    }
    const ObjectId id{
        .kind = Kind::index, .schema = on->schema, .relation = on->name, .name = Text(rows.at(r, name))};
    Values values(Kind::index);
    values.flag("unique", rows.flag(r, unique));
    if (rows.at(r, method) != "btree") values.set("method", rows.at(r, method));
    values.set("columns", elements.keys);
    values.set("include", elements.include);
    values.set("where", rows.at(r, predicate));
    values.flag("nulls_not_distinct", rows.flag(r, nulls_not_distinct));
    values.flag("invalid", rows.flag(r, invalid));
    values.flag("clustered", rows.flag(r, clustered));
    values.flag("replica_identity", rows.flag(r, replica_identity));
    if (const Oid above = to_oid(rows.at(r, parent))) values.set("partition_of", draft.relation_text(above));
    values.set("options", options_text(rows.at(r, options)));
    values.set("tablespace", rows.at(r, tablespace));
    values.set("statistics", fmt::format("{}", fmt::join(pg::parse_array(rows.at(r, statistics)), ", ")));
    values.set("comment", rows.at(r, comment));
    if (rows.flag(r, written)) {
      draft.mark_written(id, "columns");
      draft.mark_written(id, "where");
    }
    draft.add(id, std::move(values));
  }
}

}  // namespace

const KindSpec index{Kind::index, "index", Anchor::relation, attributes, sql, Introduces::nothing,
                     references,  build,   &index_sql};

}  // namespace candor::catalog::kinds
