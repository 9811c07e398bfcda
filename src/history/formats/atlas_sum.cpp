#include "history/formats/atlas_sum.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "base/file.h"
#include "history/formats/reader.h"
#include "history/formats/sums.h"

namespace candor::history {
namespace {

constexpr std::string_view hint = "look at what changed, then run `atlas migrate hash`";

struct Row {
  std::string name, sum;
};

/// "NAME h1:SUM"; names may hold blanks.
std::optional<Row> read_row(std::string_view line) {
  const std::size_t at = line.rfind(" h1:");
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  return Row{std::string(line.substr(0, at)), std::string(line.substr(at + 4))};
}

/// A file of the folder, as the sum sees it.
struct Summed {
  std::string name;
  std::string bytes;
  bool is_ignored = false;  ///< -- atlas:sum ignore: only its name counts
};

class SumCheck {
 public:
  SumCheck(const History& history, std::vector<Finding>& findings) : history_(history), findings_(findings) {}

  void check() {
    const auto text = read_file(history_.folder / atlas_sum_name);
    if (!text) return findings_.push_back({Severity::error, text.error()});
    const std::vector<Line> lines = lines_of(*text);
    if (lines.empty() || !lines[0].text.starts_with("h1:"))
      return report(codes::journal_unusable, fmt::format("{} does not begin with h1:", atlas_sum_name));
    for (std::size_t i = 1; i < lines.size(); ++i) {
      auto row = read_row(lines[i].text);
      if (!row)
        return report(codes::journal_unusable,
                      fmt::format("line {} of {} is no name with its sum", i + 1, atlas_sum_name));
      rows_.push_back(std::move(*row));
    }
    if (!read_files() || !compare_names()) return;
    compare_sums();
    compare_whole(lines[0].text.substr(3));
  }

 private:
  bool read_files() {
    const auto names = list_directory(history_.folder);
    if (!names) return findings_.push_back({Severity::error, names.error()}), false;
    for (const std::string& name : *names) {
      std::error_code failure;
      if (!name.ends_with(".sql") || std::filesystem::is_directory(history_.folder / name, failure)) continue;
      auto bytes = read_file(history_.folder / name);
      if (!bytes) return findings_.push_back({Severity::error, bytes.error()}), false;
      const bool is_ignored = says_ignore(*bytes);
      files_.push_back({name, std::move(*bytes), is_ignored});
    }
    // Downs of golang-migrate's pairs are not part of the sum.
    const bool pairs =
        std::ranges::any_of(files_, [](const Summed& file) { return file.name.ends_with(".up.sql"); });
    if (pairs) std::erase_if(files_, [](const Summed& file) { return file.name.ends_with(".down.sql"); });
    return true;
  }

  static bool says_ignore(std::string_view text) {
    for (const Line& line : lines_of(text)) {
      if (!line.text.starts_with("--")) return false;
      const std::string_view words = trimmed(line.text.substr(2));
      if (words.starts_with("atlas:sum") && trimmed(words.substr(9)) == "ignore") return true;
    }
    return false;
  }

  bool compare_names() {
    bool same = true;
    for (const Row& row : rows_)
      if (std::ranges::find(files_, row.name, &Summed::name) == files_.end()) {
        report(codes::listed_missing,
               fmt::format("{} lists {}, which is not there", atlas_sum_name, printable(row.name)));
        same = false;
      }
    for (const Summed& file : files_)
      if (!file.is_ignored && std::ranges::find(rows_, file.name, &Row::name) == rows_.end()) {
        report(codes::not_listed, fmt::format("{} is not in {}", file.name, atlas_sum_name));
        same = false;
      }
    return same;
  }

  void compare_sums() {
    GrowingSha256 sum;
    auto row = rows_.begin();
    for (const Summed& file : files_) {
      sum.update(file.name);
      if (file.is_ignored) continue;
      sum.update(file.bytes);
      if (row == rows_.end() || row->name != file.name)
        return report(codes::list_disorder,
                      fmt::format("{} stands elsewhere in {} than in the folder", file.name, atlas_sum_name));
      if (base64(sum.so_far()) != row->sum)
        return report(codes::sum_mismatch,
                      fmt::format("{} is not the file that {} sums up", file.name, atlas_sum_name));
      ++row;
    }
  }

  void compare_whole(std::string_view written) {
    GrowingSha256 sum;
    for (const Row& row : rows_) {
      sum.update(row.name);
      sum.update(row.sum);
    }
    if (base64(sum.so_far()) != trimmed(written))
      report(codes::sum_mismatch,
             fmt::format("the first line of {} is not the sum of the others", atlas_sum_name));
  }

  void report(const Code& code, std::string message) {
    findings_.push_back(
        {Severity::error, Error{.code = code, .message = std::move(message), .hint = std::string(hint)}});
  }

  const History& history_;
  std::vector<Finding>& findings_;
  std::vector<Row> rows_;
  std::vector<Summed> files_;
};

}  // namespace

void check_atlas_sum(const History& history, std::vector<Finding>& findings) {
  std::error_code failure;
  if (std::filesystem::exists(history.folder / atlas_sum_name, failure)) SumCheck(history, findings).check();
}

std::map<std::string, std::string> read_atlas_sums(const std::filesystem::path& folder) {
  std::map<std::string, std::string> sums;
  const auto text = read_file(folder / atlas_sum_name);
  if (!text) return sums;
  for (const Line& line : lines_of(*text))
    if (auto row = read_row(line.text)) sums.emplace(std::move(row->name), std::move(row->sum));
  return sums;
}

}  // namespace candor::history
