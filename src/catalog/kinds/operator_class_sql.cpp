#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

std::string using_method(const Object& object) {
  return fmt::format("{} USING {}", sql_name(object.id), pg::Identifier(object.id.arguments.view()));
}

Spoken spoken(const Object& object) {
  const bool family = object.id.kind == Kind::operator_family;
  return {family ? "OPERATOR FAMILY" : "OPERATOR CLASS", using_method(object)};
}

/// "1 public.<|(a,b) for order by public.f" as OPERATOR 1 public.<| (a,b) FOR ORDER BY public.f. What the
/// server printed is SQL but for the space before the arguments and builtin operators, which need their
/// schema.
std::string operator_member(std::string_view text) {
  const std::size_t number = text.find(' ');
  const std::string_view signature = text.substr(number + 1);
  const std::size_t arguments = signature.find('(');
  const std::string_view name = signature.substr(0, arguments);
  return fmt::format("OPERATOR {} {}{} {}", text.substr(0, number),
                     name.find('.') == std::string_view::npos ? "pg_catalog." : "", name,
                     signature.substr(arguments));
}

std::vector<std::string> members(const Object& object) {
  std::vector<std::string> list;
  for (const std::string& text : split_list(value(object, "operators"), ';'))
    list.push_back(operator_member(text));
  for (const std::string& text : split_list(value(object, "functions"), ';'))
    list.push_back("FUNCTION " + text);
  return list;
}

/// "OPERATOR 1 (a,b)" or "FUNCTION 1 (a,b)", as ALTER OPERATOR FAMILY … DROP wants it.
std::vector<std::string> member_keys(const Object& object) {
  std::vector<std::string> list;
  for (const std::string& text : split_list(value(object, "operators"), ';')) {
    const std::size_t open = text.find('('), close = text.find(" for order by ");
    std::string types = text.substr(open, close == std::string::npos ? close : close - open);
    list.push_back(fmt::format("OPERATOR {} {}", text.substr(0, text.find(' ')), types));
  }
  for (const std::string& text : split_list(value(object, "functions"), ';'))
    list.push_back("FUNCTION " + text.substr(0, text.find(')') + 1));
  return list;
}

std::string family_of(const Object& op_class) {
  ObjectId family = op_class.id;
  if (is_set(op_class, "family")) family = named(Kind::table, value(op_class, "family"));
  return sql_name(family);
}

ObjectId family_id(const Object& op_class) {
  ObjectId family = op_class.id;
  if (is_set(op_class, "family")) family = named(Kind::table, value(op_class, "family"));
  family.kind = Kind::operator_family;
  family.arguments = op_class.id.arguments;
  return family;
}

Ddls create(const Object& op_class, const World&) {
  std::string list;
  for (const std::string& member : members(op_class)) append_listed(list, member, ",\n  ");
  // A class without members of its own still says what it stores.
  if (is_set(op_class, "storage") || list.empty())
    append_listed(
        list, fmt::format("STORAGE {}", value(op_class, is_set(op_class, "storage") ? "storage" : "type")),
        ",\n  ");
  Ddls ddls{{.sql = fmt::format("CREATE OPERATOR CLASS {}{} FOR TYPE {} USING {} FAMILY {} AS\n  {}",
                                sql_name(op_class.id), is_set(op_class, "default") ? " DEFAULT" : "",
                                value(op_class, "type"), pg::Identifier(op_class.id.arguments.view()),
                                family_of(op_class), list)}};
  append_extras(ddls, op_class, spoken(op_class));
  return ddls;
}

Ddls create_family(const Object& family, const World&) {
  Ddls ddls{{.sql = fmt::format("CREATE OPERATOR FAMILY {}", using_method(family))}};
  std::string list;
  for (const std::string& member : members(family)) append_listed(list, member, ",\n  ");
  if (!list.empty())
    ddls.push_back({.sql = fmt::format("ALTER OPERATOR FAMILY {} ADD\n  {}", using_method(family), list)});
  append_extras(ddls, family, spoken(family));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  return alter_extras(from, to, spoken(to));
}

std::optional<Ddls> alter_family(const Object& from, const Object& to, const World&) {
  Ddls ddls;
  const auto change = [&](std::string_view word, const std::vector<std::string>& list) {
    std::string sql;
    for (const std::string& member : list) append_listed(sql, member);
    if (!sql.empty())
      ddls.push_back({.sql = fmt::format("ALTER OPERATOR FAMILY {} {} {}", using_method(to), word, sql)});
  };
  if (changed(from, to, "operators") || changed(from, to, "functions")) {
    change("DROP", member_keys(from));
    change("ADD", members(to));
  }
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

Ddls drop(const Object& object, const World&) {
  return {{.sql = fmt::format("DROP {} {}", spoken(object).word, using_method(object))}};
}

void refer(const Object& object, const World&, References& references) {
  refer_to_all(object, references);
  references.objects.push_back(only_named(Kind::access_method, object.id.arguments.view()));
  if (object.id.kind == Kind::operator_class) references.objects.push_back(family_id(object));
}

}  // namespace

const KindSql operator_class_sql{create, alter, drop, refer};
const KindSql operator_family_sql{create_family, alter_family, drop, refer};

}  // namespace candor::catalog::kinds
