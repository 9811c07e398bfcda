#include "history/formats/sqitch_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/file.h"
#include "history/formats/reader.h"
#include "sql/script.h"

namespace candor::history {
namespace {

/// A plan line without its note.
std::string_view without_note(std::string_view line) {
  const std::size_t note = line.find(" #");
  return trimmed(line.substr(0, note));
}

/// The note, whose line breaks the plan escapes (App::Sqitch::Plan::Line).
std::string note_of(std::string_view line) {
  const std::size_t at = line.find(" #");
  if (at == std::string_view::npos) return {};
  const std::string_view note = trimmed(line.substr(at + 2));
  std::string text;
  for (std::size_t i = 0; i < note.size(); ++i) {
    const char next = note[i] == '\\' && i + 1 < note.size() ? note[i + 1] : '\0';
    if (next != 'n' && next != 'r' && next != '\\') {
      text += note[i];
      continue;
    }
    text += next == 'n' ? '\n' : next == 'r' ? '\r' : '\\';
    ++i;
  }
  return text;
}

/// "2026-11-20T16:24:52Z Ada <ada@example.org>" at the end of `line`, which has no note.
void take_planner(std::string_view line, SqitchLine& into) {
  const std::size_t mail = line.rfind(" <"), end = line.rfind('>');
  if (mail == std::string_view::npos || end == std::string_view::npos || end < mail) return;
  into.mail = line.substr(mail + 2, end - mail - 2);
  const std::string_view before = line.substr(0, mail);
  const std::size_t zulu = before.find("Z ");
  if (zulu == std::string_view::npos) return;
  into.planner = trimmed(before.substr(zulu + 2));
  const std::size_t date = before.rfind(' ', zulu);
  into.date = before.substr(date == std::string_view::npos ? 0 : date + 1, zulu - date);
}

/// "[users !old other:x]".
void take_dependencies(std::string_view line, SqitchChange& into) {
  const std::size_t open = line.find('['), close = line.find(']');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return;
  std::string_view list = line.substr(open + 1, close - open - 1);
  while (!(list = trimmed(list)).empty()) {
    const std::size_t end = std::min(list.find_first_of(" \t"), list.size());
    std::string_view word = list.substr(0, end);
    const bool conflicts = word.starts_with('!');
    if (conflicts) word.remove_prefix(1);
    (conflicts ? into.conflicts : into.requires_).emplace_back(word);
    list.remove_prefix(end);
  }
}

class PlanReader {
 public:
  PlanReader(const std::filesystem::path& folder, std::string_view text) : folder_(folder), text_(text) {}

  Result<SqitchPlan> read() {
    for (const Line& line : lines_of(text_)) {
      const std::string_view whole = trimmed(line.text);
      if (whole.empty() || whole.starts_with('#')) continue;
      Result<> taken;
      if (whole.starts_with('%'))
        taken = pragma(whole, line);
      else if (whole.starts_with('@'))
        taken = tag(whole, line);
      else
        taken = change(whole, line);
      if (!taken) return pass(taken);
    }
    plan_.changes = std::move(changes_);
    return std::move(plan_);
  }

 private:
  Result<> pragma(std::string_view whole, const Line& line) {
    if (whole.starts_with("%project=")) plan_.project = whole.substr(whole.find('=') + 1);
    if (whole.starts_with("%uri=")) plan_.uri = whole.substr(whole.find('=') + 1);
    constexpr std::string_view known = "%syntax-version=";
    if (!whole.starts_with(known)) return {};
    const std::string_view version = whole.substr(known.size());
    if (version.starts_with("1.")) return {};
    return refuse(codes::journal_unusable, line,
                  fmt::format("its syntax version {} is not known", printable(version)));
  }

  Result<> tag(std::string_view whole, const Line& line) {
    if (changes_.empty()) return {};
    const std::string name(whole.substr(0, whole.find_first_of(" \t")));
    if (!tags_.insert(name).second)
      return refuse(codes::listed_twice, line, fmt::format("the tag {} stands twice", printable(name)));
    SqitchLine& tag = changes_.back().tags.emplace_back();
    tag.name = name;
    tag.note = note_of(whole);
    take_planner(without_note(whole), tag);
    return {};
  }

