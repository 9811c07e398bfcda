#include "engine/mend_snapshots.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/file.h"
#include "base/sha256.h"
#include "catalog/state.h"
#include "engine/drizzle_snapshot.h"
#include "engine/drizzle_wording.h"
#include "engine/replay.h"
#include "engine/verify.h"
#include "history/formats/drizzle_snapshots.h"
#include "history/formats/json_text.h"
#include "history/formats/naming.h"

namespace candor::engine {
namespace {

namespace fs = std::filesystem;
using drizzle::Json;

constexpr std::string_view current_version = "7";

/// A place in the chain.
struct Link {                       // NOLINT(bugprone-exception-escape): of the JSON's move
  std::string file;                 ///< "meta/0004_snapshot.json"
  std::string first_tag;            ///< of the first entry with its number
  std::string tag;                  ///< of that to which it belongs: the first if it is there, else the last
  std::size_t migrations = 0;       ///< how many of the journal have run in the state that it tells
  std::optional<std::string> text;  ///< nullopt: it is missing
  Json known;                       ///< what `text` says; null if it is missing
  std::string id, previous;         ///< as they are; of what is missing: empty
  bool outdated = false;            ///< a version that drizzle-kit has to raise first
};

std::unexpected<Error> refuse(std::string message, std::string hint) {
  return fail(codes::snapshot_chain, std::move(message), std::move(hint));
}

/// By name, which is the order of the chain.
std::vector<Link> links_of(const std::vector<std::string>& tags) {
  std::map<std::string, Link> by_file;
  for (std::size_t i = 0; i < tags.size(); ++i)
    if (const auto file = history::snapshot_of(tags[i])) {
      Link& link = by_file[*file];
      link.file = *file;
      if (link.first_tag.empty()) link.first_tag = tags[i];
      link.tag = tags[i];
      link.migrations = i + 1;
    }
  std::vector<Link> links;
  for (auto& [file, link] : by_file) links.push_back(std::move(link));
  if (!links.empty()) links.back().migrations = tags.size();
  return links;
}

std::string member(const Json& snapshot, const char* name) {
  const auto at = snapshot.find(name);
  return at != snapshot.end() && at->is_string() ? at->get<std::string>() : std::string();
}

Result<> read_link(const fs::path& folder, Link& link) {
  std::error_code failure;
  if (fs::symlink_status(folder / link.file, failure).type() == fs::file_type::not_found) return {};
  if (const auto strict = history::read_json_texts(folder / link.file, link.file); !strict) {
    Error error = strict.error();
    if (error.code.id == codes::journal_unusable.id) error.code = codes::snapshot_chain;
    return std::unexpected(std::move(error));
  }
  auto text = read_file(folder / link.file);
  if (!text) return pass(text);
  link.known = Json::parse(*text, nullptr, false);
  if (link.known.is_object()) {
    link.id = member(link.known, "id");
    link.previous = member(link.known, "prevId");
    link.outdated = member(link.known, "version") < current_version;
  }
  link.text = std::move(*text);
  if (!link.id.empty() && !link.previous.empty()) return {};
  return refuse(
      fmt::format("{} has no id and prevId: drizzle-kit calls such a snapshot malformed", link.file),
      "restore it from version control, or remove it: the same command then makes it");
}

Result<std::vector<Link>> read_links(const fs::path& folder, const std::vector<std::string>& tags) {
  std::vector<Link> links = links_of(tags);
  std::map<std::string, std::string> file_of;  // by id
  for (Link& link : links) {
    if (auto read = read_link(folder, link); !read) return pass(read);
    if (!link.text) continue;
    link.tag = link.first_tag;
    const auto [other, is_first] = file_of.emplace(link.id, link.file);
    if (!is_first)
      return refuse(
          fmt::format("{} and {} have the same id: one is a copy of the other", other->second, link.file),
          "give the later one an id of its own, or remove it: the same command then makes it");
  }
  return links;
}

/// The same for the same chain, so that two runs write the same bytes. Version 8: made of a hash.
std::string uuid_of(std::string_view tag, std::string_view previous) {
  std::string digits = hex(sha256(fmt::format("{}\n{}", tag, previous))).substr(0, 32);
  digits[12] = '8';
  digits[16] = "89ab"[static_cast<unsigned char>(digits[16]) % 4];
  return fmt::format("{}-{}-{}-{}-{}", digits.substr(0, 8), digits.substr(8, 4), digits.substr(12, 4),
                     digits.substr(16, 4), digits.substr(20));
}

/// `text` with another prevId and no other byte changed, where its members are spelled as usual.
std::string relinked(const std::string& text, Json snapshot, const std::string& previous) {
  const std::string old = fmt::format("\"{}\"", member(snapshot, "prevId"));
  snapshot["prevId"] = previous;
  for (std::size_t at = text.find(old); at != std::string::npos; at = text.find(old, at + 1)) {
    std::string edited = text;
    edited.replace(at, old.size(), fmt::format("\"{}\"", previous));
    if (Json::parse(edited, nullptr, false) == snapshot) return edited;
  }
  return snapshot.dump(2);
}

/// The migration of `tag`, listed or not. Errors: what is wrong with its text.
Result<history::Migration> migration_of(const history::History& history, const std::string& tag) {
  const std::string file = fmt::format("{}.sql", tag);
  for (const Finding& finding : history.findings)
    if (finding.severity == Severity::error && finding.what.where && finding.what.where->file == file)
      return std::unexpected(finding.what);
  for (const auto* const migrations : {&history.migrations, &history.unlisted})
    if (const auto at = std::ranges::find(*migrations, file, &history::Migration::file);
        at != migrations->end())
      return *at;
  return fail(codes::not_listed, fmt::format("{} was not there when the folder was read", printable(file)),
              "run the same command again");
}

/// `project` with the migrations of `tags` in their order; on the server of the lock, if there is one.
Result<Project> ordered_project(const Project& project, const std::vector<std::string>& tags) {
  Project ordered = project;
  ordered.history.migrations.clear();
  if (ordered.lock) ordered.lock->other_servers.clear();
  for (const std::string& tag : tags) {
    auto migration = migration_of(project.history, tag);
    if (!migration) return pass(migration);
    ordered.history.migrations.push_back(std::move(*migration));
  }
  history::number_as_listed(ordered.history.migrations);
  return ordered;
}

/// Walks through the states of a replay and writes the snapshots that are missing.
class Making {
 public:
  Making(const Project& ordered, const Replayed& replayed)
      : migrations_(ordered.history.migrations),
        replayed_(replayed),
        state_(base_catalog(replayed.lock.server)) {}  // a snapshot tells nothing of what setup has made

