#include "engine/drizzle_snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

#include "catalog/ddl.h"
#include "catalog/draft.h"
#include "catalog/kinds/index_elements.h"
#include "engine/drizzle_values.h"

namespace candor::engine::drizzle {
namespace {

using catalog::is_set;
using catalog::Kind;
using catalog::Object;
using catalog::value;

std::string text_of(std::string_view text) {
  return std::string(text);
}

std::string upper(std::string_view word) {
  std::string text;
  for (const char c : word) text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

/// "(a > 1)" as "a > 1": drizzle-kit puts the parentheses of CHECK and GENERATED around what schema.ts says.
std::string_view without_parentheses(std::string_view expression) {
  const std::size_t length = catalog::kinds::parenthesised(expression);
  return length > 0 && length == expression.size() ? expression.substr(1, expression.size() - 2) : expression;
}

/// A number or a boolean where it is one: what an option is in JavaScript.
Json option_value(std::string_view text) {
  if (text == "true" || text == "on") return true;
  if (text == "false" || text == "off") return false;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return text_of(text);
  if (number == static_cast<double>(static_cast<std::int64_t>(number)))
    return static_cast<std::int64_t>(number);
  return number;
}

/// The values of a sequence as texts, with what CREATE SEQUENCE chooses by itself.
void add_sequence_values(const Object& sequence, Json& json) {
  const std::string_view type = value(sequence, "type");
  const bool small = type == "smallint", whole = type == "integer";
  const char* const largest = small ? "32767" : whole ? "2147483647" : "9223372036854775807";
  const char* const smallest = small ? "-32768" : whole ? "-2147483648" : "-9223372036854775808";
  const auto or_else = [&](std::string_view attribute, std::string_view other) {
    return text_of(is_set(sequence, attribute) ? value(sequence, attribute) : other);
  };
  const std::string increment = or_else("increment", "1");
  const bool down = increment.starts_with('-');
  const std::string min = or_else("min", down ? smallest : "1");
  const std::string max = or_else("max", down ? "-1" : largest);
  json["increment"] = increment;
  json["startWith"] = or_else("start", down ? max : min);
  json["minValue"] = min;
  json["maxValue"] = max;
  json["cache"] = or_else("cache", "1");
  json["cycle"] = is_set(sequence, "cycle");
}

class Writer {
 public:
  explicit Writer(const catalog::Catalog& catalog) : catalog_(catalog), world_(catalog, catalog.major) {
    for (const Object& object : catalog.objects())
      if (object.id.kind == Kind::sequence && is_set(object, "owned_by"))
        owned_.emplace(value(object, "owned_by"), &object);
  }

  Json write() {
    Json json = {{"version", "7"}, {"dialect", "postgresql"}};
    for (const char* const section :
         {"tables", "enums", "schemas", "sequences", "roles", "policies", "views", "_meta"})
      json[section] = Json::object();
    for (const Object& object : catalog_.objects()) add(object, json);
    for (const char* const renamed : {"schemas", "tables", "columns"})
      json["_meta"][renamed] = Json::object();
    return json;
  }

 private:
  void add(const Object& object, Json& json) {
    const std::string name = text_of(object.id.name.view());
    const std::string key = fmt::format("{}.{}", object.id.schema.view(), name);
    switch (object.id.kind) {
      case Kind::schema:
        if (name != "public") json["schemas"][name] = name;
        break;
      case Kind::enum_type:
        json["enums"][key] = {{"name", name},
                              {"schema", object.id.schema.view()},
                              {"values", names_in(value(object, "labels"))}};
        break;
      case Kind::sequence:
        if (!is_set(object, "owned_by")) json["sequences"][key] = sequence(object);
        break;
      case Kind::table:
        if (!is_set(object, "partition_of")) json["tables"][key] = table(object);
        break;
      case Kind::view:
      case Kind::materialized_view:
        json["views"][key] = view(object);
        break;
      default:
        break;
    }
  }

  static Json sequence(const Object& object) {
    Json json = {{"name", object.id.name.view()}, {"schema", object.id.schema.view()}};
    add_sequence_values(object, json);
    return json;
  }

  Json table(const Object& object) {
    const std::string_view schema = object.id.schema.view();
    Json json = {{"name", object.id.name.view()}, {"schema", schema == "public" ? "" : schema}};
    for (const char* const map : {"columns", "indexes", "foreignKeys", "compositePrimaryKeys",
                                  "uniqueConstraints", "policies", "checkConstraints"})
      json[map] = Json::object();
    for (const Object* const part : world_.columns_of(object.id.schema, object.id.name))
      json["columns"][text_of(part->id.name.view())] = column(*part);
    for (const Object* const part : world_.parts_of(object.id.schema, object.id.name)) {
      const std::string name = text_of(part->id.name.view());
      if (part->id.kind == Kind::index) json["indexes"][name] = index(*part);
      if (part->id.kind == Kind::policy) json["policies"][name] = policy(*part);
      if (part->id.kind == Kind::constraint) add_constraint(*part, name, json);
    }
    json["isRLSEnabled"] = is_set(object, "row_security");
    return json;
  }

  Json column(const Object& object) {
    Type type = type_of(value(object, "type"), catalog_);
    const Object* const owned = owned_sequence(object);
    const std::string_view printed = value(object, "default");
    const auto sequence = owned != nullptr ? sequence_in(printed) : std::nullopt;
    const bool serial = sequence && *sequence == owned->id.name.view() && make_serial(type.text);
    Json json = {{"name", object.id.name.view()}, {"type", type.text}};
    if (!type.schema.empty()) json["typeSchema"] = type.schema;
    json["primaryKey"] = false;
    json["notNull"] = is_set(object, "not_null");
    const bool generated = is_set(object, "generated");
    if (value(object, "generated") == "stored")
      json["generated"] = {{"as", without_parentheses(printed)}, {"type", "stored"}};
    if (is_set(object, "identity") && owned != nullptr) json["identity"] = identity(object, *owned);
    if (!printed.empty() && !generated && !serial) json["default"] = default_of(printed, type);
    return json;
  }

  static bool make_serial(std::string& type) {
    if (type == "integer") type = "serial";
    if (type == "bigint") type = "bigserial";
    if (type == "smallint") type = "smallserial";
    return type.ends_with("serial");
  }

  [[nodiscard]] const Object* owned_sequence(const Object& column) const {
    const auto found = owned_.find(
        fmt::format("{}.{}", catalog::qualified(column.id.schema.view(), column.id.relation.view()),
                    catalog::identifier(column.id.name.view())));
    return found == owned_.end() ? nullptr : found->second;
  }

  static Json identity(const Object& column, const Object& sequence) {
    Json json = {{"type", value(column, "identity") == "always" ? "always" : "byDefault"},
                 {"name", sequence.id.name.view()},
                 {"schema", sequence.id.schema.view()}};
    add_sequence_values(sequence, json);
    return json;
  }

  static Json index(const Object& object) {
    Json json = {
        {"name", object.id.name.view()}, {"columns", Json::array()}, {"isUnique", is_set(object, "unique")}};
    for (const auto& element : catalog::kinds::index_elements(value(object, "columns")))
      json["columns"].push_back(index_column(element));
    if (is_set(object, "where")) json["where"] = value(object, "where");
    json["concurrently"] = false;
    json["method"] = is_set(object, "method") ? value(object, "method") : "btree";
    json["with"] = Json::object();
    for (const std::string& option : catalog::split_list(value(object, "options")))
      if (const std::size_t at = option.find('='); at != std::string::npos)
        json["with"][option.substr(0, at)] = option_value(std::string_view(option).substr(at + 1));
    return json;
  }

  /// A column with a collation of its own can be told as an expression only.
  static Json index_column(const catalog::kinds::IndexElement& element) {
    const bool collated = !element.collation.empty();
    const std::string collate =
        collated ? fmt::format(" COLLATE {}", catalog::sql_names(element.collation)) : std::string();
    const std::string expression = element.is_column && collated
                                       ? catalog::sql_names(catalog::identifier(element.expression))
                                       : element.expression;
    Json json = {{"expression", fmt::format("{}{}", expression, collate)},
                 {"isExpression", !element.is_column || collated},
                 {"asc", !element.descending},
                 {"nulls", element.nulls_first ? "first" : "last"}};
    const std::string& opclass = element.opclass;
    if (!opclass.empty()) json["opclass"] = name_in(std::string_view(opclass).substr(opclass.rfind('.') + 1));
    return json;
  }

  static Json policy(const Object& object) {
    auto roles = names_in(value(object, "roles"));
    std::ranges::sort(roles);
    Json json = {{"name", object.id.name.view()},
                 {"as", is_set(object, "restrictive") ? "RESTRICTIVE" : "PERMISSIVE"},
                 {"for", upper(value(object, "command"))},
                 {"to", roles}};
    if (is_set(object, "using")) json["using"] = value(object, "using");
    if (is_set(object, "with_check")) json["withCheck"] = value(object, "with_check");
    return json;
  }

  static void add_constraint(const Object& object, const std::string& name, Json& table) {
    const std::string_view type = value(object, "type");
    const auto columns = names_in(value(object, "columns"));
    if (type == "check")
      table["checkConstraints"][name] = {{"name", name},
                                         {"value", without_parentheses(value(object, "check"))}};
    if (type == "unique")
      table["uniqueConstraints"][name] = {
          {"name", name}, {"nullsNotDistinct", is_set(object, "nulls_not_distinct")}, {"columns", columns}};
    if (type == "foreign_key") table["foreignKeys"][name] = foreign_key(object, name, columns);
    if (type != "primary_key") return;
    if (columns.size() == 1)
      table["columns"][columns.front()]["primaryKey"] = true;
    else
      table["compositePrimaryKeys"][name] = {{"name", name}, {"columns", columns}};
  }

  static Json foreign_key(const Object& object, const std::string& name,
                          const std::vector<std::string>& columns) {
    const std::string_view target = value(object, "references");  // "public.users (id)"
    const std::size_t open = target.rfind(" (");
    const catalog::ObjectId to = catalog::named(Kind::table, target.substr(0, open));
    const auto action = [&](std::string_view attribute) {
      return text_of(is_set(object, attribute) ? value(object, attribute) : "no action");
    };
    Json json = {{"name", name}, {"tableFrom", object.id.relation.view()}, {"tableTo", to.name.view()}};
    if (to.schema != Text("public")) json["schemaTo"] = to.schema.view();
    json["columnsFrom"] = columns;
    json["columnsTo"] = names_in(target.substr(open + 2, target.size() - open - 3));
    json["onDelete"] = action("on_delete");
    json["onUpdate"] = action("on_update");
    return json;
  }

  Json view(const Object& object) {
    const bool materialized = object.id.kind == Kind::materialized_view;
    Json json = {{"columns", Json::object()},
                 {"definition", definition(value(object, "definition"))},
                 {"name", object.id.name.view()},
                 {"schema", object.id.schema.view()},
                 {"isExisting", false}};
    for (const std::string& item : catalog::split_list(value(object, "columns"))) add_view_column(item, json);
    if (Json with = view_options(value(object, "options"), materialized); !with.empty())
      json["with"] = std::move(with);
    json["materialized"] = materialized;
    if (is_set(object, "tablespace")) json["tablespace"] = value(object, "tablespace");
    if (is_set(object, "access_method")) json["using"] = value(object, "access_method");
    return json;
  }

  /// "id integer", "\"Na me\" text".
  void add_view_column(const std::string& item, Json& json) {
    const auto words = catalog::split_list(item, ' ');
    const std::string name = name_in(words.front());
    const Type type = type_of(std::string_view(item).substr(words.front().size() + 1), catalog_);
    Json column = {{"name", name}, {"type", type.text}};
    if (!type.schema.empty()) column["typeSchema"] = type.schema;
    column["primaryKey"] = false;
    column["notNull"] = false;
    json["columns"][name] = std::move(column);
  }

  /// On one line, and without its semicolon.
  static std::string definition(std::string_view text) {
    std::string line;
    for (const char c : text) {
      const bool space = c == ' ' || c == '\n' || c == '\t';
      if (!space)
        line += c;
      else if (!line.empty() && !line.ends_with(' '))
        line += ' ';
    }
    while (line.ends_with(' ') || line.ends_with(';')) line.pop_back();
    return line;
  }

  /// "security_barrier=true" as {"securityBarrier": true}. An option that the schema of snapshots does not
  /// know would make the whole file malformed: only those that a kind of view always has are told.
  static Json view_options(std::string_view options, bool materialized) {
    static const std::map<std::string_view, std::string_view> of_views = {
        {"check_option", "checkOption"},
        {"security_barrier", "securityBarrier"},
        {"security_invoker", "securityInvoker"}};
    static const std::map<std::string_view, std::string_view> of_materialized = {
        {"fillfactor", "fillfactor"},
        {"toast_tuple_target", "toastTupleTarget"},
        {"parallel_workers", "parallelWorkers"},
        {"autovacuum_enabled", "autovacuumEnabled"}};
    const auto& known = materialized ? of_materialized : of_views;
    Json json = Json::object();
    for (const std::string& option : catalog::split_list(options)) {
      const std::size_t at = option.find('=');
      const auto name = known.find(std::string_view(option).substr(0, at));
      if (at != std::string::npos && name != known.end())
        json[text_of(name->second)] = option_value(std::string_view(option).substr(at + 1));
    }
    return json;
  }

  const catalog::Catalog& catalog_;
  catalog::World world_;
  std::map<std::string_view, const Object*, std::less<>> owned_;  ///< sequences, by their column
};

/// The member, or null.
const Json* member(const Json& object, const std::string& name) {
  if (!object.is_object()) return nullptr;
  const auto at = object.find(name);
  return at == object.end() ? nullptr : &*at;
}

/// An object that changed: the fields that did not are told as `known` tells them.
Json keep_fields(Json now, const Json& was, const Json& known) {
  for (auto& [name, field] : now.items()) {
    const Json* const before = member(was, name);
    const Json* const told = member(known, name);
    if (before != nullptr && told != nullptr && *before == field) field = *told;
  }
  return now;
}

/// Objects by name; `changed` says what becomes of one that is not as it was.
template <typename Changed>
Json keep_map(const Json& now, const Json* was, const Json* known, Changed changed) {
  if (was == nullptr || known == nullptr) return now;
  Json kept = Json::object();
  for (const auto& [name, object] : now.items()) {
    const Json* const before = member(*was, name);
    const Json* const told = member(*known, name);
    if (before == nullptr)
      kept[name] = object;
    else if (told != nullptr)
      kept[name] = changed(object, *before, *told);
  }
  return kept;
}

Json keep_object(const Json& now, const Json& was, const Json& known) {
  return now == was ? known : keep_fields(now, was, known);
}

Json keep_table(const Json& now, const Json& was, const Json& known) {
  Json kept = keep_fields(now, was, known);
  for (const char* const map : {"columns", "indexes", "foreignKeys", "compositePrimaryKeys",
                                "uniqueConstraints", "policies", "checkConstraints"})
    kept[map] = keep_map(now[map], member(was, map), member(known, map), keep_object);
  return kept;
}

}  // namespace

Json snapshot_of(const catalog::Catalog& catalog) {
  return Writer(catalog).write();
}

Json keep_wording(Json now, const Json& was, const Json& known) {
  now["tables"] = keep_map(now["tables"], member(was, "tables"), member(known, "tables"), keep_table);
  for (const char* const section : {"enums", "schemas", "sequences", "views"})
    now[section] = keep_map(now[section], member(was, section), member(known, section), keep_object);
  for (const char* const section : {"roles", "policies"})  // only schema.ts knows them
    if (const Json* const told = member(known, section)) now[section] = *told;
  return now;
}

}  // namespace candor::engine::drizzle
