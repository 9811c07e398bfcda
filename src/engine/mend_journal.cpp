#include "engine/mend_journal.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/file.h"
#include "base/sha256.h"
#include "engine/foreign.h"
#include "engine/row_backup.h"
#include "history/formats/drizzle_journal.h"

namespace candor::engine {
namespace {

namespace fs = std::filesystem;
using history::ForeignRecord;
using history::JournalEntry;
using Json = nlohmann::ordered_json;

struct Entry {
  std::string tag;
  std::optional<std::int64_t> listed;     ///< its `when` in the journal
  std::string hash;                       ///< as drizzle-orm stores it
  std::string twin_key;                   ///< as history::twin_key
  const ForeignRecord* record = nullptr;  ///< the row of it
  bool run = false;                       ///< in the database; without one, what is listed is taken for run
  std::int64_t when = 0;                  ///< from now on
};

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Every file once: the listed ones in the order of the list, the others by name. A file that is not listed
/// and has the text of one that is has run with it, or will: it is left out and told of.
Result<std::vector<Entry>> entries_of(const fs::path& folder, const std::vector<JournalEntry>& listed,
                                      std::vector<std::string>& notes) {
  const auto names = list_directory(folder);
  if (!names) return std::unexpected(names.error());
  std::vector<Entry> entries;
  const auto add = [&](const std::string& tag, std::optional<std::int64_t> when) -> Result<> {
    if (std::ranges::find(entries, tag, &Entry::tag) != entries.end()) return {};
    const auto text = FileText::open(folder / (tag + ".sql"));
    if (!text) return std::unexpected(text.error());
    const std::string key = history::twin_key(text->view());
    const auto twin = std::ranges::find(entries, key, &Entry::twin_key);
    if (!when && !key.empty() && twin != entries.end() && twin->listed) {
      notes.push_back(fmt::format("{}.sql has the text of {}.sql, which is listed: remove it", printable(tag),
                                  printable(twin->tag)));
      return {};
    }
    entries.push_back({.tag = tag, .listed = when, .hash = hex(sha256(text->view())), .twin_key = key});
    return {};
  };
  for (const JournalEntry& entry : listed)
    if (std::ranges::find(*names, entry.tag + ".sql") != names->end())
      if (auto added = add(entry.tag, entry.when); !added) return pass(added);
  for (const std::string& name : *names)
    if (name.ends_with(".sql") && !name.starts_with('.'))
      if (auto added = add(name.substr(0, name.size() - 4), std::nullopt); !added) return pass(added);
  return entries;
}

bool belongs_to_one(const ForeignRecord& record, const std::vector<Entry>& entries) {
  return std::ranges::any_of(entries, [&](const Entry& entry) { return entry.record == &record; });
}

/// Each row is one entry's: by hash and stamp, by hash, else by stamp: then the file was edited after it was
/// run.
void find_rows(std::vector<Entry>& entries, const std::vector<ForeignRecord>& records) {
  const auto give = [&](const auto& fits) {
    for (Entry& entry : entries)
      for (const ForeignRecord& record : records)
        if (entry.record == nullptr && fits(entry, record) && !belongs_to_one(record, entries))
          entry.record = &record;
  };
  const auto has_hash = [](const Entry& entry, const ForeignRecord& record) {
    return record.checksum == entry.hash;
  };
  const auto has_stamp = [](const Entry& entry, const ForeignRecord& record) {
    return entry.listed && number_of(record.key) == entry.listed;
  };
  give([&](const Entry& entry, const ForeignRecord& record) {
    return has_hash(entry, record) && has_stamp(entry, record);
  });
  give(has_hash);
  give(has_stamp);
}

/// Such a row hides every migration until its time has come, and no date of an entry helps.
Result<> require_no_future_row(const std::vector<Entry>& entries, const std::vector<ForeignRecord>& records) {
  for (const ForeignRecord& record : records) {
    const auto stamp = number_of(record.key);
    if (stamp && *stamp > now() && !belongs_to_one(record, entries))
      return fail(
          codes::would_be_skipped,
          fmt::format("a row that belongs to no file is dated in the future ({}): Drizzle runs nothing "
                      "until then",
                      *stamp),
          fmt::format("set its created_at to the present: its hash is {}", printable(record.checksum)));
  }
  return {};
}

/// What has been run stands first. Drizzle's numbers order the rest.
void order(std::vector<Entry>& entries) {
  const auto rest = std::ranges::stable_partition(entries, &Entry::run).begin();
  std::stable_sort(rest, entries.end(), [](const Entry& a, const Entry& b) {
    return history::Version(std::string(history::prefix_of(a.tag))) <
           history::Version(std::string(history::prefix_of(b.tag)));
  });
}

/// The newest date of the rows that belong to no file, up to `present`: Drizzle reads the newest of all.
std::int64_t newest_orphan(const std::vector<Entry>& entries, const std::vector<ForeignRecord>& records,
                           std::int64_t present) {
  std::int64_t newest = 0;
  for (const ForeignRecord& record : records)
    if (const auto stamp = number_of(record.key);
        stamp && *stamp <= present && !belongs_to_one(record, entries))
      newest = std::max(newest, *stamp);
  return newest;
}

/// Rising, none in the future; what has not been run is dated after every row.
void date(std::vector<Entry>& entries, const std::vector<ForeignRecord>& records) {
  const std::int64_t present = now();
  const std::int64_t orphan = newest_orphan(entries, records, present);
  std::int64_t last = 0;
  for (Entry& entry : entries) {
    if (!entry.run) last = std::max(last, orphan);
    const std::int64_t wanted = entry.listed.value_or(0);
    entry.when = wanted > last && wanted <= present ? wanted : last + 1;
    last = entry.when;
  }
}

/// The journal with these entries; what else stands in it stays.
Result<std::string> text_with(const std::string& before, const std::vector<Entry>& entries) {
  Json journal = Json::parse(before, nullptr, false);
  if (!journal.is_object() || !journal.contains("entries"))
    return fail(codes::journal_unusable, "the journal cannot be read again", "run the same command again");
  Json list = Json::array();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Json item = {{"idx", i},
                 {"version", journal.value("version", "7")},
                 {"when", entries[i].when},
                 {"tag", entries[i].tag},
                 {"breakpoints", true}};
    for (const Json& old : journal["entries"])
      if (old.is_object() && old.value("tag", "") == entries[i].tag) {
        item = old;
        item["idx"] = i;
        item["when"] = entries[i].when;
        break;
      }
    list.push_back(std::move(item));
  }
  journal["entries"] = std::move(list);
  return journal.dump(2);
}

std::string line_of(char sign, std::string_view tag, std::int64_t when) {
  return fmt::format("{} {}  when {}", sign, printable(tag), when);
}

/// Entry by entry; what stays in its place between its neighbours is not told.
std::vector<std::string> diff(const std::vector<JournalEntry>& before, const std::vector<Entry>& after) {
  std::vector<std::string> lines;
  std::size_t i = 0, j = 0;
  const auto same = [&] { return before[i].tag == after[j].tag && before[i].when == after[j].when; };
  const auto later = [&](const std::string& tag) {
    return std::any_of(after.begin() + static_cast<std::ptrdiff_t>(j), after.end(),
                       [&](const Entry& entry) { return entry.tag == tag; });
  };
  while (i < before.size() || j < after.size()) {
    if (i < before.size() && j < after.size() && same()) {
      ++i, ++j;
    } else if (i < before.size() &&
               (j == after.size() || before[i].tag == after[j].tag || !later(before[i].tag))) {
      lines.push_back(line_of('-', before[i].tag, before[i].when));
      if (j < after.size() && before[i].tag == after[j].tag) {
        lines.push_back(line_of('+', after[j].tag, after[j].when));
        ++j;
      }
      ++i;
    } else if (j < after.size()) {
      lines.push_back(line_of('+', after[j].tag, after[j].when));
      ++j;
    }
  }
  return lines;
}

std::vector<history::ForeignStatement> restamps(const std::vector<Entry>& entries,
                                                const history::ForeignLedger& ledger) {
  std::vector<history::ForeignStatement> statements;
  for (const Entry& entry : entries)
    if (entry.record != nullptr && number_of(entry.record->key) != entry.when) {
      const auto row = Json::parse(entry.record->raw, nullptr, false);
      const bool dated = !entry.record->key.empty();
      history::ForeignStatement& statement = statements.emplace_back();
      statement.sql = fmt::format(
          "UPDATE {} SET created_at = $1 WHERE id = $2 AND hash = $3 AND created_at {} RETURNING"
          " true",
          ledger.table.sql(), dated ? "= $4" : "IS NULL");
      statement.params = {std::to_string(entry.when),
                          row.is_object() && row.contains("id") ? row["id"].dump() : "",
                          entry.record->checksum};
      if (dated) statement.params.emplace_back(entry.record->key);
    }
  return statements;
}

}  // namespace

