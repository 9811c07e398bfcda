#include "catalog/object.h"

#include <array>

#include "base/quoted.h"

namespace candor::catalog {

namespace {

/// Which parts an identity has, and how they are printed.
enum class Shape {
  name,
  schema_name,
  schema_relation_name,
  routine,     ///< public.f(integer)
  arguments,   ///< (text as integer)
  name_of,     ///< plperl(public.hstore)
  method,      ///< public.box_ops using gist
  user,        ///< app on files
  privileges,  ///< tables in public for app
};

Shape shape_of(Kind kind) {
  switch (kind) {
    case Kind::schema:
    case Kind::extension:
    case Kind::language:
    case Kind::access_method:
    case Kind::foreign_data_wrapper:
    case Kind::foreign_server:
    case Kind::event_trigger:
    case Kind::publication:
    case Kind::subscription:
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
    case Kind::operator_:
      return Shape::routine;
    case Kind::cast:
      return Shape::arguments;
    case Kind::transform:
    case Kind::security_label:
      return Shape::name_of;
    case Kind::operator_family:
    case Kind::operator_class:
      return Shape::method;
    case Kind::user_mapping:
      return Shape::user;
    case Kind::default_privileges:
      return Shape::privileges;
    case Kind::collation:
    case Kind::conversion:
    case Kind::base_type:
    case Kind::enum_type:
    case Kind::domain:
    case Kind::composite_type:
    case Kind::range_type:
    case Kind::sequence:
    case Kind::table:
    case Kind::foreign_table:
    case Kind::view:
    case Kind::materialized_view:
    case Kind::text_search_parser:
    case Kind::text_search_template:
    case Kind::text_search_dictionary:
    case Kind::text_search_configuration:
    case Kind::statistics:
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

/// The role that migrates has no name here; one that is really called so is quoted.
constexpr std::string_view own_role = "current_user";

void append_role(std::string& out, Text role) {
  if (role.empty()) {
    out.append(own_role);
  } else if (role == own_role) {
    append_quoted(out, role.view());
  } else {
    append_part(out, role);
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

bool take_keyword(std::string_view& text, std::string_view keyword) {
  if (!text.starts_with(keyword)) return false;
  text.remove_prefix(keyword.size());
  return true;
}

bool take_role(std::string_view& text, Text& role) {
  if (plain_length(text) != 0) {
    if (!take_part(text, role)) return false;
    if (role == own_role) role = Text();
    return true;
  }
  std::string scratch;
  std::string_view value;
  if (!take_quoted(text, scratch, value) || value.empty() || (is_plain(value) && value != own_role))
    return false;
  role = Text(value);
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
  switch (const Shape shape = shape_of(id.kind)) {
    case Shape::name:
      return append_part(out, id.name);
    case Shape::arguments:
      return append_arguments(out, id.arguments);
    case Shape::name_of:
      append_part(out, id.name);
      return append_arguments(out, id.arguments);
    case Shape::user:
      append_role(out, id.name);
      out.append(" on ");
      return append_part(out, id.relation);
    case Shape::privileges:
      append_part(out, id.arguments);
      if (!id.schema.empty()) {
        out.append(" in ");
        append_part(out, id.schema);
      }
      if (!id.name.empty()) {
        out.append(" for ");
        append_part(out, id.name);
      }
      return;
    case Shape::schema_name:
    case Shape::schema_relation_name:
    case Shape::routine:
    case Shape::method:
      append_part(out, id.schema);
      out.push_back('.');
      if (shape == Shape::schema_relation_name) {
        append_part(out, id.relation);
        out.push_back('.');
      }
      append_part(out, id.name);
      if (shape == Shape::routine) append_arguments(out, id.arguments);
      if (shape == Shape::method) {
        out.append(" using ");
        append_part(out, id.arguments);
      }
  }
}

std::string describe(const ObjectId& id) {
  std::string out(name_of(id.kind));
  out.push_back(' ');
  append_id(out, id);
  return out;
}

namespace {

/// " in public", " for app": a part that is printed only where it is not empty.
bool take_optional(std::string_view& text, std::string_view keyword, Text& part) {
  part = Text();
  return !take_keyword(text, keyword) || (take_part(text, part) && !part.empty());
}

bool take_parts(Shape shape, std::string_view& text, ObjectId& id) {
  switch (shape) {
    case Shape::name:
      id.schema = id.relation = id.arguments = Text();
      return take_part(text, id.name);
    case Shape::arguments:
      id.schema = id.relation = id.name = Text();
      return take_arguments(text, id.arguments);
    case Shape::name_of:
      id.schema = id.relation = Text();
      return take_part(text, id.name) && take_arguments(text, id.arguments);
    case Shape::user:
      id.schema = id.arguments = Text();
      return take_role(text, id.name) && take_keyword(text, " on ") && take_part(text, id.relation);
    case Shape::privileges:
      id.relation = Text();
      return take_part(text, id.arguments) && take_optional(text, " in ", id.schema) &&
             take_optional(text, " for ", id.name);
    case Shape::schema_name:
      id.relation = id.arguments = Text();
      return take_part(text, id.schema) && take(text, '.') && take_part(text, id.name);
    case Shape::schema_relation_name:
      id.arguments = Text();
      return take_part(text, id.schema) && take(text, '.') && take_part(text, id.relation) &&
             take(text, '.') && take_part(text, id.name);
    case Shape::routine:
      id.relation = Text();
      return take_part(text, id.schema) && take(text, '.') && take_part(text, id.name) &&
             take_arguments(text, id.arguments);
    case Shape::method:
      id.relation = Text();
      return take_part(text, id.schema) && take(text, '.') && take_part(text, id.name) &&
             take_keyword(text, " using ") && take_part(text, id.arguments);
  }
  return false;
}

}  // namespace

bool take_id(Kind kind, std::string_view& text, ObjectId& id) {
  std::string_view rest = text;
  id.kind = kind;
  if (!take_parts(shape_of(kind), rest, id)) return false;
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
