/// engine/drizzle_values.h: a column's type and default as drizzle-kit writes them into its snapshots.
///
/// The rules are those of drizzle-kit 0.31 (serializer/pgSerializer.ts) and of the columns' getSQLType in
/// drizzle-orm 0.45 (pg-core/columns). Where what `generate` writes and what `pull` reads differ, it is what
/// `generate` writes, because that is what a snapshot is compared with.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace candor::engine::drizzle {

using Json = nlohmann::ordered_json;

struct Type {
  std::string text;    ///< "varchar(255)", "numeric(10, 2)", "mood[]"
  std::string schema;  ///< of an enum; empty for every other type
  bool array = false;
  std::string element;  ///< `text` without length and brackets: "varchar"
};

/// `printed` as the server prints it with an empty search_path: "character varying(255)", "public.mood[]".
/// How many dimensions an array was declared with is not in the catalog: one is told.
Type type_of(std::string_view printed, const catalog::Catalog& catalog);

/// A default as the server prints it ("'x'::text", "now()"): numbers and booleans as such, other literals
/// quoted and without the cast, expressions as they are.
Json default_of(std::string_view printed, const Type& type);

/// The name of the sequence in "nextval('public.users_id_seq'::regclass)"; nothing in any other default.
std::optional<std::string> sequence_in(std::string_view printed);

/// "id, \"Na me\"" as names.
std::vector<std::string> names_in(std::string_view list);
/// A name as the catalog's texts have it, "\"Na me\"" or "name", as it is.
std::string name_in(std::string_view text);

}  // namespace candor::engine::drizzle
