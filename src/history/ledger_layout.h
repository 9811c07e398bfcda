/// history/ledger_layout.h: the shape that the ledger's tables must have, as data. Private to the ledger.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace candor::history {

constexpr int current_layout = 2;

struct LedgerColumn {
  std::string_view name;
  std::string_view type;     ///< as SQL writes it; qualified by pg_catalog where it is used
  std::string_view typname;  ///< as pg_type calls it
  bool not_null = false;
  int since = 1;               ///< the first layout that has it
  std::string_view more = {};  ///< behind the type: default, identity
};

struct LedgerTable {
  std::string_view name;
  std::string_view primary_key;
  std::span<const LedgerColumn> columns;
};

std::span<const LedgerTable> ledger_tables();

/// What turns layout `from` into the next one: one statement, `{}` stands for the quoted schema.
struct LedgerUpgrade {
  int from = 0;
  std::string_view sql;
};
std::span<const LedgerUpgrade> ledger_upgrades();

/// CREATE TABLE IF NOT EXISTS for a table as it is in `layout`.
std::string create_table_sql(std::string_view quoted_schema, const LedgerTable& table,
                             int layout = current_layout);

}  // namespace candor::history
