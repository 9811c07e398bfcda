#include <fmt/format.h>

#include <map>
#include <set>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

/// "owner: INSERT; public: SELECT, UPDATE*" by grantee.
using Privileges = std::map<std::string, std::set<std::string>>;

Privileges parsed(std::string_view text) {
  Privileges privileges;
  if (text == "none") return privileges;
  for (const std::string& entry : split_list(text, ';')) {
    const std::size_t colon = entry.rfind(": ");
    if (colon == std::string::npos) continue;
    for (const std::string& privilege : split_list(entry.substr(colon + 2)))
      privileges[entry.substr(0, colon)].insert(privilege);
  }
  return privileges;
}

/// What there is without any default privileges: those in a schema are added to it.
Privileges usual(const ObjectId& id) {
  if (!id.schema.empty()) return {};
  const Text objects = id.arguments;
  return parsed(objects == "tables" ? "owner: DELETE, INSERT, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE"
                : objects == "sequences" ? "owner: SELECT, UPDATE, USAGE"
                : objects == "functions" ? "owner: EXECUTE; public: EXECUTE"
                : objects == "types"     ? "owner: USAGE; public: USAGE"
                : objects == "schemas"   ? "owner: CREATE, USAGE"
                                         : "owner: SELECT, UPDATE");
}

std::string role_sql(const Object& object, const std::string& grantee) {
  if (grantee == "public") return "PUBLIC";
  if (grantee != "owner") return sql_names(std::string_view(grantee).substr(5));
  return object.id.name.empty() ? "CURRENT_USER" : pg::Identifier(object.id.name.view()).sql();
}

std::string front_of(const ObjectId& id) {
  std::string sql = "ALTER DEFAULT PRIVILEGES";
  if (!id.name.empty()) sql += fmt::format(" FOR ROLE {}", pg::Identifier(id.name.view()));
  if (!id.schema.empty()) sql += fmt::format(" IN SCHEMA {}", pg::Identifier(id.schema.view()));
  return sql;
}

std::string_view objects_of(const ObjectId& id) {
  return id.arguments == "large_objects" ? "LARGE OBJECTS" : id.arguments.view();
}

/// Those of `a` that are not among `b`'s.
Privileges without(const Privileges& a, const Privileges& b) {
  Privileges rest;
  for (const auto& [grantee, privileges] : a)
    for (const std::string& privilege : privileges) {
      const auto other = b.find(grantee);
      if (other == b.end() || !other->second.contains(privilege)) rest[grantee].insert(privilege);
    }
  return rest;
}

Ddls change(const Object& object, const Privileges& from, const Privileges& to) {
  Ddls ddls;
  for (const auto& [grantee, privileges] : without(from, to)) {
    std::string list;
    for (const std::string& privilege : privileges)
      append_listed(list, privilege.substr(0, privilege.find('*')));
    ddls.push_back({.sql = fmt::format("{} REVOKE {} ON {} FROM {}", front_of(object.id), list,
                                       objects_of(object.id), role_sql(object, grantee))});
  }
  for (const auto& [grantee, privileges] : without(to, from)) {
    std::string plain, grantable;
    for (const std::string& privilege : privileges)
      append_listed(privilege.ends_with('*') ? grantable : plain, privilege.substr(0, privilege.find('*')));
    for (const auto& [list, option] : {std::pair{plain, ""}, {grantable, " WITH GRANT OPTION"}})
      if (!list.empty())
        ddls.push_back({.sql = fmt::format("{} GRANT {} ON {} TO {}{}", front_of(object.id), list,
                                           objects_of(object.id), role_sql(object, grantee), option)});
  }
  return ddls;
}

Privileges of(const Object& object) {
  return parsed(value(object, "privileges"));
}

Ddls create(const Object& object, const World&) {
  return change(object, usual(object.id), of(object));
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  return change(to, of(from), of(to));
}

Ddls drop(const Object& object, const World&) {
  return change(object, of(object), usual(object.id));
}

void refer(const Object&, const World&, References&) {}

}  // namespace

const KindSql default_privileges_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
