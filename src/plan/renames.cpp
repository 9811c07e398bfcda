#include "plan/renames.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "catalog/diff.h"
#include "catalog/draft.h"
#include "catalog/kind.h"
#include "pg/identifier.h"
#include "plan/dependencies.h"
#include "plan/planner.h"

namespace candor::plan {

using catalog::Catalog;
using catalog::Kind;
using catalog::Object;
using catalog::ObjectId;
using catalog::value;

namespace {

bool is_routine(Kind kind) {
  return kind == Kind::function || kind == Kind::procedure || kind == Kind::aggregate;
}

/// One rename, done to a whole catalog.
class Renaming {
 public:
  explicit Renaming(const Rename& rename) : from_(rename.from), to_(rename.to) {}

  void apply(std::vector<Object>& objects) const {
    for (Object& object : objects) {
      rewrite(object);
      rename(object.id);
    }
  }

  void rename(ObjectId& id) const {
    if (from_.kind == Kind::schema) {
      if (id.kind == Kind::schema && id.name == from_.name) id.name = to_.name;
      if (id.schema == from_.name) id.schema = to_.name;
      return;
    }
    if (id == from_) {
      id = to_;
    } else if (is_relation(from_.kind) && id.schema == from_.schema && id.relation == from_.name) {
      id.schema = to_.schema;
      id.relation = to_.name;
    }
    if (!id.arguments.empty()) id.arguments = Text(qualified_names(id.arguments.view()));
  }

 private:
  [[nodiscard]] bool named_globally() const { return from_.relation.empty() || from_.kind == Kind::index; }

  /// Queries are printed anew in ways that cannot be foreseen (aliases): they stay, and differ, and are
  /// replaced.
  void rewrite(Object& object) const {
    const auto attributes = catalog::attributes_of(object.id.kind);
    const bool own = object.id.schema == from_.schema && object.id.relation == from_.relation;
    for (std::size_t i = 0; i < attributes.size() && i < object.values.size(); ++i) {
      if (object.values[i].empty() || attributes[i].compare == catalog::Compare::configured) continue;
      const std::string_view text = object.values[i].view();
      if (from_.kind == Kind::schema || named_globally()) {
        if (attributes[i].printed != catalog::Printed::query || object.id.kind == Kind::rule)
          object.values[i] = Text(qualified_names(text));
      } else if (from_.kind == Kind::column) {
        object.values[i] = Text(column_names(text, own && attributes[i].name != "type", attributes[i].name));
      } else if (own && object.id == from_ && attributes[i].name == "definition") {
        object.values[i] = Text(words(text, from_.name.view(), to_.name.view()));
      }
    }
  }

  /// schema.name, wherever it stands.
  [[nodiscard]] std::string qualified_names(std::string_view text) const {
    const auto list = words_of(text);
    std::string result;
    std::size_t copied = 0;
    const auto replace = [&](const Word& word, Text name) {
      result += text.substr(copied, word.begin - copied);
      result += catalog::identifier(name.view());
      copied = word.end;
    };
    for (std::size_t i = 0; i + 1 < list.size(); ++i) {
      if (!list[i + 1].after_dot || list[i].end + 1 != list[i + 1].begin) continue;
      if (from_.kind == Kind::schema) {
        if (!list[i].after_dot && list[i].text == from_.name.view()) replace(list[i], to_.name);
      } else if (list[i].text == from_.schema.view() && list[i + 1].text == from_.name.view()) {
        replace(list[i], to_.schema);
        replace(list[i + 1], to_.name);
      }
    }
    result += text.substr(copied);
    return result;
  }

  [[nodiscard]] static std::string words(std::string_view text, std::string_view from, std::string_view to) {
    std::string result;
    std::size_t copied = 0;
    for (const Word& word : words_of(text)) {
      if (word.text != from) continue;
      result += text.substr(copied, word.begin - copied);
      result += catalog::identifier(to);
      copied = word.end;
    }
    result += text.substr(copied);
    return result;
  }

  /// A column: in what belongs to its table, and where a foreign key or a sequence names it.
  [[nodiscard]] std::string column_names(std::string_view text, bool own, std::string_view attribute) const {
    const std::string table = catalog::qualified(from_.schema.view(), from_.relation.view());
    if (attribute == "references" && text.starts_with(table + " ("))
      return table + words(text.substr(table.size()), from_.name.view(), to_.name.view());
    if (attribute == "owned_by" && text == table + "." + catalog::identifier(from_.name.view()))
      return table + "." + catalog::identifier(to_.name.view());
    const bool elsewhere = attribute == "references" || attribute == "owned_by" || attribute == "default";
    return own && !elsewhere ? words(text, from_.name.view(), to_.name.view()) : std::string(text);
  }

