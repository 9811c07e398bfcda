/// catalog/kinds/plain.h: kinds whose rows hold each value as the server prints it: no references between
/// them are left to resolve.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "catalog/draft.h"

namespace candor::catalog::kinds {

/// Turns a cell into the value that is recorded.
using Format = std::string (*)(std::string_view cell);

std::string as_text(std::string_view cell);
std::string as_flag(std::string_view cell);
/// {schema,name} as "public.users".
std::string as_name(std::string_view cell);
/// {schema,name,schema,name} as "public.users, public.posts".
std::string as_qualified_list(std::string_view cell);
/// {a,b} as "a, b", each as an identifier.
std::string as_list(std::string_view cell);
/// {a,b} as "a; b", in the order of their bytes.
std::string as_sorted_texts(std::string_view cell);
/// {a,text,b,text} as "a "text", b "text"", for what is said of columns one by one.
std::string as_named_texts(std::string_view cell);
/// Likewise, the texts being what Source::grants selects.
std::string as_named_grants(std::string_view cell);
/// {host=localhost} as "host "localhost"". Of options whose name tells a secret only a hash of the value is
/// recorded.
std::string as_foreign_options(std::string_view cell);
/// Likewise, every value hashed; `salt` keeps equal passwords of two users from looking alike.
std::string hashed_options(std::string_view cell, std::string_view salt);

/// Adds an object per row: schema, relation, name and arguments first, then a cell for each attribute of the
/// kind, in their order. A column behind these says whether the row was written in Source's range.
void add_plain(Kind kind, std::span<const Format> formats, const pg::Rows& rows, Draft& draft);

// SQL.

/// What as_named_texts reads, for each column of the relation `oid` of which `text` is not null. `text` may
/// speak of a (pg_attribute) and of y (its type).
std::string of_columns(std::string_view oid, std::string_view text);
/// Comments on columns.
std::string comments_on_columns(std::string_view oid);
/// A routine's name, or NULL for the oid 0.
std::string routine_name(std::string_view oid);
/// With its argument types.
std::string routine_signature(std::string_view oid);
/// "public.+(integer, integer)", or NULL for the oid 0.
std::string operator_signature(std::string_view oid);
std::string type_name(std::string_view oid);
/// An array for as_name.
std::string name_array(std::string_view schema, std::string_view name);

}  // namespace candor::catalog::kinds
