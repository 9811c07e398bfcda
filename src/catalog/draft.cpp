#include "catalog/draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace candor::catalog {

namespace {

constexpr std::uint64_t column_key(Oid relation, int number) {
  return (std::uint64_t{relation} << 16) | static_cast<std::uint16_t>(number);
}

std::string unknown(Oid oid) {
  return fmt::format("?{}", oid);
}

template <class Map>
std::string look_up(const Map& map, Oid oid) {
  if (oid == 0) return {};
  const auto found = map.find(oid);
  return found == map.end() ? unknown(oid) : found->second;
}

/// "{1,2}" of a map's keys, or of pairs by `part`.
template <class Range, class Part>
std::string array_of(const Range& range, Part part) {
  std::string literal = "{";
  for (const auto& item : range)
    fmt::format_to(std::back_inserter(literal), "{}{}", literal.size() > 1 ? "," : "", part(item));
  return literal + "}";
}

}  // namespace

void Values::set(std::string_view attribute, std::string_view value) {
  if (value.empty()) return;
  const auto attributes = attributes_of(kind_);
  const auto found = std::ranges::find(attributes, attribute, &Attribute::name);
  values_[static_cast<std::size_t>(found - attributes.begin())] = Text(value);
}

std::vector<std::int64_t> parse_numbers(std::string_view text) {
  std::vector<std::int64_t> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    std::int64_t number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error == std::errc{}) {
      numbers.push_back(number);
      at = next;
    } else {
      ++at;  // a space, comma or brace
    }
  }
  return numbers;
}

Oid to_oid(std::string_view text) {
  Oid oid = 0;
  std::from_chars(text.data(), text.data() + text.size(), oid);
  return oid;
}

namespace {

/// PostgreSQL documentation, "Privileges": the letters of an ACL.
std::string_view privilege_name(char letter) {
  switch (letter) {
    case 'r':
      return "SELECT";
    case 'a':
      return "INSERT";
    case 'w':
      return "UPDATE";
    case 'd':
      return "DELETE";
    case 'D':
      return "TRUNCATE";
    case 'x':
      return "REFERENCES";
    case 't':
      return "TRIGGER";
    case 'X':
      return "EXECUTE";
    case 'U':
      return "USAGE";
    case 'C':
      return "CREATE";
    case 'c':
      return "CONNECT";
    case 'T':
      return "TEMPORARY";
    default:
      return "";  // MAINTAIN, and what cannot stand on a schema's objects
  }
}

/// The grantee before '=', which is quoted as identifiers are; `item` is left at what follows it.
std::string take_grantee(std::string_view& item) {
  std::string grantee;
  bool in_quotes = false;
  std::size_t i = 0;
  for (; i < item.size() && (in_quotes || item[i] != '='); ++i) {
    if (item[i] != '"') {
      grantee += item[i];
    } else if (in_quotes && i + 1 < item.size() && item[i + 1] == '"') {
      grantee += item[i++];
    } else {
      in_quotes = !in_quotes;
    }
  }
  item.remove_prefix(std::min(i + 1, item.size()));
  return grantee;
}

}  // namespace

std::string grants_text(std::string_view owner_and_acl) {
  const auto parts = pg::parse_array(owner_and_acl);
  if (parts.size() != 2) return {};
  std::map<std::string, std::set<std::string>> grants;
  for (const std::string& entry : pg::parse_array(parts[1])) {
    std::string_view item = entry;
    const std::string grantee = take_grantee(item);
    auto& privileges = grants[grantee.empty()       ? "public"
                              : grantee == parts[0] ? "owner"
                                                    : "role " + identifier(grantee)];
    for (std::size_t i = 0; i < item.size() && item[i] != '/'; ++i) {
      const std::string_view name = privilege_name(item[i]);
      const bool grantable = i + 1 < item.size() && item[i + 1] == '*';
      if (!name.empty()) privileges.insert(std::string(name) + (grantable ? "*" : ""));
    }
  }
  std::string text;
  for (const auto& [grantee, privileges] : grants)
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", grantee, fmt::join(privileges, ", "));
  return text.empty() ? "none" : text;
}

std::string options_text(std::string_view options) {
  auto list = pg::parse_array(options);
  std::erase_if(list, [](const std::string& option) { return option.starts_with("pg_attver="); });
  std::ranges::sort(list);
  return fmt::format("{}", fmt::join(list, ", "));
}

std::string identifier(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9') || c == '$';
  };
  const bool bare = !name.empty() && std::ranges::all_of(name, plain) &&
                    !(name[0] >= '0' && name[0] <= '9') && name[0] != '$';
  return bare ? std::string(name) : quoted(name);
}

