/// engine/row_backup.h: what the tables of another tool hold, kept in a file before their rows are changed.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "history/foreign_ledger.h"
#include "pg/connection.h"

namespace candor::engine {

/// Keeps other writers off `tables` until the end of the transaction, which has to be open, and makes a
/// script for psql by which their rows become what they are now, whatever they are by then. From here on a
/// row-level policy that would hide rows is an error. Errors: as Connection::query (55P03: another session is
/// writing there).
Result<std::string> script_of_rows(pg::Connection& connection,
                                   const std::vector<history::ForeignTable>& tables);

/// Writes `script` to FOLDER/NAME.sql.bak, or to NAME.2.sql.bak and so on where that is taken: an older
/// backup is never lost. `name`: a table's identity, of which only letters, digits and "._-" are taken over.
/// Returns the file's name. Errors: C0005.
Result<std::string> write_backup(const std::filesystem::path& folder, std::string_view name,
                                 std::string_view script);

}  // namespace candor::engine
