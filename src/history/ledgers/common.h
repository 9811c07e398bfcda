/// history/ledgers/common.h: what the files of this folder share: SQL about columns, keys from file names,
/// checksums.
#pragma once

#include <fmt/format.h>

#include <functional>

#include "history/foreign_tool.h"
#include "pg/identifier.h"

namespace candor::history {

/// `t."name"`.
std::string column(std::string_view name);
/// The same if the table has it, else "NULL".
std::string column_or_null(const ForeignTable& table, std::string_view name);
/// The column as ISO 8601 in UTC if it has a time zone, else as it is stored; "NULL" if there is none.
std::string time_of(const ForeignTable& table, std::string_view name);
/// A boolean as a status word; NULL is unknown.
std::string state_of_flag(std::string_view expression, std::string_view if_true = "applied",
                          std::string_view if_false = "failed");

/// "20240101_x" of "20240101_x/migration.sql"; the file's name where it is in no folder.
std::string folder_of(const Migration& migration);
/// The file's name without folders.
std::string basename_of(const Migration& migration);
/// Without ".sql", ".up.sql", ".do.sql".
std::string stem_of(std::string_view basename);
/// The digits at its front.
std::string leading_digits(std::string_view text);
/// Without zeros at its front: "0021" is "21".
std::string as_number(std::string_view digits);
/// Behind the version and its separator: "add_x" of "0001_add_x".
std::string behind_digits(std::string_view stem);

/// One ForeignFile for each migration, with its name filled in.
std::vector<ForeignFile> files_by(const History& history,
                                  const std::function<ForeignFile(const Migration&)>& file_of);
/// The same for tools that store a checksum of the file: with its bytes. Errors: C0004.
Result<std::vector<ForeignFile>> files_with_text(
    const History& history,
    const std::function<ForeignFile(const Migration&, std::string_view bytes)>& file_of);

/// The forms in which a text may have been read before it was hashed, each hashed. The first is the text as
/// it is.
std::vector<ChecksumForm> forms_of(std::string_view text,
                                   const std::function<std::string(std::string_view)>& hash);

/// ForeignTool::mark of the tools whose files() fills in ForeignFile::rows.
std::vector<ForeignStatement> mark_by_rows(const ForeignMarking& marking);

/// A column to be written: its name, and the SQL of its value, in which {} is the parameter.
struct ForeignValue {
  std::string_view column;
  std::string sql;
  pg::Param param = {};
};
/// A parameter as text, or as a number.
ForeignValue text_value(std::string_view column, std::string value);
ForeignValue number_value(std::string_view column, std::string value);
ForeignValue sql_value(std::string_view column, std::string sql);

/// INSERT of those columns that the table has, unless a row has the first one's value already.
ForeignStatement insert_once(const ForeignTable& table, const std::vector<ForeignValue>& values);

}  // namespace candor::history
