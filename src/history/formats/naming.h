/// history/formats/naming.h: what the formats share: versions in names, files that match nothing, down files.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history/format.h"

namespace candor::history {

/// "20260114_add_x" as version and name; "20260114" has an empty name.
struct Stem {
  std::string_view version;
  std::string_view name;
};

/// `text` without `ending`, if it ends so.
std::optional<std::string_view> without_ending(std::string_view text, std::string_view ending);
/// How many digits stand at the front.
std::size_t leading_digits(std::string_view text);
/// Whether a number is larger than `largest`, which has no leading zeros.
bool exceeds(std::string_view digits, std::string_view largest);
/// Digits, or digits, '_' and anything.
std::optional<Stem> read_stem(std::string_view text);

/// True for a name that begins as migrations of this or another tool do, "0001-foo" or "V1__foo".
bool looks_like_migration(std::string_view name);

/// The finding (C0326) about a migration that is written in another language than SQL: Candor cannot run it,
/// and what follows may rest on it. Nothing for anything else.
std::optional<Finding> not_sql(const Listing::Entry& entry);

/// What most formats call a migration.
constexpr std::string_view plain_shape = "VERSION_NAME.sql";

/// The finding (C0304, C0326) about an entry that matches no rule; nothing for what belongs in a folder of
/// migrations, as a README. It is an error where a migration was probably meant: the entry looks like one, or
/// is an .sql file
/// (`sql_is_error`). The hint says what a migration would be called here (`shape`), or where the migrations
/// lie that a folder holds.
std::optional<Finding> unmatched(const Listing& listing, const Listing::Entry& entry,
                                 bool sql_is_error = true, std::string_view shape = plain_shape);

/// Migrations stand in the order in which their tool runs them. Where their versions ascend along it they
/// are kept; one that is equal to its predecessor's becomes "VERSION.2", "VERSION.3", …; where they do not
/// ascend (or are no numbers) every version is the position in the list, from 1.
void number_as_listed(std::vector<Migration>& migrations);

/// Whether JavaScript's localeCompare puts `a` before `b`, as far as names of files go: punctuation before
/// digits before letters, case last.
bool before_in_locale(std::string_view a, std::string_view b);

/// Whether a name that stands in a journal or plan names a file below the folder: not empty, not absolute, no
/// "..", nothing unprintable.
bool is_safe_path(std::string_view name);

/// The migration of `stem` whose text is in `file` (relative to the folder).
Migration make_migration(const Listing& listing, const Stem& stem, std::string file);

/// A down file, before its migration is found.
struct Down {
  Version version;
  std::string name;
  std::string file;
};

/// Gives each down file to the migration of its version (the one of its name, if several have it); the others
/// are findings (C0315).
void attach_downs(History& history, const std::vector<Down>& downs);

}  // namespace candor::history