  const ObjectId& from_;
  const ObjectId& to_;
};

std::string word_of(const ObjectId& id) {
  switch (id.kind) {
    case Kind::enum_type:
    case Kind::composite_type:
    case Kind::range_type:
      return "TYPE";
    case Kind::materialized_view:
      return "MATERIALIZED VIEW";
    default: {
      std::string word(name_of(id.kind));
      for (char& c : word)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
      return word;
    }
  }
}

std::string spoken(const ObjectId& id) {
  const std::string name = pg::Identifier(id.name.view()).sql();
  if (id.kind == Kind::trigger || id.kind == Kind::policy || id.kind == Kind::rule)
    return fmt::format("{} ON {}", name, catalog::sql_relation(id));
  if (id.kind == Kind::index) return fmt::format("{}.{}", pg::Identifier(id.schema.view()), name);
  if (is_routine(id.kind)) return fmt::format("{}({})", catalog::sql_name(id), id.arguments.view());
  return catalog::sql_name(id);
}

Step step_of(const ObjectId& object, std::string sql) {
  const bool part = !object.relation.empty();
  const bool table = object.kind == Kind::table || part;
  return {
      .sql = std::move(sql),
      .lock = table ? catalog::Lock::access_exclusive : catalog::Lock::none,
      .on = part ? ObjectId{.kind = Kind::table, .schema = object.schema, .name = object.relation} : object,
      .object = object};
}

void append_steps(std::vector<Step>& steps, const ObjectId& from, const ObjectId& to) {
  const std::string new_name = pg::Identifier(to.name.view()).sql();
  if (from.kind == Kind::column || from.kind == Kind::constraint) {
    steps.push_back(
        step_of(from, fmt::format("ALTER TABLE {} RENAME {} {} TO {}", catalog::sql_relation(from),
                                  word_of(from), pg::Identifier(from.name.view()), new_name)));
    return;
  }
  ObjectId now = from;
  if (from.name != to.name) {
    steps.push_back(
        step_of(from, fmt::format("ALTER {} {} RENAME TO {}", word_of(from), spoken(from), new_name)));
    now.name = to.name;
  }
  if (from.schema != to.schema && from.relation.empty())
    steps.push_back(step_of(now, fmt::format("ALTER {} {} SET SCHEMA {}", word_of(now), spoken(now),
                                             pg::Identifier(to.schema.view()))));
}

/// The values that say what an object is, its own name left out.
bool same_but_for_name(const Object& a, const Object& b) {
  const auto attributes = catalog::attributes_of(a.id.kind);
  for (std::size_t i = 0; i < attributes.size(); ++i)
    if (attributes[i].compare == catalog::Compare::always && a.values[i] != b.values[i]) return false;
  return true;
}

/// Whether the object follows its table's name: a part of it, or a sequence of one of its columns.
bool follows(const Object& object, const ObjectId& table) {
  if (object.id.kind == Kind::sequence)
    return value(object, "owned_by")
        .starts_with(catalog::qualified(table.schema.view(), table.name.view()) + ".");
  return object.id.kind != Kind::column && object.id.schema == table.schema &&
         object.id.relation == table.name;
}

}  // namespace

Catalog renamed(const Catalog& from, const std::vector<Rename>& renames) {
  std::vector<Object> objects = from.objects();
  for (const Rename& rename : renames) {
    Renaming(rename).apply(objects);
    if (rename.from.kind != Kind::column) continue;
    // Columns that children inherit are renamed with it.
    const catalog::World world(from, from.major);
    for (const Object* const child : world.children_of(
             {.kind = Kind::table, .schema = rename.from.schema, .name = rename.from.relation})) {
      Rename same = rename;
      same.from.schema = same.to.schema = child->id.schema;
      same.from.relation = same.to.relation = child->id.name;
      Renaming(same).apply(objects);
    }
  }
  return Catalog(std::move(objects), from.major);
}

std::vector<Rename> parts_first(std::vector<Rename> renames) {
  const auto is_early = [&](const Rename& rename) {
    return !rename.from.relation.empty() && std::ranges::none_of(renames, [&](const Rename& other) {
      return other.to.relation.empty() && other.to.schema == rename.from.schema &&
             other.to.name == rename.from.relation;
    });
  };
  std::vector<Rename> ordered;
  for (const bool early : {true, false})
    for (const Rename& rename : renames)
      if (is_early(rename) == early) ordered.push_back(rename);
  renames = std::move(ordered);
  for (Rename& rename : renames) {
    if (rename.from.relation.empty()) continue;
    rename.to.schema = rename.from.schema;
    rename.to.relation = rename.from.relation;
  }
  return renames;
}

std::vector<Rename> with_implied(const Catalog& from, const Catalog& to, const std::vector<Rename>& renames) {
  std::vector<Rename> all = renames;
  const Catalog after = renamed(from, renames);
  std::set<const Object*> done, taken;  // of `after`, of `to`
  for (const Rename& rename : renames) {
    if (rename.from.kind != Kind::table && rename.from.kind != Kind::column) continue;
    ObjectId table = rename.to;
    if (rename.to.kind == Kind::column)
      table = {.kind = Kind::table, .schema = rename.to.schema, .name = rename.to.relation};
    for (const Object& object : after.objects()) {
      if (done.contains(&object) || !follows(object, table) || to.find(object.id) != nullptr) continue;
      for (const Object& other : to.objects()) {
        if (other.id.kind != object.id.kind || !follows(other, table) || after.find(other.id) != nullptr ||
            taken.contains(&other) || !same_but_for_name(object, other))
          continue;
        taken.insert(&other);
        done.insert(&object);
        all.push_back({object.id, other.id});
        break;
      }
    }
  }
  return all;
}

Transaction rename_steps(const std::vector<Rename>& renames, const Catalog&) {
  Transaction transaction;
  for (const Rename& rename : renames) append_steps(transaction.steps, rename.from, rename.to);
  return transaction;
}

namespace {

using Shape = std::set<std::pair<Text, Text>>;  ///< column, type

using Objects = std::vector<const Object*>;

ObjectId table_of(const Object& column) {
  return {.kind = Kind::table, .schema = column.id.schema, .name = column.id.relation};
}

/// The tables among `objects`, and which columns each has.
std::map<ObjectId, Shape> shapes_of(const Objects& objects) {
  std::map<ObjectId, Shape> shapes;
  for (const Object* const object : objects)
    if (object->id.kind == Kind::table) shapes[object->id];
  for (const Object* const object : objects)
    if (object->id.kind == Kind::column)
      if (const auto table = shapes.find(table_of(*object)); table != shapes.end())
        table->second.emplace(object->id.name, Text(value(*object, "type")));
  return shapes;
}

/// The share of columns that both have.
double likeness(const Shape& a, const Shape& b) {
  std::vector<std::pair<Text, Text>> both;
  std::ranges::set_intersection(a, b, std::back_inserter(both));
  return static_cast<double>(both.size()) / static_cast<double>(a.size() + b.size() - both.size());
}

void add_likely_tables(const Objects& gone, const Objects& added, std::vector<Rename>& renames) {
  constexpr double alike = 0.6;
  const auto old_shapes = shapes_of(gone), new_shapes = shapes_of(added);
  for (const auto& [old_table, old_shape] : old_shapes) {
    const ObjectId* best = nullptr;
    double most = alike;
    for (const auto& [table, shape] : new_shapes)
      if (const double like = likeness(old_shape, shape); like >= most) {
        best = &table;
        most = like;
      }
    if (best != nullptr) renames.push_back({old_table, *best});
  }
}

/// One column gone and one come in the same table, alike but for the name.
void add_likely_columns(const Objects& gone, const Objects& added, std::vector<Rename>& renames) {
  std::map<ObjectId, Objects> added_to;
  for (const Object* const object : added)
    if (object->id.kind == Kind::column) added_to[table_of(*object)].push_back(object);
  for (const Object* const object : gone) {
    if (object->id.kind != Kind::column) continue;
    Objects alike;
    for (const Object* const other : added_to[table_of(*object)])
      if (value(*object, "type") == value(*other, "type") &&
          value(*object, "not_null") == value(*other, "not_null"))
        alike.push_back(other);
    if (alike.size() == 1) renames.push_back({object->id, alike.front()->id});
  }
}

}  // namespace

std::vector<Rename> likely_renames(const Catalog& from, const Catalog& to) {
  Objects gone, added;
  for (const catalog::Effect& effect : catalog::diff(from, to)) {
    if (effect.change == catalog::Change::dropped) gone.push_back(from.find(effect.id));
    if (effect.change == catalog::Change::added) added.push_back(to.find(effect.id));
  }
  std::vector<Rename> renames;
  add_likely_tables(gone, added, renames);
  add_likely_columns(gone, added, renames);
  return renames;
}

}  // namespace candor::plan
