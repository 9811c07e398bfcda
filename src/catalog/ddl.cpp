#include "catalog/ddl.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/quoted.h"
#include "catalog/draft.h"
#include "pg/identifier.h"

namespace candor::catalog {

namespace {

/// The place of an attribute among its kind's; the number of attributes if there is none.
std::size_t place_of(Kind kind, std::string_view attribute) {
  const auto attributes = attributes_of(kind);
  return static_cast<std::size_t>(std::ranges::find(attributes, attribute, &Attribute::name) -
                                  attributes.begin());
}

std::string_view value_at(const Object& object, std::size_t place) {
  return place < object.values.size() ? object.values[place].view() : std::string_view();
}

}  // namespace

std::string_view name_of(Lock lock) {
  constexpr std::array<std::string_view, 9> names{
      "none",  "ACCESS SHARE",        "ROW SHARE", "ROW EXCLUSIVE",   "SHARE UPDATE EXCLUSIVE",
      "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"};
  return names[static_cast<std::size_t>(lock)];
}

World::World(const Catalog& catalog, int major_version) : major(major_version), catalog_(&catalog) {
  for (const Object& object : catalog.objects()) {
    if (object.id.kind == Kind::sequence && is_set(object, "identity"))
      identity_.emplace(value(object, "owned_by"), &object);
    if (object.id.kind != Kind::table) continue;
    for (const std::string_view attribute : {"partition_of", "inherits"})
      for (const std::string& parent : split_list(value(object, attribute)))
        children_[parent].push_back(&object);
  }
}

std::vector<const Object*> World::children_of(const ObjectId& table) const {
  if (children_.empty()) return {};
  const auto found = children_.find(qualified(table.schema.view(), table.name.view()));
  return found == children_.end() ? std::vector<const Object*>() : found->second;
}

std::vector<const Object*> World::parts_of(Text schema, Text relation) const {
  const auto& objects = catalog_->objects();
  const ObjectId first{.kind = Kind::enum_type, .schema = schema, .name = relation};
  auto at = std::lower_bound(objects.begin(), objects.end(), first,
                             [](const Object& object, const ObjectId& wanted) { return object.id < wanted; });
  std::vector<const Object*> parts;
  for (; at != objects.end() && at->id.schema == schema; ++at) {
    if (at->id.relation == relation) {
      parts.push_back(&*at);
    } else if (!at->id.relation.empty() || at->id.name != relation) {
      break;
    }
  }
  return parts;
}

std::vector<const Object*> World::columns_of(Text schema, Text relation) const {
  auto columns = parts_of(schema, relation);
  std::erase_if(columns, [](const Object* part) { return part->id.kind != Kind::column; });
  const auto position = [](const Object* column) {
    const auto numbers = parse_numbers(value(*column, "position"));
    return numbers.empty() ? 0 : numbers.front();
  };
  std::ranges::stable_sort(columns, {}, position);
  return columns;
}

const Object* World::identity_sequence(const ObjectId& column) const {
  const auto found = identity_.find(qualified(column.schema.view(), column.relation.view()) + "." +
                                    identifier(column.name.view()));
  return found == identity_.end() ? nullptr : found->second;
}

std::vector<const Object*> World::parents_of(const Object& table) const {
  std::vector<const Object*> parents;
  for (const std::string_view attribute : {"partition_of", "inherits"})
    for (const std::string& name : split_list(value(table, attribute)))
      if (const Object* const parent = find(named(Kind::table, name))) parents.push_back(parent);
  return parents;
}

void refer_to_all(const Object& object, References& references) {
  const auto attributes = attributes_of(object.id.kind);
  for (std::size_t i = 0; i < attributes.size() && i < object.values.size(); ++i)
    if (attributes[i].compare == Compare::always && !object.values[i].empty())
      references.texts.push_back(object.values[i].view());
}

std::string_view value(const Object& object, std::string_view attribute) {
  return value_at(object, place_of(object.id.kind, attribute));
}

void set_value(Object& object, std::string_view attribute, std::string_view text) {
  const std::size_t place = place_of(object.id.kind, attribute);
  if (place < object.values.size()) object.values[place] = Text(text);
}

bool changed(const Object& from, const Object& to, std::string_view attribute) {
  return value(from, attribute) != value(to, attribute);
}

bool only_changed(const Object& from, const Object& to, std::initializer_list<std::string_view> names) {
  const auto attributes = attributes_of(to.id.kind);
  for (std::size_t i = 0; i < attributes.size(); ++i)
    if (attributes[i].compare == Compare::always && value_at(from, i) != value_at(to, i) &&
        std::ranges::find(names, attributes[i].name) == names.end())
      return false;
  return true;
}

std::string sql_name(const ObjectId& id) {
  if (id.schema.empty() || !id.relation.empty()) return pg::Identifier(id.name.view()).sql();
  return fmt::format("{}.{}", pg::Identifier(id.schema.view()), pg::Identifier(id.name.view()));
}

std::string sql_relation(const ObjectId& id) {
  return fmt::format("{}.{}", pg::Identifier(id.schema.view()), pg::Identifier(id.relation.view()));
}

std::string sql_names(std::string_view names) {
  constexpr std::string_view separators = ",. ()\"";
  std::string sql, scratch;
  while (!names.empty()) {
    std::string_view word;
    if (take_quoted(names, scratch, word)) {
      sql += pg::Identifier(word).sql();
    } else if (separators.find(names.front()) != std::string_view::npos) {
      sql += names.front();
      names.remove_prefix(1);
    } else {
      word = names.substr(0, names.find_first_of(separators));
      sql += pg::Identifier(word).sql();
      names.remove_prefix(word.size());
    }
  }
  return sql;
}

std::string sql_literal(std::string_view text) {
  std::string sql = "'";
  for (const char c : text) {
    if (c == '\'') sql += c;
    sql += c;
  }
  return sql + "'";
}

std::vector<std::string> split_list(std::string_view list, char separator) {
  std::vector<std::string> parts;
  std::string part;
  int depth = 0;
  char quote = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const char c = list[i];
    if (quote != 0) {
      if (c == '\\' && quote == '"' && i + 1 < list.size())
        part += list[i++];
      else if (c == quote)
        quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(' || c == '[') {
      ++depth;
    } else if (c == ')' || c == ']') {
      --depth;
    } else if (c == separator && depth == 0) {
      parts.push_back(std::move(part));
      part.clear();
      while (i + 1 < list.size() && list[i + 1] == ' ') ++i;
      continue;
    }
    part += list[i];
  }
  if (!part.empty()) parts.push_back(std::move(part));
  return parts;
}

ObjectId named(Kind kind, std::string_view text) {
  ObjectId id{.kind = kind};
  if (!parse_id(kind, text, id)) {
    id = {.kind = kind};
    id.schema = Text("pg_catalog");
    id.name = Text(text);
  }
  return id;
}

namespace {

struct Option {
  std::string name, value;
};

std::vector<Option> options_of(std::string_view text) {
  std::vector<Option> options;
  for (const std::string& part : split_list(text)) {
    const std::size_t equals = part.find('=');
    options.push_back({part.substr(0, equals), equals == std::string::npos ? "" : part.substr(equals + 1)});
  }
  return options;
}

std::string written(const Option& option, std::string_view prefix) {
  return fmt::format("{}{}={}", prefix, pg::Identifier(option.name), sql_literal(option.value));
}

void append_joined(std::string& list, const std::string& part) {
  if (!list.empty()) list += ", ";
  list += part;
}

}  // namespace

std::string sql_options(std::string_view text, std::string_view prefix) {
  std::string sql;
  for (const Option& option : options_of(text)) append_joined(sql, written(option, prefix));
  return sql;
}

std::vector<std::string> option_changes(std::string_view from, std::string_view to, std::string_view prefix) {
  const auto before = options_of(from), after = options_of(to);
  std::string set, reset;
  for (const Option& option : after) {
    const auto old = std::ranges::find(before, option.name, &Option::name);
    if (old == before.end() || old->value != option.value) append_joined(set, written(option, prefix));
  }
  for (const Option& option : before)
    if (std::ranges::find(after, option.name, &Option::name) == after.end())
      append_joined(reset, fmt::format("{}{}", prefix, pg::Identifier(option.name)));
  std::vector<std::string> changes;
  if (!set.empty()) changes.push_back(fmt::format("SET ({})", set));
  if (!reset.empty()) changes.push_back(fmt::format("RESET ({})", reset));
  return changes;
}

}  // namespace candor::catalog
