/// history/formats/liquibase_header.h: the comments by which Liquibase's formatted SQL is cut up.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace candor::history {

/// Whether a file begins with "--liquibase formatted sql".
bool is_formatted_sql(std::string_view head);

/// A line that Liquibase reads.
struct LiquibaseMark {
  enum class Kind : std::uint8_t { changeset, rollback, harmless, malformed, unsupported };
  Kind kind = Kind::harmless;
  std::string name;          ///< of what is unsupported; behind --rollback
  std::size_t value_at = 0;  ///< of --rollback: where the SQL begins, in the line
  std::string author, id;
  std::vector<std::pair<std::string, std::string>> attributes;
};
std::optional<LiquibaseMark> read_mark(std::string_view line);

/// The author of the changeset `id` of a file, which stands in the line above `begin`, where its SQL begins;
/// of one without SQL the last of that id. Empty: there is none.
std::string author_of(std::string_view file, std::string_view id, std::size_t begin);

/// "/* liquibase rollback", which runs to the end of the comment.
bool is_rollback_comment(std::string_view line);

/// What an attribute of a changeset means for running it.
enum class LiquibaseAttribute : std::uint8_t {
  nothing,
  no_transaction,
  not_run,   ///< never on PostgreSQL
  depends,   ///< on contexts and labels that are given when it is run
  swallows,  ///< failOnError:false
  unsupported,
};
LiquibaseAttribute judge_attribute(std::string_view key, std::string_view value);

}  // namespace candor::history
