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
extern const KindSql language_sql, transform_sql, access_method_sql, event_trigger_sql;
extern const KindSql publication_sql, subscription_sql, statistics_sql;
extern const KindSql foreign_data_wrapper_sql, foreign_server_sql, foreign_table_sql, user_mapping_sql;
extern const KindSql collation_sql, conversion_sql, cast_sql, base_type_sql;
extern const KindSql operator_sql, operator_class_sql, operator_family_sql;
extern const KindSql text_search_parser_sql, text_search_template_sql, text_search_dictionary_sql,
    text_search_configuration_sql;
extern const KindSql default_privileges_sql, security_label_sql;

}  // namespace candor::catalog::kinds
