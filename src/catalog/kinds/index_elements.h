/// catalog/kinds/index_elements.h: the catalog's text of index elements ("email, lower(name) desc") as SQL.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace candor::catalog::kinds {

/// One element in its parts.
struct IndexElement {
  std::string expression;  ///< a column's own name, or SQL: "lower(email)", "(a + b)"
  bool is_column = false;
  std::string collation, opclass;  ///< as the catalog's texts name them; empty: the default
  bool descending = false;
  bool nulls_first = false;
};
std::vector<IndexElement> index_elements(std::string_view elements);

/// For CREATE INDEX and EXCLUDE: expressions in parentheses, names quoted.
std::string sql_index_elements(std::string_view elements);
/// Likewise, each element followed by WITH and its operator: EXCLUDE.
std::string sql_exclusion_elements(std::string_view elements, std::string_view operators);
/// The length of the parenthesised text at the front of `text`; 0: there is none.
std::size_t parenthesised(std::string_view text);

}  // namespace candor::catalog::kinds
