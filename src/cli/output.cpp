#include "cli/output.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "cli/width.h"

namespace candor::cli {

namespace {

constexpr std::size_t buffer_bytes = std::size_t{64} * 1024;

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool is_capable_terminal(int fd) {
  const char* term = std::getenv("TERM");
  return isatty(fd) != 0 && term != nullptr && std::string_view(term) != "dumb";
}

std::size_t terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string painted(Style style, std::string_view text) {
  static constexpr std::string_view codes[] = {"", "1", "2", "32", "31", "33"};
  return fmt::format("\033[{}m{}\033[0m", codes[static_cast<std::size_t>(style)], text);
}

}  // namespace

Output::Output(const Options& options) : options_(options) {
  const bool color = !options.no_color && !is_set("NO_COLOR");
  color_[STDOUT_FILENO] = color && is_capable_terminal(STDOUT_FILENO);
  color_[STDERR_FILENO] = color && is_capable_terminal(STDERR_FILENO);
  progress_allowed_ = !options.quiet && !options.json && is_capable_terminal(STDERR_FILENO);
}

Output::~Output() {
  clear_progress();
  flush();
}

void Output::line(std::string_view text) {
  if (!options_.json && !options_.quiet) print(results_fd_, text);
}

void Output::raw(std::string_view text) {
  if (options_.json) return;
  clear_progress();
  write(results_fd_, text);
}

void Output::document(std::string_view json) {
  print(results_fd_, json);
}

void Output::note(std::string_view text) {
  if (!options_.json && !options_.quiet) print(STDERR_FILENO, text);
}

void Output::problem(std::string_view text) {
  if (!options_.json) print(STDERR_FILENO, text);
}

void Output::progress(std::string_view text) {
  if (!progress_allowed_) return;
  flush();
  write(STDERR_FILENO, fmt::format("\r\033[2K{}", cut_to_width(text, terminal_width() - 1)));
  progress_shown_ = true;
}

void Output::results_to_stderr() {
  results_fd_ = STDERR_FILENO;
}

void Output::flush() {
  std::string_view rest = pending_;
  while (!rest.empty() && write_error_ == 0) {
    const ssize_t written = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      write_error_ = errno;
    }
  }
  pending_.clear();
}

Result<> Output::close() {
  clear_progress();
  flush();
  if (write_error_ == 0 || write_error_ == EPIPE) return {};
  return fail(codes::file_unwritable, fmt::format("writing the output: {}", std::strerror(write_error_)),
              "make room where the output goes, and look at the result again with `candor status`");
}

std::string Output::paint(Style style, std::string_view text) const {
  return color_[results_fd_] && style != Style::plain ? painted(style, text) : std::string(text);
}

std::string Output::paint_problem(Style style, std::string_view text) const {
  return color_[STDERR_FILENO] && style != Style::plain ? painted(style, text) : std::string(text);
}

void Output::clear_progress() {
  if (!progress_shown_) return;
  progress_shown_ = false;
  write(STDERR_FILENO, "\r\033[2K");
}

void Output::print(int fd, std::string_view text) {
  clear_progress();
  write(fd, text);
  if (!text.ends_with('\n')) write(fd, "\n");
}

/// stdout is collected; stderr is written at once, behind what stdout has collected, so that a reader of both
/// sees them in order.
void Output::write(int fd, std::string_view text) {
  if (fd == STDOUT_FILENO) {
    pending_ += text;
    if (pending_.size() >= buffer_bytes) flush();
    return;
  }
  flush();
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;  // there is nobody left to tell
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace candor::cli
