/// tests/unit/objects.h: short ways to write down objects and catalogs.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/catalog.h"

namespace candor::catalog {

using AttributeValues = std::vector<std::pair<std::string_view, std::string_view>>;

/// The index of a kind's attribute; the test fails if there is none of that name.
inline std::uint8_t attribute(Kind kind, std::string_view name) {
  const auto attributes = attributes_of(kind);
  for (std::size_t i = 0; i < attributes.size(); ++i)
    if (attributes[i].name == name) return static_cast<std::uint8_t>(i);
  ADD_FAILURE() << name_of(kind) << " has no attribute " << name;
  return 0;
}

/// From "public.users.email"; the test fails if that is no identity of the kind.
inline ObjectId id_of(Kind kind, std::string_view text) {
  ObjectId id;
  EXPECT_TRUE(parse_id(kind, text, id)) << name_of(kind) << " " << text;
  return id;
}

inline Object object(Kind kind, std::string_view id, const AttributeValues& values = {}) {
  Object result{id_of(kind, id), std::vector<Text>(attributes_of(kind).size())};
  for (const auto& [name, value] : values) result.values[attribute(kind, name)] = Text(value);
  return result;
}

/// A table of two columns, a constraint and an index, and a view, in no particular order.
inline std::vector<Object> small_schema() {
  return {
      object(Kind::index, "public.users.users_email_idx", {{"unique", "true"}, {"columns", "email"}}),
      object(Kind::view, "public.grown_ups",
             {{"columns", "id bigint"}, {"definition", " SELECT u.id\n   FROM users u;"}}),
      object(Kind::column, "public.users.id", {{"type", "bigint"}, {"not_null", "true"}, {"position", "1"}}),
      object(Kind::schema, "public"),
      object(Kind::column, "public.users.email",
             {{"type", "character varying(50)"}, {"default", "''::character varying"}, {"position", "2"}}),
      object(Kind::table, "public.users", {{"comment", "those who log in"}}),
      object(Kind::constraint, "public.users.users_pkey", {{"type", "primary_key"}, {"columns", "id"}}),
      object(Kind::function, "public.f(integer, text)", {{"returns", "integer"}}),
      object(Kind::extension, "citext", {{"schema", "public"}}),
  };
}

}  // namespace candor::catalog
