/// engine/row_backup.h: what the tables of another tool hold, kept in a file before their rows are changed.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "history/foreign_ledger.h"
#include "pg/connection.h"

namespace candor::engine {

/// What is done to some rows: the first statement returns those that it changes.
using RowChange = std::vector<history::ForeignStatement>;

/// Changes rows of `tables` in one transaction, from whose beginning no other session writes there. Before
/// its COMMIT a script for psql is written to FOLDER/NAME.sql.bak (.2.sql.bak and so on where that is taken:
/// an older backup is never lost), NAME being the first table's identity, of which only letters, digits and
/// "._-" are taken over. The script makes the rows what they were: those that differ are deleted, those that
/// are missing inserted. Returns the file's name. Errors: C0815 a change found no row: somebody else was
/// faster · C0005 · as Connection::query (55P03: another session goes on writing; a row-level policy that
/// would hide rows). Nothing is changed then.
Result<std::string> change_rows(pg::Connection& connection, const std::vector<history::ForeignTable>& tables,
                                const std::vector<RowChange>& changes, const std::filesystem::path& folder);

}  // namespace candor::engine
