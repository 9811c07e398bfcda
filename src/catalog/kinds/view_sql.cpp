#include <fmt/format.h>

#include <algorithm>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

constexpr int storage_default_since = 16;

Spoken spoken(const Object& view) {
  const bool materialized = view.id.kind == Kind::materialized_view;
  return {materialized ? "MATERIALIZED VIEW" : "VIEW", sql_name(view.id), "TABLE"};
}

std::string_view query_of(const Object& view) {
  std::string_view query = value(view, "definition");
  while (query.ends_with(';') || query.ends_with('\n')) query.remove_suffix(1);
  return query;
}

std::string with_options(const Object& view) {
  return is_set(view, "options") ? fmt::format(" WITH ({})", sql_options(value(view, "options"))) : "";
}

/// The query's own column names are the view's: that is how the server prints it.
Ddl create_view(const Object& view, bool replace) {
  return {.sql = fmt::format("CREATE {}VIEW {}{} AS\n{}", replace ? "OR REPLACE " : "", sql_name(view.id),
                             with_options(view), query_of(view)),
          .lock = replace ? Lock::access_exclusive : Lock::none,
          .on = view.id};
}

std::string alter_column(const Object& view, const std::string& column) {
  return fmt::format("ALTER {} {} ALTER COLUMN {} ", spoken(view).word, sql_name(view.id),
                     pg::Identifier(column));
}

/// "statistics=100" as SET STATISTICS 100; `reset`: back to what it was.
std::string setting(const std::string& text, bool reset) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals), wanted = text.substr(equals + 1);
  if (name == "statistics") return fmt::format("SET STATISTICS {}", reset ? "-1" : wanted);
  if (name == "storage") return fmt::format("SET STORAGE {}", reset ? "default" : wanted);
  if (name == "compression") return fmt::format("SET COMPRESSION {}", reset ? "default" : wanted);
  return reset ? fmt::format("RESET ({})", pg::Identifier(name)) : fmt::format("SET ({} = {})", name, wanted);
}

/// "statistics=100" of a column of that name; empty: there is none.
std::string find_setting(std::string_view list, const std::string& column, std::string_view name) {
  for (const NamedText& other : named_texts(list))
    for (const std::string& text : split_list(other.text, ';'))
      if (other.name == column && text.substr(0, text.find('=')) == name) return text;
  return {};
}

/// Those of `list` that are not in `other`: set, or where `other` says nothing of the kind, reset.
void append_settings(Ddls& ddls, const Object& view, std::string_view list, std::string_view other,
                     bool reset) {
  for (const NamedText& column : named_texts(list))
    for (const std::string& text : split_list(column.text, ';')) {
      const std::string there =
          find_setting(other, column.name, std::string_view(text).substr(0, text.find('=')));
      if (reset ? !there.empty() : there == text) continue;
      ddls.push_back({.sql = alter_column(view, column.name) + setting(text, reset),
                      .lock = Lock::share_update_exclusive,
                      .on = view.id});
    }
}

/// What is said of columns one by one.
void append_column_changes(Ddls& ddls, const Object& from, const Object& to) {
  if (changed(from, to, "column_settings")) {
    append_settings(ddls, to, value(from, "column_settings"), value(to, "column_settings"), true);
    append_settings(ddls, to, value(to, "column_settings"), value(from, "column_settings"), false);
  }
  for (const NamedText& column : without_texts(from, to, "column_defaults"))
    ddls.push_back({.sql = alter_column(to, column.name) + "DROP DEFAULT"});
  for (const NamedText& column : without_texts(to, from, "column_defaults"))
    ddls.push_back({.sql = alter_column(to, column.name) + "SET DEFAULT " + column.text});
  append_part_comments(ddls, from, to, "comments_on_columns", "COLUMN");
  append_part_grants(ddls, from, to);
}

Object blank(const Object& view) {
  return {view.id, std::vector<Text>(attributes_of(view.id.kind).size())};
}

Ddls create(const Object& view, const World&) {
  Ddls ddls{create_view(view, false)};
  append_extras(ddls, view, spoken(view));
  append_column_changes(ddls, blank(view), view);
  return ddls;
}

/// A view's columns may become more, at the end.
bool replaceable(const Object& from, const Object& to) {
  const std::string_view before = value(from, "columns"), after = value(to, "columns");
  return before == after || after.starts_with(std::string(before) + ", ");
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  if (!replaceable(from, to)) return std::nullopt;
  Ddls ddls;
  if (changed(from, to, "definition") || changed(from, to, "columns")) {
    ddls.push_back(create_view(to, true));
  } else {
    for (const std::string& change : option_changes(value(from, "options"), value(to, "options")))
      ddls.push_back({.sql = fmt::format("ALTER VIEW {} {}", sql_name(to.id), change),
                      .lock = Lock::access_exclusive,
                      .on = to.id});
  }
  append_extra_changes(ddls, from, to, spoken(to));
  append_column_changes(ddls, from, to);
  return ddls;
}

Ddls drop(const Object& view, const World&) {
  return {
      {.sql = fmt::format("DROP VIEW {}", sql_name(view.id)), .lock = Lock::access_exclusive, .on = view.id}};
}

Ddls create_materialized(const Object& view, const World&) {
  std::string sql = fmt::format("CREATE MATERIALIZED VIEW {}", sql_name(view.id));
  if (is_set(view, "access_method")) sql += " USING " + sql_names(value(view, "access_method"));
  sql += with_options(view);
  if (is_set(view, "tablespace")) sql += " TABLESPACE " + pg::Identifier(value(view, "tablespace")).sql();
  sql += fmt::format(" AS\n{}", query_of(view));
  Ddls ddls{{.sql = std::move(sql)}};
  append_extras(ddls, view, spoken(view));
  append_column_changes(ddls, blank(view), view);
  return ddls;
}

/// A column's storage can be said to be its type's own since 16.
bool resets_storage(const Object& from, const Object& to) {
  const std::string_view before = value(from, "column_settings"), after = value(to, "column_settings");
  return std::ranges::any_of(named_texts(before), [&](const NamedText& column) {
    return !find_setting(before, column.name, "storage").empty() &&
           find_setting(after, column.name, "storage").empty();
  });
}

std::optional<Ddls> alter_materialized(const Object& from, const Object& to, const World& world) {
  if (!only_changed(from, to, {"options", "column_settings"})) return std::nullopt;
  if (world.major < storage_default_since && resets_storage(from, to)) return std::nullopt;
  Ddls ddls;
  for (const std::string& change : option_changes(value(from, "options"), value(to, "options")))
    ddls.push_back({.sql = fmt::format("ALTER MATERIALIZED VIEW {} {}", sql_name(to.id), change),
                    .lock = Lock::share_update_exclusive,
                    .on = to.id});
  append_extra_changes(ddls, from, to, spoken(to));
  append_column_changes(ddls, from, to);
  return ddls;
}

void refer_materialized(const Object& view, const World&, References& references) {
  refer_to_all(view, references);
  if (is_set(view, "access_method"))
    references.objects.push_back(named(Kind::access_method, value(view, "access_method")));
}

Ddls drop_materialized(const Object& view, const World&) {
  return {{.sql = fmt::format("DROP MATERIALIZED VIEW {}", sql_name(view.id)),
           .lock = Lock::access_exclusive,
           .on = view.id}};
}

}  // namespace

const KindSql view_sql{create, alter, drop};
const KindSql materialized_view_sql{create_materialized, alter_materialized, drop_materialized,
                                    refer_materialized};

}  // namespace candor::catalog::kinds
