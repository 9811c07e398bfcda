#include "history/formats/sqitch_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "history/formats/reader.h"
#include "sql/script.h"

namespace candor::history {
namespace {

/// A plan line without its note.
std::string_view without_note(std::string_view line) {
  const std::size_t note = line.find(" #");
  return trimmed(line.substr(0, note));
}

class PlanReader {
 public:
  explicit PlanReader(std::string_view text) : text_(text) {}

  Result<std::vector<SqitchChange>> read() {
    for (const Line& line : lines_of(text_)) {
      const std::string_view whole = trimmed(line.text);
      if (whole.empty() || whole.starts_with('#')) continue;
      Result<> taken;
      if (whole.starts_with('%'))
        taken = pragma(whole, line);
      else if (whole.starts_with('@'))
        tag(whole);
      else
        taken = change(whole, line);
      if (!taken) return pass(taken);
    }
    return std::move(changes_);
  }

 private:
  Result<> pragma(std::string_view whole, const Line& line) {
    constexpr std::string_view known = "%syntax-version=";
    if (!whole.starts_with(known)) return {};
    const std::string_view version = whole.substr(known.size());
    if (version.starts_with("1.")) return {};
    return refuse(codes::journal_unusable, line,
                  fmt::format("its syntax version {} is not known", printable(version)));
  }

  void tag(std::string_view whole) {
    last_tag_ = std::string(whole.substr(0, whole.find_first_of(" \t")));
    for (std::string& tag : first_tag_behind_)
      if (tag.empty()) tag = last_tag_;
  }

  Result<> change(std::string_view whole, const Line& line) {
    if (whole.starts_with('+')) whole = trimmed(whole.substr(1));
    const std::string name(whole.substr(0, whole.find_first_of(" \t[")));
    if (whole.starts_with('-') || !is_safe_path(name) || name.find('@') != std::string::npos)
      return refuse(codes::journal_unusable, line, "this line is no change, tag or pragma");
    if (!has_planner(without_note(whole)))
      return refuse(codes::journal_unusable, line, "this line lacks the time or the planner of its change");
    if (const auto earlier = latest_.find(name); earlier != latest_.end()) {
      const auto& [position, tag] = earlier->second;
      if (tag == last_tag_)
        return refuse(codes::listed_twice, line,
                      fmt::format("the change {} stands twice without a tag between", name));
      changes_[position].script = name + first_tag_behind_[position];
    }
    changes_.push_back({name, name});
    first_tag_behind_.emplace_back();
    latest_[name] = {changes_.size() - 1, last_tag_};
    return {};
  }

  static bool has_planner(std::string_view line) {
    const std::size_t mail = line.find('<');
    return mail != std::string_view::npos && line.find('>', mail) != std::string_view::npos &&
           line.find('T') != std::string_view::npos && line.find('Z') != std::string_view::npos;
  }

  std::unexpected<Error> refuse(const Code& code, const Line& line, std::string message) const {
    return std::unexpected(Error{.code = code,
                                 .message = fmt::format("{} cannot be used: {}", plan_name, message),
                                 .where = sql::position_of(plan_name, text_, line.begin),
                                 .hint = "correct the line, or restore the plan from version control"});
  }

  std::string_view text_;
  std::vector<SqitchChange> changes_;
  std::vector<std::string> first_tag_behind_;  ///< each change: a reworked one's script is called by it
  std::map<std::string, std::pair<std::size_t, std::string>, std::less<>>
      latest_;  ///< position, tag before it
  std::string last_tag_;
};

}  // namespace

Result<std::vector<SqitchChange>> read_plan(const std::filesystem::path& folder) {
  const auto text = MigrationText::open(folder / plan_name, plan_name);
  if (!text) return std::unexpected(text.error());
  return PlanReader(text->view()).read();
}

}  // namespace candor::history
