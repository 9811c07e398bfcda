#include <fmt/format.h>

#include <algorithm>

#include "base/quoted.h"
#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& type) {
  return {"TYPE", sql_name(type.id)};
}

struct Field {
  std::string name;  ///< as SQL
  std::string type;  ///< with its collation
};

/// "street text collate C" → "street", text COLLATE "C".
std::vector<Field> fields_of(const Object& type) {
  constexpr std::string_view collate = " collate ";
  std::vector<Field> fields;
  for (const std::string& text : split_list(value(type, "fields"))) {
    std::string scratch;
    std::string_view rest = text, name;
    if (!take_quoted(rest, scratch, name)) {
      name = std::string_view(text).substr(0, text.find(' '));
      rest = std::string_view(text).substr(name.size());
    }
    Field field{.name = pg::Identifier(name).sql(), .type = {}};
    const std::size_t at = rest.find(collate);
    field.type =
        rest.substr(std::min<std::size_t>(1, rest.size()), at == std::string_view::npos ? at : at - 1);
    if (at != std::string_view::npos)
      field.type += fmt::format(" COLLATE {}", pg::Identifier(rest.substr(at + collate.size())));
    fields.push_back(std::move(field));
  }
  return fields;
}

Ddls create(const Object& type, const World&) {
  std::string list;
  for (const Field& field : fields_of(type)) {
    if (!list.empty()) list += ", ";
    list += fmt::format("{} {}", field.name, field.type);
  }
  Ddls ddls{{.sql = fmt::format("CREATE TYPE {} AS ({})", sql_name(type.id), list)}};
  append_extras(ddls, type, spoken(type));
  const Object blank{type.id, std::vector<Text>(attributes_of(Kind::composite_type).size())};
  append_part_comments(ddls, blank, type, "comments_on_fields", "COLUMN");
  return ddls;
}

/// Fields can go, come at the end and change their types; their order cannot change.
std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  const auto before = fields_of(from), after = fields_of(to);
  std::string actions;
  const auto add = [&](const std::string& action) {
    if (!actions.empty()) actions += ", ";
    actions += action;
  };
  std::string hazard;
  std::vector<Field> kept;
  for (const Field& field : before) {
    if (std::ranges::find(after, field.name, &Field::name) != after.end()) {
      kept.push_back(field);
    } else {
      add(fmt::format("DROP ATTRIBUTE {}", field.name));
      hazard = fmt::format("drops the field {} of {}: its values are lost", field.name, describe(to.id));
    }
  }
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (i >= kept.size()) {
      add(fmt::format("ADD ATTRIBUTE {} {}", after[i].name, after[i].type));
    } else if (kept[i].name != after[i].name) {
      return std::nullopt;
    } else if (kept[i].type != after[i].type) {
      add(fmt::format("ALTER ATTRIBUTE {} TYPE {}", after[i].name, after[i].type));
    }
  }
  Ddls ddls;
  if (!actions.empty())
    ddls.push_back({.sql = fmt::format("ALTER TYPE {} {}", sql_name(to.id), actions),
                    .hazard = hazard,
                    .loses = !hazard.empty()});
  append_extra_changes(ddls, from, to, spoken(to));
  append_part_comments(ddls, from, to, "comments_on_fields", "COLUMN");
  return ddls;
}

Ddls drop(const Object& type, const World&) {
  return {{.sql = fmt::format("DROP TYPE {}", sql_name(type.id))}};
}

}  // namespace

const KindSql composite_type_sql{create, alter, drop};

}  // namespace candor::catalog::kinds
