/// catalog/kinds/kind_sql.h: how the kinds are written as SQL, one NAME_sql.cpp each. A new one is declared
/// here and named in its kind's row (kinds/NAME.cpp).
#pragma once

#include "catalog/ddl.h"

namespace candor::catalog::kinds {

extern const KindSql schema_sql;
extern const KindSql table_sql, column_sql, index_sql;

}  // namespace candor::catalog::kinds