  /// REQUIRES: links come in the order of their states.
  Result<> visit(Link& link) {
    if (auto moved = move_to(link.migrations); !moved) return moved;
    Json now = drizzle::snapshot_of(state_.catalog(replayed_.lock.server));
    if (!link.text) {
      Json kept = known_.is_null() ? now : drizzle::keep_wording(now, was_, known_);
      link.known = drizzle::take_wording(std::move(kept), was_, now, sql_);
    }
    if (!link.outdated) {
      known_ = link.known;
      was_ = std::move(now);
      sql_.clear();
    }
    return {};
  }

  /// The state after all, as a snapshot.
  Result<Json> finish(std::size_t migrations) {
    if (auto moved = move_to(migrations); !moved) return pass(moved);
    return drizzle::snapshot_of(state_.catalog(replayed_.lock.server));
  }

 private:
  Result<> move_to(std::size_t migrations) {
    for (; done_ < migrations; ++done_) {
      const history::LockEntry& entry = replayed_.lock.entries[done_];
      for (const catalog::Effect& effect : entry.effects)
        if (!state_.apply(effect))
          return fail(
              codes::replay_failed,
              fmt::format("{} changes {}, which no migration made", entry.file, catalog::describe(effect.id)),
              "make it in a migration: a snapshot cannot rest on [shadow] setup");
      const auto text = history::MigrationText::open(migrations_[done_]);
      if (!text) return std::unexpected(text.error());
      sql_ += text->view();
      sql_ += '\n';
    }
    return {};
  }

