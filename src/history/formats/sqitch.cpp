/// Sqitch: sqitch.plan lists the changes; deploy/NAME.sql is run, revert/NAME.sql undoes it.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/file.h"
#include "history/formats/formats.h"
#include "history/formats/reader.h"
#include "history/formats/sqitch_plan.h"

namespace candor::history {
namespace {

int recognise(const Listing& listing) {
  return listing.find(plan_name) != nullptr ? 100 : 0;
}

class Reader : public FormatReader {
 public:
  using FormatReader::FormatReader;

  History read() {
    const auto plan = read_plan(listing.folder);
    if (!plan) {
      history.findings.push_back({Severity::error, plan.error()});
      return std::move(history);
    }
    const auto& changes = plan->changes;
    for (std::size_t i = 0; i < changes.size(); ++i) take(changes[i], i + 1, changes.size());
    look_for_strays("deploy");
    return std::move(history);
  }

 private:
  void take(const SqitchChange& change, std::size_t position, std::size_t count) {
    const std::string file = fmt::format("deploy/{}.sql", change.script);
    deployed_.insert(file);
    std::error_code failure;
    if (!std::filesystem::is_regular_file(listing.folder / file, failure))
      return error(codes::listed_missing,
                   fmt::format("{} lists {}, but there is no {}", plan_name, change.name, file),
                   fmt::format("restore the file, or remove its line from {}", plan_name));
    const auto width = std::max<std::size_t>(4, std::to_string(count).size());
    const std::string version = fmt::format("{:0{}}", position, width);
    Migration migration = make_migration(listing, {version, change.script}, file);
    const auto down = listing.folder / "revert" / (change.script + ".sql");
    if (std::filesystem::is_regular_file(down, failure)) migration.down = down;
    history.migrations.push_back(std::move(migration));
  }

  /// Scripts that no line of the plan names.
  void look_for_strays(const std::string& folder) {
    const auto inner = list_folder(listing.folder / folder, listing.folder, folder + "/", history.findings);
    if (!inner) return history.findings.push_back({Severity::error, inner.error()});
    for (const Listing::Entry& entry : inner->entries) {
      const std::string file = fmt::format("{}/{}", folder, entry.name);
      if (entry.is_directory)
        look_for_strays(file);
      else if (entry.name.ends_with(".sql") && !deployed_.contains(file))
        error(codes::not_listed, fmt::format("{} is not in {}: Sqitch never runs it", file, plan_name),
              "add it with `sqitch add`, or remove the file");
    }
  }

  std::set<std::string, std::less<>> deployed_;
};

Result<History> read(const Listing& listing) {
  return Reader(listing).read();
}

void check(const History& history, std::vector<Finding>& findings) {
  for (const Migration& migration : history.migrations) {
    const std::string revert = fmt::format("revert/{}.sql", migration.name);
    if (!migration.down)
      findings.push_back(
          {Severity::warning,
           Error{.code = codes::no_way_back,
                 .message = fmt::format("there is no {}: a deployment that fails behind it cannot be "
                                        "reverted",
                                        revert),
                 .hint = "write the file"}});
    else if (const auto text = read_file(*migration.down); text && trimmed(*text).empty())
      findings.push_back({Severity::warning,
                          Error{.code = codes::no_way_back,
                                .message = fmt::format(
                                    "{} is empty: Sqitch forgets the change and leaves it in place", revert),
                                .hint = "write what undoes the change"}});
  }
}

}  // namespace

const Format sqitch{.name = "sqitch", .recognise = recognise, .read = read, .check = check};

}  // namespace candor::history
