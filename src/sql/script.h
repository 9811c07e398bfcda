/// sql/script.h: a migration's text as statements with positions, and what each statement is and needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace candor::sql {

/// Transaction control at the top level of a file.
enum class Control : std::uint8_t { none, begin, commit, rollback, savepoint, prepared };

/// One statement of a file, as views into the file's text.
struct Statement {
  std::string_view text;       ///< without surrounding white space, comments before it and the semicolon
  std::size_t offset = 0;      ///< of `text` in the file, in bytes
  int line = 1;                ///< of its first character, from 1
  std::string_view copy_data;  ///< the inline data of COPY … FROM stdin, without the line with \.
  bool is_copy_in = false;     ///< COPY … FROM stdin
};

/// What a statement is and needs, from PostgreSQL's own grammar (libpg_query, PostgreSQL 15).
struct Analysis {
  bool parsed = false;      ///< false: the grammar does not know it; the server may (hint: `parse_error`)
  std::string parse_error;  ///< the grammar's message when not parsed
  std::size_t parse_error_at = 0;  ///< byte offset in the statement's text
  Control control = Control::none;
  bool outside_transaction = false;  ///< the server refuses it inside a transaction block (SQLSTATE 25001)
  bool changes_session = false;      ///< PREPARE, DEALLOCATE, DISCARD: may touch prepared statements
  bool concurrent_index = false;  ///< CREATE INDEX CONCURRENTLY: leaves an INVALID index when it breaks off
  std::string index_schema;       ///< of a concurrent build: as written, may be empty
  std::string index_table;        ///< of a concurrent build
  std::string index_name;         ///< of a concurrent build; empty when the server chooses it
  std::vector<std::string>
      roles;  ///< roles it names (owners, grantees, policy roles …), without PUBLIC & co.
  std::vector<std::string> created_roles;  ///< roles it creates, so that nobody else needs to
  std::vector<std::string> extensions;     ///< CREATE EXTENSION names
};

/// Cuts `text` into statements as psql does: quotes, dollar quotes, nested comments, parentheses and
/// BEGIN ATOMIC bodies are respected; inline COPY data is taken along. Streams: nothing is copied and at most
/// one statement is looked at, so a file of any size costs no memory beyond its own. `text` must outlive the
/// views.
///
/// Each statement is handed to `each`; its failure stops the walk and is returned.
/// Errors: C0306 a psql meta-command · C0309 something is not closed. Positions are filled, `file` names the
/// text.
Result<> for_each_statement(std::string_view text, std::string_view file,
                            const std::function<Result<>(const Statement&)>& each);

/// All statements at once; for files of ordinary size.
Result<std::vector<Statement>> split(std::string_view text, std::string_view file);

/// Parses one statement. Statements over 1 MiB are judged by their first words alone (`parsed` stays true for
/// INSERT, UPDATE, DELETE, COPY, SELECT, VALUES, WITH; else they are parsed whatever their size).
/// Thread-safe; never fails: what cannot be parsed is said in the result.
Analysis analyse(std::string_view statement);

/// Line, column (characters) and line text of byte `offset` in `text`. Lines over 200 characters are cut
/// around the column, which is adjusted so that a caret still points at the place.
SourcePosition position_of(std::string_view file, std::string_view text, std::size_t offset);

}  // namespace candor::sql