  const std::vector<history::Migration>& migrations_;
  const Replayed& replayed_;
  catalog::State state_;
  std::size_t done_ = 0;
  Json known_, was_;  ///< the last snapshot, and snapshot_of() the same state
  std::string sql_;   ///< what has run since then
};

/// The state after all migrations, as a snapshot. Fills in what is missing on the way there.
Result<Json> make_missing(const Project& project, const std::vector<std::string>& tags,
                          std::vector<Link>& links, std::vector<std::string>& notes) {
  const auto ordered = ordered_project(project, tags);
  if (!ordered) return std::unexpected(ordered.error());
  auto replayed = replay(*ordered, {});
  if (!replayed) {
    Error error = std::move(replayed.error());
    if (error.code.id == codes::replay_failed.id)
      error.hint =
          "correct that file, or remove it if its change is in another: in this order the history leads nowhere";
    return failed("trying the order that the journal would have", std::move(error));
  }
  for (const Finding& finding : replayed->findings) notes.push_back(finding.what.message);
  std::vector<Link*> by_state;
  for (Link& link : links) by_state.push_back(&link);
  std::ranges::stable_sort(by_state, {}, &Link::migrations);
  Making making(*ordered, *replayed);
  for (Link* const link : by_state)
    if (auto made = making.visit(*link); !made) return pass(made);
  return making.finish(tags.size());
}

/// The text of a snapshot that is made: its ids stand first, as drizzle-kit writes them.
std::string text_of(const Link& link, const std::string& id, const std::string& previous) {
  Json snapshot = {{"id", id}, {"prevId", previous}};
  for (const auto& [name, part] : link.known.items())
    if (name != "id" && name != "prevId") snapshot[name] = part;
  return snapshot.dump(2);
}

/// Gives every link its predecessor.
void chain(const std::vector<Link>& links, SnapshotPlan& plan) {
  std::string previous(history::no_snapshot);
  std::vector<SnapshotMending> changed;
  for (const Link& link : links) {
    if (!link.text) {
      const std::string id = uuid_of(link.tag, previous);
      plan.files.push_back(
          {.file = link.file, .previous = previous, .before = {}, .after = text_of(link, id, previous)});
      previous = id;
      continue;
    }
    if (link.outdated)
      plan.notes.push_back(fmt::format(
          "{} is of an older version and stays as it is: run `drizzle-kit up`, then this again", link.file));
    else if (link.previous != previous)
      changed.push_back({.file = link.file,
                         .previous = previous,
                         .before = link.text,
                         .after = relinked(*link.text, link.known, previous)});
    previous = link.id;
  }
  std::ranges::move(changed, std::back_inserter(plan.files));
}

/// "public.users", "public.users.name": tables and columns of `all` that `some` does not have.
std::vector<std::string> untold(const Json& all, const Json& some) {
  std::vector<std::string> names;
  const Json none = Json::object();
  const auto part = [&](const Json& object, const std::string& name) -> const Json& {
    const auto at = object.find(name);
    return at == object.end() || !at->is_object() ? none : *at;
  };
  const Json& known = part(some, "tables");
  for (const auto& [name, table] : part(all, "tables").items()) {
    if (!known.contains(name)) {
      names.push_back(name);
      continue;
    }
    const Json& columns = part(part(known, name), "columns");
    for (const auto& [column, told] : part(table, "columns").items())
      if (!columns.contains(column)) names.push_back(fmt::format("{}.{}", name, column));
  }
  return names;
}

/// The snapshot that drizzle-kit generates from may be of a state before the journal's end: then what came
/// later would be generated again. "meta/0007_snapshot.json, which does not tell of …"; empty: it tells of
/// all.
std::string look_at_last(const std::vector<Link>& links, const Json& end) {
  if (links.empty() || !links.back().text || links.back().outdated || !end.is_object()) return {};
  const auto names = untold(end, links.back().known);
  if (names.empty()) return {};
  return fmt::format("{}, which does not tell of {}", links.back().file,
                     printable(fmt::format("{}", fmt::join(names, ", "))));
}

/// The state after all migrations as the lock knows it; null: there is no lock that fits the files.
Json end_of_lock(const Project& project) {
  if (!project.lock || !require_lock(project)) return nullptr;
  catalog::State state(base_catalog(project.lock->server));
  for (const history::LockEntry& entry : project.lock->entries)
    for (const catalog::Effect& effect : entry.effects)
      if (!state.apply(effect)) return nullptr;
  return drizzle::snapshot_of(state.catalog(project.lock->server));
}

/// The snapshot of the journal's last entry; null if there is none of its own.
const Link* link_of_last(const std::vector<std::string>& tags, const std::vector<Link>& links) {
  if (tags.empty()) return nullptr;
  const auto last = std::ranges::find(links, tags.back(), &Link::tag);
  return last == links.end() ? nullptr : &*last;
}

}  // namespace

Result<SnapshotPlan> plan_snapshots(const Project& project, const std::vector<std::string>& tags,
                                    bool other_order) {
  auto links = read_links(project.history.folder, tags);
  if (!links) return pass(links);
  SnapshotPlan plan;
  const bool missing = std::ranges::any_of(*links, [](const Link& link) { return !link.text; });
  Json end;  // the state after all migrations, as a snapshot, if it is known
  if (missing || other_order) {
    const auto made = make_missing(project, tags, *links, plan.notes);
    if (!made) return std::unexpected(made.error());
    end = *made;
  } else if (const Link* const last = link_of_last(tags, *links)) {
    end = last->known;
  }
  if (const std::string lacking = look_at_last(*links, end); !lacking.empty())
    plan.notes.push_back(fmt::format(
        "drizzle-kit generates from {}; remove it, and this command makes it of the state after all migrations",
        lacking));
  chain(*links, plan);
  return plan;
}

std::optional<Finding> check_last_snapshot(const Project& project) {
  if (project.history.format != "drizzle") return std::nullopt;
  const Json end = end_of_lock(project);
  if (end.is_null()) return std::nullopt;
  std::vector<std::string> tags;
  for (const history::Migration& migration : project.history.migrations)
    tags.push_back(migration.file.substr(0, migration.file.rfind(".sql")));
  const auto links = read_links(project.history.folder, tags);
  const std::string lacking = links ? look_at_last(*links, end) : std::string();  // else it is told already
  if (lacking.empty()) return std::nullopt;
  return Finding{
      Severity::notice,
      Error{
          .code = codes::snapshot_chain,
          .message = fmt::format("drizzle-kit generates from {}, although the migrations make that", lacking),
          .hint = "if schema.ts has it, too, it would be made again: remove the snapshot, and run"
                  " `candor repair --history`, which makes it of the state after all migrations"}};
}

Result<> mend_snapshots(const fs::path& folder, const std::vector<SnapshotMending>& files) {
  for (const SnapshotMending& mending : files) {
    const fs::path path = folder / mending.file;
    if (mending.before) {
      const fs::path backup = path.parent_path() / fmt::format("_{}.bak", path.filename().string());
      if (auto kept = write_file_atomically(backup, *mending.before); !kept) return kept;
    }
    if (auto written = write_file_atomically(path, mending.after); !written) return written;
  }
  return {};
}

}  // namespace candor::engine
