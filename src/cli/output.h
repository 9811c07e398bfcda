/// cli/output.h: where text goes: results on stdout, errors, warnings and progress on stderr.
///
/// Text is plain on a pipe. On a terminal there is colour (unless --no-color, NO_COLOR or TERM=dumb) and one
/// line of progress that the next line replaces. With --quiet only errors and warnings are printed, with
/// --json the results are one document and nothing else is on stdout.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace candor::cli {

enum class Style : std::uint8_t { plain, bold, dim, good, bad, doubtful };

class Output {
 public:
  struct Options {
    bool json = false;
    bool quiet = false;
    bool no_color = false;
  };
  explicit Output(const Options& options);
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output();

  [[nodiscard]] bool json() const { return options_.json; }
  [[nodiscard]] bool quiet() const { return options_.quiet; }

  /// A line of the result.
  void line(std::string_view text = {});
  /// A result that was asked for as such (a page, SQL to be run): printed with --quiet too. Not with --json.
  void raw(std::string_view text);
  /// The one document of --json.
  void document(std::string_view json);
  /// A remark beside the result: on stderr.
  void note(std::string_view text);
  /// On stderr, also with --quiet; not with --json, whose document says it.
  void problem(std::string_view text);
  /// Replaces the progress line; on a terminal only.
  void progress(std::string_view text);

  /// For a command that hands stdout to a program: results go to stderr, too.
  void results_to_stderr();
  void flush();
  /// C0005 if something could not be written (a full disk). A reader that went away is no error.
  Result<> close();

  /// `text` in colour where results, or problems, may have it.
  [[nodiscard]] std::string paint(Style style, std::string_view text) const;
  [[nodiscard]] std::string paint_problem(Style style, std::string_view text) const;

 private:
  void clear_progress();
  void write(int fd, std::string_view text);
  void print(int fd, std::string_view text);

  Options options_;
  int results_fd_ = 1;
  bool color_[3] = {};  ///< by file descriptor
  bool progress_allowed_ = false;
  bool progress_shown_ = false;
  std::string pending_;  ///< of stdout, not yet written
  int write_error_ = 0;
};

}  // namespace candor::cli
