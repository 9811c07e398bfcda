#include "history/formats/drizzle_snapshots.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/file.h"
#include "history/formats/json_text.h"

namespace candor::history {
namespace {

namespace fs = std::filesystem;

/// Follows the snapshots in the order of their names.
class Chain {
 public:
  Chain(const fs::path& folder, std::vector<Finding>& findings) : folder_(folder), findings_(findings) {}

  void follow(const JournalEntry& entry) {
    std::string file = fmt::format("meta/{}_snapshot.json", prefix_of(entry.tag));
    std::error_code failure;
    const bool numbered = prefix_of(entry.tag).find_first_not_of("0123456789") == std::string_view::npos;
    if (!numbered && !fs::exists(folder_ / file, failure))
      return;                                // named without a number: see _snapshot.json
    if (!seen_.insert(file).second) return;  // two entries of one number: told already
    if (!fs::exists(folder_ / file, failure))
      return report(
          fmt::format("{} has no snapshot {}", entry.tag, file),
          "drizzle-kit compares with the last snapshot there is: the next generated migration may repeat "
          "what this one did",
          "run `candor repair --history`, which makes it from the migrations, or restore it");
    if (const auto snapshot = read(file)) link(std::move(file), *snapshot);
  }

  void look_for_strays() {
    std::error_code failure;
    std::set<std::string> strays;
    for (const auto& entry : fs::directory_iterator(folder_ / "meta", failure)) {
      const std::string file = fmt::format("meta/{}", entry.path().filename().string());
      if (file.ends_with("_snapshot.json") && !seen_.contains(file)) strays.insert(file);
    }
    if (strays.erase("meta/_snapshot.json") > 0)
      report("drizzle-kit does not read meta/_snapshot.json",
             "it passes over files that begin with '_': every generated migration repeats the whole schema",
             "set migrations.prefix in drizzle.config.ts to something other than \"none\"");
    for (const std::string& file : strays)
      report(
          fmt::format("{} belongs to no entry of the journal", printable(file)),
          "drizzle-kit generates the next migration from the last snapshot by name, whether it was listed or not",
          "remove it, or restore its entry and its file");
  }

 private:
  struct Snapshot {
    std::string id, previous;
  };

  std::optional<Snapshot> read(const std::string& file) {
    auto texts = read_json_texts(folder_ / file, file);
    if (!texts) {
      Error error = texts.error();
      error.code = codes::snapshot_chain;
      findings_.push_back({Severity::warning, std::move(error)});
      return std::nullopt;
    }
    Snapshot snapshot{(*texts)["id"], (*texts)["prevId"]};
    if (!snapshot.id.empty() && !snapshot.previous.empty()) return snapshot;
    report(fmt::format("{} has no id and prevId", file), "drizzle-kit calls such a snapshot malformed",
           "restore it from version control");
    return std::nullopt;
  }

  void link(std::string file, const Snapshot& snapshot) {
    const auto parent = file_of_.find(snapshot.previous);
    if (const auto twin = file_of_.find(snapshot.id); twin != file_of_.end())
      report(fmt::format("{} and {} have the same id", twin->second, file), "one is a copy of the other",
             "give the later one an id of its own, and its successor that prevId");
    if (const auto sibling = child_of_.find(snapshot.previous); sibling != child_of_.end())
      report(fmt::format("{} and {} both follow {}", sibling->second, file,
                         parent == file_of_.end() ? "no snapshot" : parent->second),
             "drizzle-kit generate refuses to work, and exits 0",
             fmt::format("set the prevId of {} to the id of the snapshot before it", file));
    else if (last_.empty() ? snapshot.previous != no_snapshot : snapshot.previous != last_id_)
      report(fmt::format("{} does not follow {}: its prevId is {}", file, last_.empty() ? "nothing" : last_,
                         parent == file_of_.end() ? "that of no snapshot" : "the id of " + parent->second),
             "a snapshot between the two was lost, or two branches were merged by hand",
             fmt::format("set the prevId of {} to the id of the snapshot before it", file));
    child_of_.emplace(snapshot.previous, file);
    file_of_.emplace(snapshot.id, file);
    last_id_ = snapshot.id;
    last_ = std::move(file);
  }

  void report(std::string message, std::string detail, std::string hint) {
    findings_.push_back({Severity::warning, Error{.code = codes::snapshot_chain,
                                                  .message = std::move(message),
                                                  .detail = std::move(detail),
                                                  .hint = std::move(hint)}});
  }

  const fs::path& folder_;
  std::vector<Finding>& findings_;
  std::set<std::string> seen_;
  std::map<std::string, std::string> file_of_;   ///< by id
  std::map<std::string, std::string> child_of_;  ///< by prevId
  std::string last_, last_id_;
};

}  // namespace

std::optional<std::string> snapshot_of(std::string_view tag) {
  const std::string_view prefix = prefix_of(tag);
  if (prefix.empty() || prefix.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  return fmt::format("meta/{}_snapshot.json", prefix);
}

void check_snapshots(const fs::path& folder, const std::vector<JournalEntry>& entries,
                     std::vector<Finding>& findings) {
  Chain chain(folder, findings);
  auto by_name = entries;
  std::ranges::stable_sort(by_name, {}, [](const JournalEntry& entry) { return prefix_of(entry.tag); });
  for (const JournalEntry& entry : by_name) chain.follow(entry);
  chain.look_for_strays();
}

}  // namespace candor::history
