#include "catalog/draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

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

bool Draft::needs_names() const {
  return !types_.empty() || !collations_.empty() || !opclasses_.empty() || !operators_.empty() ||
         !routines_.empty() || !other_relations_.empty() || !wanted_columns_.empty();
}

const pg::Prepared& Draft::names_query() {
  static const pg::Prepared query{
      "candor_names",
      "SELECT 't', u.o, u.m, pg_catalog.format_type(u.o, u.m), NULL"
      " FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.int4[])) u(o, m)"
      " UNION ALL SELECT 'c', x.oid, 0, n.nspname::pg_catalog.text, x.collname::pg_catalog.text"
      " FROM pg_catalog.unnest($3::pg_catalog.oid[]) u(o) JOIN pg_catalog.pg_collation x ON x.oid = u.o"
      " JOIN pg_catalog.pg_namespace n ON n.oid = x.collnamespace"
      " UNION ALL SELECT 'k', x.oid, CASE WHEN x.opcdefault THEN 1 ELSE 0 END, n.nspname, x.opcname"
      " FROM pg_catalog.unnest($4::pg_catalog.oid[]) u(o) JOIN pg_catalog.pg_opclass x ON x.oid = u.o"
      " JOIN pg_catalog.pg_namespace n ON n.oid = x.opcnamespace"
      " UNION ALL SELECT 'o', x.oid, 0, n.nspname, x.oprname"
      " FROM pg_catalog.unnest($5::pg_catalog.oid[]) u(o) JOIN pg_catalog.pg_operator x ON x.oid = u.o"
      " JOIN pg_catalog.pg_namespace n ON n.oid = x.oprnamespace"
      " UNION ALL SELECT 'f', u.o, 0, u.o::pg_catalog.regprocedure::pg_catalog.text, NULL"
      " FROM pg_catalog.unnest($6::pg_catalog.oid[]) u(o)"
      " UNION ALL SELECT 'r', x.oid, 0, n.nspname, x.relname"
      " FROM pg_catalog.unnest($7::pg_catalog.oid[]) u(o) JOIN pg_catalog.pg_class x ON x.oid = u.o"
      " JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace"
      " UNION ALL SELECT 'a', x.attrelid, x.attnum, x.attname, NULL"
      " FROM ROWS FROM (pg_catalog.unnest($8::pg_catalog.oid[]), pg_catalog.unnest($9::pg_catalog.int2[])) u(o, a)"
      " JOIN pg_catalog.pg_attribute x ON x.attrelid = u.o AND x.attnum = u.a"};
  return query;
}

pg::Params Draft::name_parameters() const {
  const auto key = [](const auto& item) { return item.first; };
  return {array_of(types_, [](const auto& item) { return item.first.first; }),
          array_of(types_, [](const auto& item) { return item.first.second; }),
          array_of(collations_, key),
          array_of(opclasses_, key),
          array_of(operators_, key),
          array_of(routines_, key),
          array_of(other_relations_, key),
          array_of(wanted_columns_, [](std::uint64_t column) { return column >> 16; }),
          array_of(wanted_columns_,
                   [](std::uint64_t column) { return static_cast<std::int16_t>(column & 0xffff); })};
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
