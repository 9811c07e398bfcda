#include "plan/view_stub.h"

#include <fmt/format.h>

#include "base/quoted.h"
#include "catalog/kind.h"
#include "pg/identifier.h"

namespace candor::plan {

using catalog::Kind;
using catalog::Object;
using catalog::value;

std::optional<Parts> split_view(const Object& view, const catalog::Ddls& whole) {
  std::string columns;
  for (const std::string& text : catalog::split_list(value(view, "columns"))) {
    std::string scratch;
    std::string_view rest = text, name;
    if (!take_quoted(rest, scratch, name)) {
      name = std::string_view(text).substr(0, text.find(' '));
      rest = std::string_view(text).substr(name.size());
    }
    if (rest.empty()) return std::nullopt;
    if (!columns.empty()) columns += ", ";
    columns += fmt::format("NULL::{} AS {}", rest.substr(1), pg::Identifier(name));
  }
  Parts parts;
  parts.first.push_back(
      {.sql = fmt::format("CREATE VIEW {} AS\nSELECT {}", catalog::sql_name(view.id), columns),
       .reason = "what its query needs, needs the view"});
  parts.rest = whole;
  constexpr std::string_view words = "CREATE VIEW";
  for (catalog::Ddl& ddl : parts.rest)
    if (ddl.sql.starts_with(words)) ddl.sql.replace(0, words.size(), "CREATE OR REPLACE VIEW");
  return parts;
}

std::optional<Parts> split_defaults(const Object& table, const catalog::World& world) {
  std::vector<Object> objects = world.catalog().objects();
  Parts parts;
  for (Object& object : objects) {
    if (object.id.kind != Kind::column || object.id.schema != table.id.schema ||
        object.id.relation != table.id.name || !catalog::is_set(object, "default") ||
        catalog::is_set(object, "generated"))
      continue;
    parts.rest.push_back({.sql = fmt::format("ALTER TABLE ONLY {} ALTER COLUMN {} SET DEFAULT {}",
                                             catalog::sql_relation(object.id),
                                             pg::Identifier(object.id.name.view()), value(object, "default")),
                          .lock = catalog::Lock::access_exclusive,
                          .on = table.id,
                          .reason = "what the default needs, needs the table"});
    catalog::set_value(object, "default", "");
  }
  if (parts.rest.empty()) return std::nullopt;
  const catalog::Catalog plain(std::move(objects), world.catalog().major);
  parts.first = catalog::spec_of(Kind::table).ddl->create(table, catalog::World(plain, world.major));
  return parts;
}

}  // namespace candor::plan
