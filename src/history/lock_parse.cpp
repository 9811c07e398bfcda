#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "history/lock_file.h"
#include "history/lock_format.h"
#include "history/lock_reader.h"

namespace candor::history {

namespace {

using catalog::AttributeChange;
using catalog::Change;
using catalog::Effect;
using catalog::Kind;

/// The grammar. Functions return false once the reader's error is set.
class LockParser : LockReader {
 public:
  using LockReader::LockReader;
  Result<LockFile> run();

 private:
  bool whole_file();
  bool head();
  bool entry();
  bool entry_fields(LockEntry& entry);
  bool effects(std::vector<Effect>& effects);
  bool effect(std::vector<Effect>& effects);
  bool effect_attributes(Effect& effect);
  bool tuples(LockEntry& entry);
  bool form(LockEntry& entry);
  bool in_order(std::vector<Effect>& effects);
  bool check_chain(std::string_view lines);
  bool end_mark();

  /// What the chain of the entry `index` must follow.
  [[nodiscard]] const std::string& chain_before(std::size_t index) const {
    return index == 0 ? head_chain_ : lock_.entries[index - 1].chain;
  }
  [[nodiscard]] std::string label(std::size_t index) const {
    return lock_format::label(lock_.entries[index].version, lock_.entries[index].name);
  }

