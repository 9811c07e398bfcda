/// catalog/kinds/kind_sql.h: how the kinds are written as SQL, one NAME_sql.cpp each. A new one is declared
/// here and named in its kind's row (kinds/NAME.cpp).
#pragma once

#include "catalog/ddl.h"

namespace candor::catalog::kinds {

extern const KindSql schema_sql;
extern const KindSql extension_sql;
extern const KindSql enum_type_sql, domain_sql, composite_type_sql, range_type_sql;
extern const KindSql table_sql, view_sql, materialized_view_sql, sequence_sql, column_sql;
extern const KindSql index_sql, constraint_sql, trigger_sql, policy_sql, rule_sql;
extern const KindSql function_sql, procedure_sql, aggregate_sql;

}  // namespace candor::catalog::kinds
