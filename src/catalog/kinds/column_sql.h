/// catalog/kinds/column_sql.h: the pieces of a column that CREATE TABLE and ALTER TABLE share.
#pragma once

#include <string>

#include "catalog/ddl.h"

namespace candor::catalog::kinds {

/// type COLLATE …
std::string type_clause(const Object& column);
/// "name" type COLLATE … DEFAULT … NOT NULL, as in CREATE TABLE. `of_partition`: without an identity, which
/// the parent gives.
std::string column_definition(const Object& column, const World& world, bool of_partition = false);
/// What a typed table says of a column: "name" WITH OPTIONS …; empty: nothing but its type.
std::string column_options(const Object& column, const World& world);
/// What CREATE TABLE has no words for: storage, statistics, privileges, comment.
void append_column_settings(Ddls& ddls, const Object& column, const World& world);
/// What a change of the type resets.
void forget_of_type(Object& column);
/// What a child's inherited column has otherwise than its parent's.
void append_inherited_differences(Ddls& ddls, const Object& column, const Object& parent_column,
                                  const World& world);
/// START WITH 5 INCREMENT BY 2 …, and its type where `with_type`.
std::string sequence_options(const Object& sequence, bool with_type);
/// False where it is known that no row changes: varchar to text, a wider varchar …
bool type_change_rewrites(std::string_view from, std::string_view to);

}  // namespace candor::catalog::kinds