  LockFile lock_;
  std::string head_chain_;  ///< over the lines at the top
};

Result<LockFile> LockParser::run() {
  if (whole_file()) return std::move(lock_);
  return std::unexpected(*error());
}

bool LockParser::whole_file() {
  if (!head() || !advance()) return false;
  while (!line_starts("end"))
    if (!entry() || !blank() || !advance()) return false;
  return end_mark();
}

bool LockParser::head() {
  int version = 0;
  if (!advance() || !keyword("candor.lock") || !number(version)) return false;
  if (version > lock_format::version)
    return broken(
        codes::lock_newer,
        fmt::format("the lock file has version {}, this Candor knows {}", version, lock_format::version),
        "install the Candor that wrote it, or a newer one");
  if (version < 1) return malformed("there is no such version");
  if (!line_done() || !advance() || !keyword("server") || !number(lock_.server) || !line_done() || !advance())
    return false;
  if (line_starts("other-servers")) {
    if (!keyword("other-servers")) return false;
    do {
      if (!number(lock_.other_servers.emplace_back())) return false;
    } while (take(' '));
    if (!line_done() || !advance()) return false;
  }
  if (!effects(lock_.given)) return false;
  head_chain_ = lock_format::chain_of({}, text(0, here()));
  return line_done();
}

/// Reads the entry whose first line is the current one.
bool LockParser::entry() {
  const std::size_t start = here();
  LockEntry& entry = lock_.entries.emplace_back();
  if (!entry_fields(entry)) return false;
  const std::size_t end = here();
  return keyword("chain") && word(entry.chain) && line_done() && check_chain(text(start, end));
}

/// All lines up to `chain`, which then is the current one.
bool LockParser::entry_fields(LockEntry& entry) {
  std::string version;
  if (!keyword("migration") || !word(version) || !expect(' ') || !word(entry.name) || !line_done())
    return false;
  entry.version = Version(std::move(version));
  if (!advance() || !keyword("file") || !word(entry.file) || !line_done()) return false;
  if (!advance() || !keyword("checksum") || !word(entry.checksum) || !line_done() || !advance()) return false;
  if (!effects(entry.effects)) return false;
  while (line_starts("tuples "))
    if (!tuples(entry) || !line_done() || !advance()) return false;
  while (line_starts("form "))
    if (!form(entry) || !line_done() || !advance()) return false;
  return keyword("fingerprint") && word(entry.fingerprint) && line_done() && advance();
}

/// As many lines as there are, brought into canonical order.
bool LockParser::effects(std::vector<Effect>& effects) {
  while (line_starts("+ ") || line_starts("- ") || line_starts("~ "))
    if (!effect(effects) || !line_done() || !advance()) return false;
  return in_order(effects);
}

bool LockParser::effect(std::vector<Effect>& effects) {
  Effect& effect = effects.emplace_back();
  effect.change = static_cast<Change>(first_byte());
  if (!take(first_byte()) || !expect(' ') || !identity(effect.id)) return false;
  if (effect.change == Change::dropped) return true;
  if (effect.change == Change::added) effect.values.resize(catalog::attributes_of(effect.id.kind).size());
  return effect_attributes(effect);
}

bool LockParser::effect_attributes(Effect& effect) {
  for (std::size_t index = 0; take(' '); ++index) {
    if (!attribute(effect.id.kind, index)) return false;
    if (effect.change == Change::added) {
      if (!effect.values[index].empty()) return malformed("the attribute is given twice");
      if (!value(effect.values[index])) return false;
    } else {
      AttributeChange& change = effect.attributes.emplace_back();
      change.attribute = static_cast<std::uint8_t>(index);
      if (!value(change.from) || !expect('-') || !expect('>') || !value(change.to)) return false;
    }
  }
  if (effect.change == Change::altered && effect.attributes.empty())
    return malformed("expected what was altered");
  return true;
}

bool LockParser::tuples(LockEntry& entry) {
  int major = 0;
  if (!keyword("tuples") || !number(major)) return false;
  const auto [counts, fresh] = entry.tuples.try_emplace(major);
  if (!fresh) return malformed(fmt::format("the tuples of server {} are given twice", major));
  while (take(' ')) {
    TupleCount& count = counts->second.emplace_back();
    if (!word(count.catalog) || !expect('=') || !number(count.inserted) || !expect('/') ||
        !number(count.updated) || !expect('/') || !number(count.deleted))
      return false;
  }
  return true;
}

bool LockParser::form(LockEntry& entry) {
  int major = 0;
  if (!keyword("form") || !number(major) || !expect(' ')) return false;
  Form& form = entry.forms[major].emplace_back();
  std::size_t index = 0;
  if (!identity(form.id) || !expect(' ') || !attribute(form.id.kind, index)) return false;
  form.attribute = static_cast<std::uint8_t>(index);
  return value(form.text);
}

/// Brings effects into canonical order again: columns are listed by their positions. Table by table, because
/// sorting all effects of a large migration takes as long as reading them.
bool LockParser::in_order(std::vector<Effect>& effects) {
  const auto before = [](const Effect& a, const Effect& b) { return a.id < b.id; };
  const auto is_added_column = [](const Effect& effect) {
    return effect.change == Change::added && effect.id.kind == Kind::column;
  };
  for (auto first = effects.begin(); first != effects.end();) {
    auto last = std::next(first);
    if (is_added_column(*first)) {
      while (last != effects.end() && is_added_column(*last) && last->id.relation == first->id.relation &&
             last->id.schema == first->id.schema)
        ++last;
      std::sort(first, last, before);
    }
    first = last;
  }
  // Kinds may come to be listed in another order than when the file was written.
  if (!std::is_sorted(effects.begin(), effects.end(), before))
    std::sort(effects.begin(), effects.end(), before);
  const auto twice = std::adjacent_find(effects.begin(), effects.end(),
                                        [](const Effect& a, const Effect& b) { return a.id == b.id; });
  if (twice == effects.end()) return true;
  return malformed(fmt::format("the migration has two effects on {}", catalog::describe(twice->id)));
}

/// Checks the last entry, whose lines these are.
bool LockParser::check_chain(std::string_view lines) {
  const std::size_t index = lock_.entries.size() - 1;
  const std::string& chain = lock_.entries.back().chain;
  if (lock_format::chain_of(chain_before(index), lines) == chain) return true;

  for (std::size_t i = 0; i < index; ++i)
    if (lock_format::chain_of(chain_before(i), lines) == chain)
      return broken(
          codes::lock_merged,
          fmt::format("migrations {} and {} were both locked {}, in two branches that were then merged",
                      label(i), label(index),
                      i == 0 ? std::string("as the first") : "right after " + label(i - 1)),
          "run `candor lock` to replay them in one order");
  return broken(codes::lock_tampered,
                fmt::format("the chain of migration {} does not fit its lines{}", label(index),
                            index == 0 ? " and the top of the file" : ""));
}

bool LockParser::end_mark() {
  std::size_t count = 0;
  if (!keyword("end") || !number(count) || !line_done()) return false;
  if (count != lock_.entries.size())
    return broken(
        codes::lock_tampered,
        fmt::format("the end mark counts {} migrations, but the file holds {}", count, lock_.entries.size()));
  return at_end() || malformed("there is more after the end mark");
}

/// The first line that an unfinished merge left behind.
std::optional<SourcePosition> conflict_marker(std::string_view text, std::string_view file) {
  constexpr std::array<std::string_view, 4> markers{"<<<<<<<", "|||||||", "=======", ">>>>>>>"};
  int number = 1;
  for (std::size_t at = 0; at < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (std::any_of(markers.begin(), markers.end(), [&](auto marker) { return line.starts_with(marker); }))
      return SourcePosition{std::string(file), number, 1, std::string(line)};
    at = end + 1;
  }
  return std::nullopt;
}

/// git may check the file out with the line ends of Windows.
std::string without_carriage_returns(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') out.push_back(text[i]);
  return out;
}

}  // namespace

Result<LockFile> parse_lock(std::string_view text, std::string_view file) {
  std::string normalised;
  if (text.find("\r\n") != std::string_view::npos) text = normalised = without_carriage_returns(text);

  auto lock = LockParser(text, file).run();
  if (lock) return lock;
  // No line of a good file looks like a marker; in a bad one the markers explain whatever was found first.
  if (auto where = conflict_marker(text, file))
    return std::unexpected(
        Error{.code = codes::lock_conflict,
              .message = "the lock file holds the conflict markers of a merge",
              .where = std::move(where),
              .hint = "keep the migration files of both sides, then run `candor lock` to write it anew"});
  return lock;
}

}  // namespace candor::history
