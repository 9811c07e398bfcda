/// catalog/kinds/kinds.h: the kinds, one file each. A new kind is declared here and listed in
/// catalog/kind.cpp.
#pragma once

#include "catalog/kind.h"
#include "catalog/kinds/kind_sql.h"

namespace candor::catalog::kinds {

extern const KindSpec schema, extension;
extern const KindSpec enum_type, domain, composite_type, range_type;
extern const KindSpec table, view, materialized_view, sequence, column;
extern const KindSpec index, constraint, trigger, policy, rule;
extern const KindSpec function, procedure, aggregate;

}  // namespace candor::catalog::kinds
