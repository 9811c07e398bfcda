/// sql/roles.h: which roles a parsed statement needs, and which it makes.
#pragma once

#include "sql/script.h"
#include "sql/tree.h"

namespace candor::sql {

/// Fills roles, created_roles and extensions.
void collect_names(const PgQuery__Node& statement, Analysis& analysis);

}  // namespace candor::sql