std::string qualified(std::string_view schema, std::string_view name) {
  return schema == "pg_catalog" ? identifier(name) : identifier(schema) + "." + identifier(name);
}

void Draft::introduce_column(Oid relation, int number, Text name) {
  columns_[column_key(relation, number)] = name;
}

void Draft::note(const KindSpec& kind, const pg::Rows& rows) {
  for (const Reference& reference : kind.references) {
    for (int r = 0; r < rows.size(); ++r) {
      if (rows.is_null(r, reference.column)) continue;
      const std::string_view cell = rows.at(r, reference.column);
      if (reference.to == Refers::type) {
        if (const Oid oid = to_oid(cell))
          types_.try_emplace({oid, static_cast<int>(rows.number(r, reference.other))});
        continue;
      }
      if (reference.to == Refers::columns) {
        const Oid relation = to_oid(rows.at(r, reference.other));
        for (const auto number : parse_numbers(cell))
          if (number != 0 && relation != 0 &&
              !columns_.contains(column_key(relation, static_cast<int>(number))))
            wanted_columns_.insert(column_key(relation, static_cast<int>(number)));
        continue;
      }
      for (const auto number : parse_numbers(cell)) {
        const auto oid = static_cast<Oid>(number);
        if (oid == 0) continue;
        switch (reference.to) {
          case Refers::collation:
            collations_.try_emplace(oid);
            break;
          case Refers::opclass:
            opclasses_.try_emplace(oid);
            break;
          case Refers::op:
            operators_.try_emplace(oid);
            break;
          case Refers::routine:
            routines_.try_emplace(oid);
            break;
          case Refers::relation:
            if (!relations_.contains(oid)) other_relations_.try_emplace(oid);
            break;
          default:
            break;
        }
      }
    }
  }
}

void Draft::note_relations(const pg::Rows& rows, int column) {
  for (int r = 0; r < rows.size(); ++r)
    if (const Oid oid = to_oid(rows.at(r, column)); oid != 0 && !relations_.contains(oid))
      other_relations_.try_emplace(oid);
}

namespace {

const pg::Prepared name_of_types{
    "candor_types",
    "SELECT 't', u.o, u.m, pg_catalog.format_type(u.o, u.m), NULL"
    " FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.int4[])) u(o, m)"};
const pg::Prepared name_of_collations{
    "candor_collations",
    "SELECT 'c', x.oid, 0, n.nspname, x.collname FROM pg_catalog.pg_collation x"
    " JOIN pg_catalog.pg_namespace n ON n.oid = x.collnamespace WHERE x.oid = ANY ($1::pg_catalog.oid[])"};
const pg::Prepared name_of_opclasses{
    "candor_opclasses",
    "SELECT 'k', x.oid, CASE WHEN x.opcdefault THEN 1 ELSE 0 END, n.nspname, x.opcname FROM pg_catalog.pg_opclass x"
    " JOIN pg_catalog.pg_namespace n ON n.oid = x.opcnamespace WHERE x.oid = ANY ($1::pg_catalog.oid[])"};
const pg::Prepared name_of_operators{
    "candor_operators",
    "SELECT 'o', x.oid, 0, n.nspname, x.oprname FROM pg_catalog.pg_operator x"
    " JOIN pg_catalog.pg_namespace n ON n.oid = x.oprnamespace WHERE x.oid = ANY ($1::pg_catalog.oid[])"};
const pg::Prepared name_of_routines{"candor_routines",
                                    "SELECT 'f', u.o, 0, u.o::pg_catalog.regprocedure::pg_catalog.text, NULL"
                                    " FROM pg_catalog.unnest($1::pg_catalog.oid[]) u(o)"};
const pg::Prepared name_of_relations{
    "candor_relations",
    "SELECT 'r', x.oid, 0, n.nspname, x.relname FROM pg_catalog.pg_class x"
    " JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace WHERE x.oid = ANY ($1::pg_catalog.oid[])"};
const pg::Prepared name_of_columns{
    "candor_columns",
    "SELECT 'a', x.attrelid, x.attnum, x.attname, NULL"
    " FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.int2[])) u(o, a)"
    " JOIN pg_catalog.pg_attribute x ON x.attrelid = u.o AND x.attnum = u.a"};

}  // namespace

