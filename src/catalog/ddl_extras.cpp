/// Owner, privileges and comment, which most kinds have in the same way.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/quoted.h"
#include "catalog/ddl.h"
#include "pg/identifier.h"

namespace candor::catalog {

namespace {

using Privileges = std::set<std::string>;          ///< "SELECT", "SELECT*" with grant option
using Grants = std::map<std::string, Privileges>;  ///< by "owner", "public", "role app"

Privileges all_of(std::string_view list) {
  Privileges privileges;
  for (std::string& name : split_list(list)) privileges.insert(std::move(name));
  return privileges;
}

/// What acldefault() gives.
Grants built_in(Kind kind) {
  switch (kind) {
    case Kind::column:
      return {};
    case Kind::table:
    case Kind::foreign_table:
    case Kind::view:
    case Kind::materialized_view:
      return {{"owner", all_of("DELETE, INSERT, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE")}};
    case Kind::sequence:
      return {{"owner", all_of("SELECT, UPDATE, USAGE")}};
    case Kind::schema:
      return {{"owner", all_of("CREATE, USAGE")}};
    case Kind::function:
    case Kind::procedure:
    case Kind::aggregate:
      return {{"owner", all_of("EXECUTE")}, {"public", all_of("EXECUTE")}};
    case Kind::language:
    case Kind::base_type:
    case Kind::enum_type:
    case Kind::domain:
    case Kind::composite_type:
    case Kind::range_type:
      return {{"owner", all_of("USAGE")}, {"public", all_of("USAGE")}};
    default:
      return {{"owner", all_of("USAGE")}};
  }
}

Grants grants_of(const Object& object) {
  const std::string_view text = value(object, "grants");
  if (text.empty()) return built_in(object.id.kind);
  Grants grants;
  if (text == "none") return grants;
  for (const std::string& entry : split_list(text, ';')) {
    const std::size_t colon = entry.rfind(": ");
    if (colon != std::string::npos) grants[entry.substr(0, colon)] = all_of(entry.substr(colon + 2));
  }
  return grants;
}

std::string grantee_sql(const std::string& grantee, const Object& object) {
  if (grantee == "public") return "PUBLIC";
  if (grantee != "owner") return sql_names(std::string_view(grantee).substr(5));
  const std::string_view owner = value(object, "owner");
  return owner.empty() ? "CURRENT_USER" : pg::Identifier(owner).sql();
}

std::string listed(const Privileges& privileges, std::string_view columns) {
  std::string list;
  for (const std::string& privilege : privileges) {
    if (!list.empty()) list += ", ";
    list += privilege.ends_with('*') ? privilege.substr(0, privilege.size() - 1) : privilege;
    if (!columns.empty()) list += fmt::format(" {}", columns);
  }
  return list;
}

Privileges without(const Privileges& a, const Privileges& b) {
  Privileges rest;
  std::ranges::set_difference(a, b, std::inserter(rest, rest.end()));
  return rest;
}

void grant(Ddls& ddls, const Object& object, const Spoken& spoken, const std::string& grantee,
           const Privileges& privileges) {
  const std::string on = fmt::format("{} {}", spoken.grant_word.empty() ? spoken.word : spoken.grant_word,
                                     spoken.grant_name.empty() ? spoken.name : spoken.grant_name);
  Privileges plain, grantable;
  for (const std::string& privilege : privileges)
    (privilege.ends_with('*') ? grantable : plain).insert(privilege);
  const std::string to = grantee_sql(grantee, object);
  if (!plain.empty())
    ddls.push_back({.sql = fmt::format("GRANT {} ON {} TO {}", listed(plain, spoken.columns), on, to)});
  if (!grantable.empty())
    ddls.push_back({.sql = fmt::format("GRANT {} ON {} TO {} WITH GRANT OPTION",
                                       listed(grantable, spoken.columns), on, to)});
}

void revoke(Ddls& ddls, const Object& object, const Spoken& spoken, const std::string& grantee,
            const Privileges& privileges) {
  if (privileges.empty()) return;
  ddls.push_back({.sql = fmt::format("REVOKE {} ON {} {} FROM {}", listed(privileges, spoken.columns),
                                     spoken.grant_word.empty() ? spoken.word : spoken.grant_word,
                                     spoken.grant_name.empty() ? spoken.name : spoken.grant_name,
                                     grantee_sql(grantee, object)),
                  .hazard = grantee == "owner"
                                ? ""
                                : fmt::format("{} loses privileges on {}", grantee, describe(object.id))});
}

void change_grants(Ddls& ddls, const Object& object, const Spoken& spoken, const Grants& from,
                   const Grants& to) {
  for (const auto& [grantee, privileges] : from) {
    const auto kept = to.find(grantee);
    revoke(ddls, object, spoken, grantee, kept == to.end() ? privileges : without(privileges, kept->second));
  }
  for (const auto& [grantee, privileges] : to) {
    const auto had = from.find(grantee);
    grant(ddls, object, spoken, grantee, had == from.end() ? privileges : without(privileges, had->second));
  }
}

Ddl comment_on(const Object& object, const Spoken& spoken) {
  const std::string_view comment = value(object, "comment");
  const ObjectId& id = object.id;
  Ddl ddl{.sql = fmt::format("COMMENT ON {} {} IS {}", spoken.word, spoken.name,
                             comment.empty() ? "NULL" : sql_literal(comment))};
  const bool on_table = id.kind == Kind::table || id.kind == Kind::column;
  if (on_table) {
    ddl.lock = Lock::share_update_exclusive;
    ddl.on =
        id.relation.empty() ? id : ObjectId{.kind = Kind::table, .schema = id.schema, .name = id.relation};
  }
  return ddl;
}

}  // namespace

void append_extras(Ddls& ddls, const Object& object, const Spoken& spoken) {
  if (is_set(object, "owner"))
    ddls.push_back({.sql = fmt::format("ALTER {} {} OWNER TO {}", spoken.word, spoken.name,
                                       pg::Identifier(value(object, "owner")))});
  if (is_set(object, "grants")) {
    const Grants from = built_in(object.id.kind), to = grants_of(object);
    change_grants(ddls, object, spoken, from, to);
    // Privileges that were spelled out stay spelled out.
    if (const auto owner = to.find("owner"); owner != to.end() && from == to)
      grant(ddls, object, spoken, "owner", owner->second);
  }
  if (is_set(object, "comment")) ddls.push_back(comment_on(object, spoken));
}

void append_extra_changes(Ddls& ddls, const Object& from, const Object& to, const Spoken& spoken) {
  if (changed(from, to, "owner"))
    ddls.push_back(
        {.sql = fmt::format("ALTER {} {} OWNER TO {}", spoken.word, spoken.name, grantee_sql("owner", to))});
  if (changed(from, to, "grants")) change_grants(ddls, to, spoken, grants_of(from), grants_of(to));
  if (changed(from, to, "comment")) ddls.push_back(comment_on(to, spoken));
}

}  // namespace candor::catalog
