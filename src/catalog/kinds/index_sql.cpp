#include <fmt/format.h>

#include <algorithm>

#include "catalog/kinds/index_elements.h"
#include "catalog/kinds/kind_sql.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

ObjectId table_of(const Object& index) {
  return {.kind = Kind::table, .schema = index.id.schema, .name = index.id.relation};
}

std::string name_of(const Object& index) {
  return fmt::format("{}.{}", pg::Identifier(index.id.schema.view()), pg::Identifier(index.id.name.view()));
}

Spoken spoken(const Object& index) {
  return {"INDEX", name_of(index)};
}

bool on_partitioned(const Object& index, const World& world) {
  const Object* const table = world.find(table_of(index));
  return table != nullptr && is_set(*table, "partition_by");
}

/// Of a partitioned table alone: each partition's index is created by its own name, and attached.
Ddl create_index(const Object& index, const World& world) {
  std::string sql = fmt::format(
      "CREATE {}INDEX {} ON {}{} USING {} ({})", is_set(index, "unique") ? "UNIQUE " : "",
      pg::Identifier(index.id.name.view()), on_partitioned(index, world) ? "ONLY " : "",
      sql_relation(index.id), is_set(index, "method") ? sql_names(value(index, "method")) : "btree",
      sql_index_elements(value(index, "columns")));
  if (is_set(index, "include")) sql += fmt::format(" INCLUDE ({})", sql_names(value(index, "include")));
  if (is_set(index, "nulls_not_distinct")) sql += " NULLS NOT DISTINCT";
  if (is_set(index, "options")) sql += fmt::format(" WITH ({})", sql_options(value(index, "options")));
  if (is_set(index, "tablespace")) sql += " TABLESPACE " + pg::Identifier(value(index, "tablespace")).sql();
  if (is_set(index, "where")) sql += fmt::format(" WHERE {}", value(index, "where"));
  return {.sql = std::move(sql), .lock = Lock::share, .on = table_of(index), .scans = true};
}

/// "2=500" as SET STATISTICS 500 of the second.
void append_statistics(Ddls& ddls, const Object& from, const Object& to) {
  const auto before = split_list(value(from, "statistics")), after = split_list(value(to, "statistics"));
  const auto set = [&](const std::string& text, bool reset) {
    const std::size_t equals = text.find('=');
    ddls.push_back({.sql = fmt::format("ALTER INDEX {} ALTER COLUMN {} SET STATISTICS {}", name_of(to),
                                       text.substr(0, equals), reset ? "-1" : text.substr(equals + 1)),
                    .lock = Lock::share_update_exclusive,
                    .on = table_of(to)});
  };
  for (const std::string& text : before)
    if (std::ranges::find(after, text) == after.end()) set(text, true);
  for (const std::string& text : after)
    if (std::ranges::find(before, text) == before.end()) set(text, false);
}

void append_marks(Ddls& ddls, const Object& from, const Object& to) {
  append_statistics(ddls, from, to);
  if (changed(from, to, "clustered"))
    ddls.push_back({.sql = is_set(to, "clustered")
                               ? fmt::format("ALTER TABLE {} CLUSTER ON {}", sql_relation(to.id),
                                             pg::Identifier(to.id.name.view()))
                               : fmt::format("ALTER TABLE {} SET WITHOUT CLUSTER", sql_relation(to.id)),
                    .lock = Lock::share_update_exclusive,
                    .on = table_of(to)});
  // Another identity is said of the table, or of the index that takes its place.
  if (changed(from, to, "replica_identity") && is_set(to, "replica_identity"))
    ddls.push_back({.sql = fmt::format("ALTER TABLE ONLY {} REPLICA IDENTITY USING INDEX {}",
                                       sql_relation(to.id), pg::Identifier(to.id.name.view())),
                    .lock = Lock::access_exclusive,
                    .on = table_of(to)});
}

Ddl attach(const Object& index) {
  const std::string parent(value(index, "partition_of"));
  return {.sql = fmt::format("ALTER INDEX {} ATTACH PARTITION {}", sql_names(parent), name_of(index)),
          .lock = Lock::access_exclusive,
          .on = index.id,
          .late = true};
}

Ddls create(const Object& index, const World& world) {
  Ddls ddls{create_index(index, world)};
  const Object none{index.id, std::vector<Text>(attributes_of(Kind::index).size())};
  append_marks(ddls, none, index);
  append_extras(ddls, index, spoken(index));
  if (is_set(index, "partition_of")) ddls.push_back(attach(index));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World& world) {
  const bool whole = is_set(from, "invalid") && !is_set(to, "invalid") && on_partitioned(to, world);
  if (!whole && changed(from, to, "invalid")) return std::nullopt;
  if (is_set(from, "partition_of") && changed(from, to, "partition_of")) return std::nullopt;
  if (!only_changed(from, to,
                    {"invalid", "clustered", "replica_identity", "partition_of", "options", "tablespace",
                     "statistics"}))
    return std::nullopt;
  Ddls ddls;
  for (const std::string& change : option_changes(value(from, "options"), value(to, "options")))
    ddls.push_back({.sql = fmt::format("ALTER INDEX {} {}", name_of(to), change),
                    .lock = Lock::share_update_exclusive,
                    .on = to.id});
  if (changed(from, to, "tablespace"))
    ddls.push_back({.sql = fmt::format("ALTER INDEX {} SET TABLESPACE {}", name_of(to),
                                       is_set(to, "tablespace") ? sql_names(value(to, "tablespace"))
                                                                : std::string("pg_default")),
                    .lock = Lock::access_exclusive,
                    .on = to.id,
                    .rewrites = true});
  append_marks(ddls, from, to);
  append_extra_changes(ddls, from, to, spoken(to));
  if (changed(from, to, "partition_of")) ddls.push_back(attach(to));
  return ddls;
}

Ddls drop(const Object& index, const World&) {
  return {{.sql = fmt::format("DROP INDEX {}", name_of(index)),
           .lock = Lock::access_exclusive,
           .on = table_of(index)}};
}

void refer(const Object& index, const World& world, References& references) {
  refer_to_all(index, references);
  // A partition that comes later would get an index by another name.
  for (const Object* const partition : world.children_of(table_of(index)))
    references.whole.push_back(partition->id);
  if (is_set(index, "method"))
    references.objects.push_back(named(Kind::access_method, value(index, "method")));
  if (!is_set(index, "partition_of")) return;
  const std::string_view parent = value(index, "partition_of");
  std::erase(references.texts, parent);
  references.late.push_back(parent);
  references.finished.push_back(table_of(index));
}

}  // namespace

const KindSql index_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
