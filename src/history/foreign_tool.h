/// history/foreign_tool.h: what a file of ledgers/ states about one tool. Private to the foreign ledgers.
#pragma once

#include <optional>

#include "history/foreign_ledger.h"

namespace candor::history {

/// A column that a tool's table has, by the family of its type.
struct ForeignColumnRule {
  enum class Type : std::uint8_t { any, text, number, flag, time, json, list, bytes };
  std::string_view name;
  Type type = Type::any;
  bool required = true;
};

/// SQL expressions over `t`, the table; "NULL" where it has no such thing.
struct ForeignFields {
  std::string key;
  std::string version = "NULL";
  std::string name = "NULL";
  std::string checksum = "NULL";
  std::string state = "'applied'";
  std::string applied_at = "NULL";
  std::string error = "NULL";
  std::string order;      ///< oldest first; empty: by key
  std::string from = {};  ///< behind the table
  std::string where = {};
};

/// A file that comes before the newest recorded one.
enum class LateFile : std::uint8_t { runs, never_runs, refused };

struct ForeignRules {
  LateFile late = LateFile::runs;
  bool numeric = false;  ///< keys are compared as numbers
  bool loose = false;    ///< the files are not the tool's own (programs, hand-rolled): endings may differ
  bool missing_blocks = false;  ///< a recorded migration must have its file
  bool failed_blocks = false;   ///< a failed or unfinished row stops the tool
  bool edited_blocks = false;   ///< it compares checksums before it runs anything
  bool bytes_count = false;     ///< and sums the bytes as they are: other line ends are another file
  bool high_water = false;      ///< one row stands for everything up to its version
};

/// What is known when a migration is to be marked.
struct ForeignMarking {
  const ForeignTable& table;
  const std::vector<ForeignRecord>& records;
  const std::vector<ForeignFile>& files;  ///< of the whole history
  std::size_t index = 0;                  ///< of the file that is marked

  [[nodiscard]] const ForeignFile& file() const { return files[index]; }
};

/// What is known when the record of the last applied migration is to be taken away.
struct ForeignUnmarking {
  const ForeignTable& table;
  const ForeignRecord& record;  ///< by which the tool takes it for applied
  const std::vector<ForeignRecord>& records;
  const std::vector<ForeignFile>& files;  ///< of the whole history
  std::size_t index = 0;                  ///< of its file

  [[nodiscard]] const ForeignFile& file() const { return files[index]; }
};

/// A row of a run that broke off, and how that ended by the catalog.
struct ForeignMending {
  const ForeignTable& table;
  const std::vector<ForeignRecord>& records;
  const std::vector<ForeignFile>& files;  ///< of the whole history
  std::size_t index = 0;                  ///< of the row's file
  bool present = false;                   ///< the migration is in the database whole; else not at all

  [[nodiscard]] const ForeignFile& file() const { return files[index]; }
};

/// The row of a table beside the ledger that is set while the tool runs, and keeps everybody else out.
struct ForeignLock {
  std::string_view table;    ///< its name: one of the companions
  std::string_view is_held;  ///< SQL over `t`
  std::string_view holder;   ///< likewise: who holds it; "NULL" where nobody knows
  std::string_view release;  ///< SQL behind SET
};

struct ForeignJudging {
  const History& history;
  const std::vector<ForeignFile>& files;
  const std::vector<ForeignRecord>& records;
  ForeignVerdicts& verdicts;  ///< with `record` and `checksum` filled in by key
};

struct ForeignTool {
  std::string_view name;     ///< "drizzle", as in candor.toml
  std::string_view title;    ///< "Drizzle"
  std::string_view table;    ///< as the tool calls it where nobody says otherwise
  bool table_tells = false;  ///< no other tool has a table of that name: one without its columns is damaged
  std::span<const ForeignColumnRule> columns;
  bool exact = false;                                 ///< it has no other columns
  std::string_view own_schema = {};                   ///< a schema of which everything belongs to the tool
  std::span<const std::string_view> companions = {};  ///< relations beside the table; {} is its name
  ForeignRules rules = {};
  ForeignFields (*fields)(const ForeignTable& table) = nullptr;
  /// As History::migrations.
  Result<std::vector<ForeignFile>> (*files)(const History& history,
                                            const std::vector<ForeignRecord>& records) = nullptr;
  bool (*fits)(const ForeignTable& table) = nullptr;  ///< beyond columns; null: they are enough
  void (*judge)(ForeignJudging& judging) = nullptr;   ///< null: by `rules`
  /// Whether the tool passes over a file of which no row tells; `judgement` then gets the reason, and the row
  /// that stands for the file, if there is one. Null: it never does.
  bool (*passes_over)(const ForeignJudging& judging, std::size_t index,
                      ForeignJudgement& judgement) = nullptr;
  std::vector<ForeignStatement> (*mark)(const ForeignMarking& marking) = nullptr;  ///< null: not by a row
  std::string_view listing_hint =
      {};  ///< how a file gets into the tool's own list; empty: nothing in general
  /// The first statement returns a row for each that it changes; none: the tool cannot be told so. Null: the
  /// row is deleted by its key.
  std::vector<ForeignStatement> (*unmark)(const ForeignUnmarking& unmarking) = nullptr;
  /// Takes the row of a broken-off run away, or makes it what it should be, as the tool itself would be told
  /// to. The first statement returns a row for each that it changes. Null: such rows do not stop the tool.
  std::vector<ForeignStatement> (*mend)(const ForeignMending& mending) = nullptr;
  const ForeignLock* lock = nullptr;  ///< null: it keeps none in a table
};

/// A companion's name beside a ledger called `table`.
std::string name_of_companion(std::string_view companion, std::string_view table);

/// All tools; of those that a table fits, the first is its own.
std::span<const ForeignTool* const> all_foreign_tools();
const ForeignTool* find_foreign_tool(std::string_view name);

/// The row says that a run broke off, or is under way.
bool is_stuck(const ForeignRecord& record);

/// Gives each verdict its record by key, then by a name that means the same, and compares checksums.
void match_records(const ForeignTool& tool, ForeignJudging& judging);
/// By `rules`, on matched records.
void judge_by_rules(const ForeignTool& tool, ForeignJudging& judging);
/// High-water tools: everything up to the version `mark` counts as recorded by `record`.
void judge_by_mark(ForeignJudging& judging, const Version& mark, const ForeignRecord& record);

}  // namespace candor::history
