/// engine/guarded_index.h: indexes that are built and dropped while others write: what a block looks at
/// before the statement, which cannot stand in a block. Private to guarded_steps.cpp.
#pragma once

#include <optional>
#include <string>

#include "catalog/object.h"

namespace candor::engine {

/// CREATE INDEX CONCURRENTLY IF NOT EXISTS, or DROP INDEX CONCURRENTLY IF EXISTS. nullopt: it is neither.
std::optional<std::string> repeatable_statement(const std::string& statement, bool built);

/// What state_expression() says of an index of this state that a build or a drop broken off has left INVALID.
std::string invalid_state(const std::string& state);

/// An SQL condition: the index is there and INVALID.
std::string is_invalid(const catalog::ObjectId& index);

// Statements of PL/pgSQL, indented lines.

/// Raises an error if something else bears the index's name: IF NOT EXISTS and IF EXISTS look at names alone.
std::string require_free_name(const catalog::ObjectId& index);
/// Drops it, unless a build that still goes on somewhere makes it whole meanwhile.
std::string clear_invalid(const catalog::ObjectId& index);

}  // namespace candor::engine
