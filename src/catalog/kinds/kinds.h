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
extern const KindSpec language, access_method, event_trigger, publication, subscription, cast, transform;
extern const KindSpec foreign_data_wrapper, foreign_server, foreign_table, user_mapping;
extern const KindSpec collation, conversion, base_type, operator_, operator_class, operator_family;
extern const KindSpec text_search_parser, text_search_template, text_search_dictionary,
    text_search_configuration;
extern const KindSpec statistics, default_privileges, security_label;

}  // namespace candor::catalog::kinds
