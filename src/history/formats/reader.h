/// history/formats/reader.h: what the readers of the formats share: the history that grows, its findings, the
/// texts they look into.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "history/format.h"
#include "history/formats/naming.h"

namespace candor::history {

/// One line of a text: [begin, end) without its line break; the next one begins at `next`.
struct Line {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t next = 0;
  std::string_view text;
};
std::vector<Line> lines_of(std::string_view text);

/// Whether `text` begins with `lower` (given in lower case), in any case.
bool begins_with_word(std::string_view text, std::string_view lower);

class FormatReader {
 public:
  explicit FormatReader(const Listing& folder) : listing(folder) { history.folder = folder.folder; }

  const Listing& listing;
  History history;
  std::vector<Down> downs;
  std::string_view shape = plain_shape;  ///< what a migration is called here

  void error(const Code& code, std::string message, std::string hint);
  void warning(const Code& code, std::string message, std::string hint);
  /// With the place in `file`.
  void report_at(Severity severity, const Code& code, std::string_view file, std::string_view text,
                 std::size_t at, std::string message, std::string hint);
  /// Tells of an entry that is no migration of this format (unmatched).
  void pass_over(const Listing::Entry& entry, bool sql_is_error = true);
  /// What `folder`, an entry that is reached as `shown` ("sub/folder"), holds. Nothing if it cannot be
  /// listed, which is then told.
  std::optional<Listing> inside(const Listing& around, const Listing::Entry& folder,
                                const std::string& shown);
  /// Calls `each` for every file of the folder and of those below it, with its path from here.
  void for_each_file(const std::function<void(const Listing::Entry&, const std::string&)>& each);
  /// Tells of a file of a migration's folder that is none of the tool's; nothing for a README and the like.
  void not_read(const std::string& folder, const Listing::Entry& file);
  /// Tells of the first statement that begins before `end`, which the tool leaves out.
  void warn_of_statement_before(std::size_t end, std::string_view file, std::string_view text,
                                std::string message, std::string hint);
  /// The text of `file` (relative to the folder), as it is run; nothing if it cannot be read or is no text,
  /// which whoever runs or checks the file says with its place.
  static std::optional<MigrationText> text_of(const Migration& migration);

  /// For tools that run files by name, as text: versions are kept where they ascend so.
  void order_by_name();
  /// The history, with the down files given to their migrations.
  History finish();
};

}  // namespace candor::history
