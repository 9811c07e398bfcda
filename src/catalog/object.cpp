#include "catalog/object.h"

#include <array>

#include "base/quoted.h"

namespace candor::catalog {

namespace {

/// Which parts an identity has.
enum class Shape { name, schema_name, schema_relation_name, routine };

Shape shape_of(Kind kind) {
  switch (kind) {
    case Kind::schema:
    case Kind::extension:
      return Shape::name;
    case Kind::column:
    case Kind::constraint:
    case Kind::index:
    case Kind::trigger:
    case Kind::policy:
    case Kind::rule:
      return Shape::schema_relation_name;
    case Kind::function:
    case Kind::procedure:
    case Kind::aggregate:
      return Shape::routine;
    case Kind::enum_type:
    case Kind::domain:
    case Kind::composite_type:
    case Kind::range_type:
    case Kind::sequence:
    case Kind::table:
    case Kind::view:
    case Kind::materialized_view:
      return Shape::schema_name;
  }
  return Shape::schema_name;
}

bool starts_plain(char c) {
  return (c >= 'a' && c <= 'z') || c == '_';
}
bool continues_plain(char c) {
  return starts_plain(c) || (c >= '0' && c <= '9') || c == '$';
}

/// The length of the plain identifier at the front of `text`; 0: there is none.
std::size_t plain_length(std::string_view text) {
  if (text.empty() || !starts_plain(text.front())) return 0;
  std::size_t length = 1;
  while (length < text.size() && continues_plain(text[length])) ++length;
  return length;
}

bool is_plain(std::string_view text) {
  return !text.empty() && plain_length(text) == text.size();
}

bool is_argument_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ' ' ||
         c == ',' || c == '.' || c == '[' || c == ']';
}

std::size_t arguments_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && is_argument_byte(text[length])) ++length;
  return length;
}

void append_part(std::string& out, Text part) {
  if (is_plain(part.view())) {
    out.append(part.view());
  } else {
    append_quoted(out, part.view());
  }
}

void append_arguments(std::string& out, Text arguments) {
  out.push_back('(');
  if (arguments_length(arguments.view()) == arguments.view().size()) {
    out.append(arguments.view());
  } else {
    append_quoted(out, arguments.view());
  }
  out.push_back(')');
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool take_part(std::string_view& text, Text& part) {
  std::string_view value;
  if (const std::size_t length = plain_length(text)) {
    value = text.substr(0, length);
    text.remove_prefix(length);
    // Neighbours share their schema and relation: the pool is asked only when the name is another one.
    if (part != value) part = Text(value);
    return true;
  }
  std::string scratch;
  if (!take_quoted(text, scratch, value) || is_plain(value)) return false;
  part = Text(value);
  return true;
}

bool take_arguments(std::string_view& text, Text& arguments) {
  if (!take(text, '(')) return false;
  std::string scratch;
  std::string_view value = text.substr(0, arguments_length(text));
  if (!text.empty() && text.front() == '"') {
    if (!take_quoted(text, scratch, value) || arguments_length(value) == value.size()) return false;
  } else {
    text.remove_prefix(value.size());
  }
  arguments = Text(value);
  return take(text, ')');
}

}  // namespace

std::strong_ordering operator<=>(const ObjectId& a, const ObjectId& b) {
  const auto schema_of = [](const ObjectId& id) { return id.kind == Kind::schema ? id.name : id.schema; };
  const auto group_of = [](const ObjectId& id) { return id.relation.empty() ? id.name : id.relation; };
  // false sorts before true
  if (const auto c = (a.kind != Kind::extension) <=> (b.kind != Kind::extension); c != 0) return c;
  if (const auto c = schema_of(a) <=> schema_of(b); c != 0) return c;
  if (const auto c = (a.kind != Kind::schema) <=> (b.kind != Kind::schema); c != 0) return c;
  if (const auto c = group_of(a) <=> group_of(b); c != 0) return c;
  if (const auto c = a.kind <=> b.kind; c != 0) return c;
  if (const auto c = a.name <=> b.name; c != 0) return c;
  if (const auto c = a.arguments <=> b.arguments; c != 0) return c;
  // Only identities with parts that their kind does not have come this far unequal.
  if (const auto c = a.relation <=> b.relation; c != 0) return c;
  return a.schema <=> b.schema;
}

std::string to_string(const ObjectId& id) {
  std::string out;
  append_id(out, id);
  return out;
}

void append_id(std::string& out, const ObjectId& id) {
  const Shape shape = shape_of(id.kind);
  if (shape != Shape::name) {
    append_part(out, id.schema);
    out.push_back('.');
  }
  if (shape == Shape::schema_relation_name) {
    append_part(out, id.relation);
    out.push_back('.');
  }
  append_part(out, id.name);
  if (shape == Shape::routine) append_arguments(out, id.arguments);
}

std::string describe(const ObjectId& id) {
  std::string out(name_of(id.kind));
  out.push_back(' ');
  append_id(out, id);
  return out;
}

bool take_id(Kind kind, std::string_view& text, ObjectId& id) {
  const Shape shape = shape_of(kind);
  std::string_view rest = text;
  id.kind = kind;
  if (shape == Shape::name) {
    id.schema = Text();
  } else if (!take_part(rest, id.schema) || !take(rest, '.')) {
    return false;
  }
  if (shape != Shape::schema_relation_name) {
    id.relation = Text();
  } else if (!take_part(rest, id.relation) || !take(rest, '.')) {
    return false;
  }
  if (!take_part(rest, id.name)) return false;
  if (shape != Shape::routine) {
    id.arguments = Text();
  } else if (!take_arguments(rest, id.arguments)) {
    return false;
  }
  text = rest;
  return true;
}

bool parse_id(Kind kind, std::string_view text, ObjectId& id) {
  return take_id(kind, text, id) && text.empty();
}

bool comparable(Printed printed, int major_a, int major_b) {
  switch (printed) {
    case Printed::no:
      return true;
    case Printed::expression:
      return (major_a < 14) == (major_b < 14);
    case Printed::query:
      return major_a == major_b;
  }
  return false;
}

std::string quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

}  // namespace candor::catalog

std::size_t std::hash<candor::catalog::ObjectId>::operator()(
    const candor::catalog::ObjectId& id) const noexcept {
  std::size_t seed = static_cast<std::size_t>(id.kind);
  for (const candor::Text part : {id.schema, id.relation, id.name, id.arguments})
    seed = (seed ^ part.hash()) * 0x9e3779b97f4a7c15ULL;
  return seed ^ seed >> 32U;
}