std::vector<Draft::NameQuery> Draft::name_queries() const {
  std::vector<NameQuery> queries;
  const auto ask = [&](const pg::Prepared& statement, const auto& wanted) {
    if (!wanted.empty())
      queries.push_back({statement, {array_of(wanted, [](const auto& item) { return item.first; })}});
  };
  if (!types_.empty())
    queries.push_back({name_of_types,
                       {array_of(types_, [](const auto& item) { return item.first.first; }),
                        array_of(types_, [](const auto& item) { return item.first.second; })}});
  ask(name_of_collations, collations_);
  ask(name_of_opclasses, opclasses_);
  ask(name_of_operators, operators_);
  ask(name_of_routines, routines_);
  ask(name_of_relations, other_relations_);
  if (!wanted_columns_.empty())
    queries.push_back({name_of_columns,
                       {array_of(wanted_columns_, [](std::uint64_t column) { return column >> 16; }),
                        array_of(wanted_columns_, [](std::uint64_t column) {
                          return static_cast<std::int16_t>(column & 0xffff);
                        })}});
  return queries;
}

void Draft::learn_names(const pg::Rows& rows) {
  for (int r = 0; r < rows.size(); ++r) {
    const Oid oid = to_oid(rows.at(r, 1));
    const auto number = static_cast<int>(rows.number(r, 2));
    const std::string_view first = rows.at(r, 3), second = rows.at(r, 4);
    switch (rows.at(r, 0)[0]) {
      case 't':
        types_[{oid, number}] = first;
        break;
      case 'c':
        collations_[oid] = qualified(first, second);
        break;
      case 'k':
        opclasses_[oid] = number != 0 ? std::string() : qualified(first, second);
        break;
      case 'o':
        operators_[oid] =
            first == "pg_catalog" ? std::string(second) : identifier(first) + "." + std::string(second);
        break;
      case 'f':
        routines_[oid] = first;
        break;
      case 'r':
        other_relations_[oid] = {Text(first), Text(second)};
        break;
      default:
        columns_[column_key(oid, number)] = Text(first);
        break;
    }
  }
}

const RelationName* Draft::relation(Oid oid) const {
  if (const auto own = relations_.find(oid); own != relations_.end()) return &own->second;
  const auto other = other_relations_.find(oid);
  return other == other_relations_.end() || other->second.name.empty() ? nullptr : &other->second;
}

std::string Draft::relation_text(Oid oid) const {
  const RelationName* const name = relation(oid);
  return name == nullptr ? unknown(oid) : qualified(name->schema.view(), name->name.view());
}

Text Draft::column(Oid relation, int number) const {
  const auto found = columns_.find(column_key(relation, number));
  return found == columns_.end() ? Text(fmt::format("?{}", number)) : found->second;
}

std::string Draft::column_list(Oid relation, std::string_view numbers) const {
  std::string list;
  for (const auto number : parse_numbers(numbers))
    list += (list.empty() ? "" : ", ") + identifier(column(relation, static_cast<int>(number)).view());
  return list;
}

std::string Draft::type(Oid oid, int modifier) const {
  const auto found = types_.find({oid, modifier});
  return found == types_.end() ? unknown(oid) : found->second;
}

std::string Draft::collation(Oid oid) const {
  return look_up(collations_, oid);
}
std::string Draft::opclass(Oid oid) const {
  return look_up(opclasses_, oid);
}
std::string Draft::operator_name(Oid oid) const {
  return look_up(operators_, oid);
}
std::string Draft::routine(Oid oid) const {
  return look_up(routines_, oid);
}

std::string schema_owners() {
  return "ARRAY(SELECT part.v FROM pg_catalog.pg_namespace s, LATERAL (VALUES (1, s.nspname::pg_catalog.text),"
         " (2, pg_catalog.pg_get_userbyid(s.nspowner)::pg_catalog.text)) part(i, v)"
         " WHERE s.nspname !~ '^pg_' ORDER BY s.oid, part.i)";
}

std::string_view Draft::role_name(std::string_view role, std::string_view owners,
                                  std::string_view session_user) const {
  const auto parts = pg::parse_array(owners);
  for (std::size_t i = 0; i + 1 < parts.size(); i += 2)
    if (std::ranges::find(excluded_, parts[i]) != excluded_.end())
      return role == parts[i + 1] ? std::string_view() : role;
  return role == session_user ? std::string_view() : role;
}

void Draft::add(ObjectId id, Values values) {
  const std::string_view schema = id.kind == Kind::schema ? id.name.view() : id.schema.view();
  if (std::ranges::find(excluded_, schema) != excluded_.end()) return;
  objects.push_back({id, values.take()});
}

void Draft::mark_written(const ObjectId& id, std::string_view attribute) {
  const auto attributes = attributes_of(id.kind);
  const auto found = std::ranges::find(attributes, attribute, &Attribute::name);
  // The text itself is filled in from the object when the catalog is complete.
  written[id].emplace_back(static_cast<std::uint8_t>(found - attributes.begin()), Text());
}

}  // namespace candor::catalog
