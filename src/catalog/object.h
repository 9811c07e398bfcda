/// catalog/object.h: what a schema is made of: objects of kinds, each with an identity and attributes.
///
/// No object identifier (OID), attribute number or other value private to one database appears here; two
/// databases with the same schema have equal objects.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace candor::catalog {

/// The order is the order in which objects of one name are listed. Nothing persists the numbers.
enum class Kind : std::uint8_t {
  schema,
  extension,
  language,
  access_method,
  foreign_data_wrapper,
  foreign_server,
  user_mapping,
  event_trigger,
  publication,
  subscription,
  cast,
  transform,
  security_label,
  default_privileges,
  collation,
  conversion,
  base_type,
  enum_type,
  domain,
  composite_type,
  range_type,
  sequence,
  table,
  foreign_table,
  view,
  materialized_view,
  column,
  constraint,
  index,
  trigger,
  policy,
  rule,
  function,
  procedure,
  aggregate,
  operator_,
  operator_family,
  operator_class,
  text_search_parser,
  text_search_template,
  text_search_dictionary,
  text_search_configuration,
  statistics,
};

/// Who an object is. Unused parts are empty: a schema has only a name, a table no `relation`, a column a
/// relation.
struct ObjectId {
  Kind kind{};
  Text schema;
  Text relation;  ///< the table, view … that the object belongs to; of a user mapping: the server
  Text name;      ///< a cast has none; of a user mapping and of default privileges: the role
  /// Of routines and operators: input argument types as the server prints them, "integer, text". Of a cast:
  /// "text as integer". Of a transform: the type. Of operator classes and families: the access method. Of
  /// default privileges: "tables". Of a security label: what is labelled, "table public.users".
  Text arguments;

  /// Groups a relation with all that belongs to it: by schema, relation (or own name), kind, name, arguments.
  friend std::strong_ordering operator<=>(const ObjectId& a, const ObjectId& b);
  friend bool operator==(const ObjectId&, const ObjectId&) = default;
};

/// "public.users.email", "public.f(integer, text)", "(text as integer)", "public.box_ops using gist", "app on
/// files", "tables in public for app". The role that migrates is "current_user", or not named at all. Parts
/// that are not plain lower-case identifiers are printed as JSON strings ("we\nird"), so that every identity
/// is one line. Without the kind.
std::string to_string(const ObjectId& id);
/// Appends to_string(id).
void append_id(std::string& out, const ObjectId& id);
/// With the kind: "column public.users.email".
std::string describe(const ObjectId& id);
/// The inverse of to_string; false if `text` is not one. `kind` says which parts to expect.
bool parse_id(Kind kind, std::string_view text, ObjectId& id);
/// Takes an identity from the front of `text`; false, with `text` unchanged, if none stands there. What `id`
/// held before is used to save look-ups: pass the previous neighbour.
bool take_id(Kind kind, std::string_view& text, ObjectId& id);

/// How a difference in an attribute counts.
enum class Compare : std::uint8_t {
  always,      ///< part of equality and of the fingerprint
  configured,  ///< recorded; compared only when the settings ask (owners, grants, comments)
  notice,      ///< recorded; a difference is worth a line, never a verdict (physical column order)
};

/// Whether a value is text that the server prints, and so may change with its major version although the
/// meaning did not (PostgreSQL's ruleutils.c; the majors are those where a change has been seen).
enum class Printed : std::uint8_t {
  no,          ///< structure: the same on every major
  expression,  ///< one expression: printed differently before 14 (EXTRACT, SUBSTRING …, AT TIME ZONE)
  query,       ///< a whole query: comparable only within one major (views changed in 14 and 16)
};

struct Attribute {
  std::string_view name;  ///< "type", "not_null": as in the lock file and in every report
  Compare compare = Compare::always;
  Printed printed = Printed::no;
};

/// True if text printed as `printed` by major `a` may be compared with text printed by major `b`.
bool comparable(Printed printed, int major_a, int major_b);

struct Object;
/// The kinds whose objects ObjectId::relation names; no two of a schema share a name.
std::span<const Kind> relation_kinds();

/// True for a constraint that an index enforces: what is said of that index is among its attributes.
bool has_backing_index(const Object& constraint);

/// The value of an attribute that the role may not read: it is neither equal to another value nor different.
inline constexpr std::string_view not_readable = "(not readable)";

/// An object: its identity and one value per attribute of its kind. An empty value means "not set" (no
/// default, the type's own collation …); booleans are "true" or empty.
struct Object {
  ObjectId id;
  std::vector<Text> values;  ///< as attributes_of(id.kind)

  friend bool operator==(const Object&, const Object&) = default;
};

/// "table", "column", "materialized_view" …
std::string_view name_of(Kind kind);
/// False if there is no such kind.
bool parse_kind(std::string_view name, Kind& kind);
std::span<const Attribute> attributes_of(Kind kind);
std::span<const Kind> all_kinds();

/// JSON's escapes, for identities and values that are not plain words.
std::string quoted(std::string_view text);

}  // namespace candor::catalog

template <>
struct std::hash<candor::catalog::ObjectId> {
  std::size_t operator()(const candor::catalog::ObjectId& id) const noexcept;
};