Result<JournalMending> plan_journal(const Project& project, pg::Connection* connection) {
  if (project.history.format != "drizzle")
    return fail(codes::usage,
                fmt::format("there is nothing to mend in files of the format \"{}\"", project.history.format),
                "run `candor check`, and correct what it names");
  const fs::path& folder = project.history.folder;
  auto listed = history::read_journal(folder);
  if (!listed) return pass(listed);
  std::vector<std::string> notes;
  auto entries = entries_of(folder, *listed, notes);
  if (!entries) return pass(entries);

  std::optional<ForeignHistories> histories;
  const ForeignHistory* drizzle = nullptr;
  if (connection != nullptr) {
    auto found = read_foreign_histories(project, *connection);
    if (!found) return pass(found);
    histories.emplace(std::move(*found));
    drizzle = histories->mine();
  }
  if (drizzle != nullptr && drizzle->unreadable) return std::unexpected(*drizzle->unreadable);
  const std::vector<ForeignRecord> none;
  const std::vector<ForeignRecord>& records = drizzle != nullptr ? drizzle->records : none;
  const bool with_rows = drizzle != nullptr;
  find_rows(*entries, records);
  if (auto checked = require_no_future_row(*entries, records); !checked) return pass(checked);
  for (Entry& entry : *entries) entry.run = with_rows ? entry.record != nullptr : entry.listed.has_value();
  order(*entries);
  date(*entries, records);

  JournalMending mending{.path = folder / history::journal_name};
  auto before = read_file(mending.path);
  if (!before) return pass(before);
  mending.before = std::move(*before);
  auto after = text_with(mending.before, *entries);
  if (!after) return pass(after);
  mending.after = std::move(*after);
  mending.changes = diff(*listed, *entries);
  if (with_rows) mending.rows = restamps(*entries, drizzle->ledger);
  if (!mending.rows.empty()) mending.table = drizzle->ledger.table;
  std::vector<std::string> tags;
  for (const Entry& entry : *entries) tags.push_back(entry.tag);
  auto snapshots =
      plan_snapshots(project, tags, !std::ranges::equal(tags, *listed, {}, {}, &JournalEntry::tag));
  if (!snapshots) return pass(snapshots);
  mending.snapshots = std::move(*snapshots);
  mending.notes = std::move(notes);
  mending.recorded = static_cast<std::size_t>(
      std::ranges::count_if(*entries, [](const Entry& entry) { return entry.record != nullptr; }));
  return mending;
}

Result<std::string> mend_journal(const JournalMending& mending, pg::Connection* connection,
                                 const fs::path& folder) {
  // The files come last, but what cannot be written at all is to stop it before the rows change.
  const fs::path backup = mending.path.string() + ".bak";
  if (!mending.changes.empty())
    if (auto kept = write_file_atomically(backup, mending.before); !kept) return pass(kept);
  std::string backup_of_rows;
  if (!mending.rows.empty() && connection != nullptr) {
    std::vector<RowChange> changes;
    for (const history::ForeignStatement& statement : mending.rows) changes.push_back({statement});
    auto dated = change_rows(*connection, {mending.table}, changes, folder);
    if (!dated) return pass(dated);
    backup_of_rows = std::move(*dated);
  }
  if (!mending.changes.empty())
    if (auto written = write_file_atomically(mending.path, mending.after); !written) return pass(written);
  auto mended = mend_snapshots(mending.path.parent_path().parent_path(), mending.snapshots.files);
  if (!mended) return pass(mended);
  return backup_of_rows;
}

}  // namespace candor::engine