  Result<> change(std::string_view whole, const Line& line) {
    if (whole.starts_with('+')) whole = trimmed(whole.substr(1));
    const std::string name(whole.substr(0, whole.find_first_of(" \t[")));
    if (whole.starts_with('-') || !is_safe_path(name) || name.find('@') != std::string::npos)
      return refuse(codes::journal_unusable, line, "this line is no change, tag or pragma");
    if (!has_planner(without_note(whole)))
      return refuse(codes::journal_unusable, line, "this line lacks the time or the planner of its change");
    if (const auto earlier = latest_.find(name); earlier != latest_.end()) {
      const auto tags = tags_from(earlier->second);
      if (tags.empty())
        return refuse(codes::listed_twice, line,
                      fmt::format("the change {} stands twice without a tag between", name));
      changes_[earlier->second].script = script_of(name, tags);
    }
    SqitchChange& change = changes_.emplace_back();
    change.name = change.script = name;
    change.note = note_of(whole);
    take_planner(without_note(whole), change);
    take_dependencies(without_note(whole), change);
    for (const std::string& required : change.requires_)
      if (!is_before(required))
        return refuse(codes::journal_unusable, line,
                      fmt::format("the change {} requires {}, which no earlier line is called", name,
                                  printable(required)));
    for (const std::string& conflict : change.conflicts)
      if (is_planned(conflict))
        return refuse(codes::journal_unusable, line,
                      fmt::format("the change {} conflicts with {}, which is deployed before it", name,
                                  printable(conflict)));
    latest_[name] = changes_.size() - 1;
    return {};
  }

  /// "users", "users@v1", "@v1"; of another project nothing is known.
  [[nodiscard]] bool is_before(std::string_view required) const {
    constexpr std::size_t digits_of_an_id = 40;
    const bool is_id = required.size() == digits_of_an_id &&
                       required.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    const bool is_symbolic = required.ends_with("@HEAD") || required.ends_with("@ROOT");
    return is_id || is_symbolic || is_of_another_project(required) || is_planned(required);
  }

  [[nodiscard]] bool is_of_another_project(std::string_view change) const {
    const std::size_t colon = change.find(':');
    return colon != std::string_view::npos && change.substr(0, colon) != plan_.project;
  }

  /// On a line above.
  [[nodiscard]] bool is_planned(std::string_view required) const {
    if (is_of_another_project(required)) return false;
    if (const std::size_t colon = required.find(':'); colon != std::string_view::npos)
      required.remove_prefix(colon + 1);
    required = required.substr(0, required.find_first_of("^~"));
    const std::size_t at = std::min(required.find('@'), required.size());
    const bool is_known = at == 0 || latest_.contains(required.substr(0, at));
    return is_known && (at == required.size() || tags_.contains(required.substr(at)));
  }

  /// Those of the change at `position` and behind it, by their changes, the last first.
  [[nodiscard]] std::vector<std::string> tags_from(std::size_t position) const {
    std::vector<std::string> tags;
    for (std::size_t i = changes_.size(); i-- > position;)
      for (const SqitchLine& tag : changes_[i].tags) tags.push_back(tag.name);
    return tags;
  }

  /// What a change was is called by one of the tags before its rework: by the first that has a file
  /// (App::Sqitch::Plan::Change, path_segments).
  [[nodiscard]] std::string script_of(const std::string& name, const std::vector<std::string>& tags) const {
    std::error_code failure;
    for (const std::string& tag : tags)
      if (std::filesystem::is_regular_file(folder_ / "deploy" / (name + tag + ".sql"), failure))
        return name + tag;
    return name + tags.front();
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

  const std::filesystem::path& folder_;
  std::string_view text_;
  SqitchPlan plan_;
  std::vector<SqitchChange> changes_;
  std::map<std::string, std::size_t, std::less<>> latest_;  ///< position
  std::set<std::string, std::less<>> tags_;
};

}  // namespace

Result<SqitchPlan> read_plan(const std::filesystem::path& folder) {
  const auto text = MigrationText::open(folder / plan_name, plan_name);
  if (!text) return std::unexpected(text.error());
  return PlanReader(folder, text->view()).read();
}

}  // namespace candor::history
