#include "engine/settings.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <span>
#include <string_view>

#include "base/file.h"
#include "base/suggest.h"
#include "pg/identifier.h"
#include "pg/mask.h"
#include "sql/script.h"

namespace candor::engine {

namespace {

namespace fs = std::filesystem;

/// candor.toml as it is being read: its text, for positions, and the settings that it fills.
struct Reading {
  std::string shown_as;
  std::string text;
  Settings settings;

  [[nodiscard]] SourcePosition at(const toml::source_position& position) const {
    return {.file = shown_as,
            .line = static_cast<int>(position.line),
            .column = static_cast<int>(position.column),
            .text = line(static_cast<int>(position.line))};
  }

  [[nodiscard]] std::unexpected<Error> refuse(const Code& code, const toml::source_region& where,
                                              std::string message, std::string hint) const {
    return std::unexpected(Error{
        .code = code, .message = std::move(message), .where = at(where.begin), .hint = std::move(hint)});
  }

  [[nodiscard]] std::unexpected<Error> refuse(const toml::node& value, std::string message,
                                              std::string hint) const {
    return refuse(codes::config_invalid, value.source(), std::move(message), std::move(hint));
  }

 private:
  [[nodiscard]] std::string line(int number) const {
    std::string_view rest = text;
    for (int n = 1; n < number && !rest.empty(); ++n)
      rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
    rest = rest.substr(0, rest.find('\n'));
    if (rest.ends_with('\r')) rest.remove_suffix(1);
    return printable(pg::mask_passwords(rest));
  }
};

/// One key: its name, and what its value becomes.
struct Key {
  std::string_view name;
  Result<> (*set)(Reading& reading, std::string_view key, const toml::node& value);
};

Result<std::string> text_of(const Reading& reading, std::string_view key, const toml::node& value) {
  const auto* const text = value.as_string();
  if (text == nullptr)
    return reading.refuse(value, fmt::format("{} must be a string", key),
                          fmt::format("write {} = \"…\"", key));
  if (text->get().find('\0') != std::string::npos)
    return reading.refuse(value, fmt::format("{} holds a NUL character", key), "remove it");
  return text->get();
}

template <std::string Settings::*member>
Result<> set_text(Reading& reading, std::string_view key, const toml::node& value) {
  auto text = text_of(reading, key, value);
  if (!text) return pass(text);
  reading.settings.*member = std::move(*text);
  return {};
}

/// Relative paths are relative to the file. An empty one is a mistake, never "here".
Result<fs::path> path_of(const Reading& reading, std::string_view key, const toml::node& value) {
  auto text = text_of(reading, key, value);
  if (!text) return pass(text);
  if (text->empty())
    return reading.refuse(value, fmt::format("{} is empty", key), "name a path, or remove the line");
  return (reading.settings.root / *text).lexically_normal();
}

/// One of a few words.
Result<std::string> word_of(const Reading& reading, std::string_view key, const toml::node& value,
                            std::span<const std::string_view> words) {
  auto text = text_of(reading, key, value);
  if (!text || std::ranges::find(words, *text) != words.end()) return text;
  const std::string near = closest(*text, words);
  return reading.refuse(value, fmt::format("{} cannot be \"{}\"", key, printable(*text)),
                        near.empty() ? fmt::format("write one of \"{}\"", fmt::join(words, "\", \""))
                                     : fmt::format("write \"{}\"", near));
}

/// A whole number with a unit, as PostgreSQL writes durations: "3s", "10 min".
struct Duration {
  std::int64_t number = 0;
  std::string_view unit;
};

bool parse_duration(std::string_view text, Duration& duration) {
  const char* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, duration.number);
  if (failure != std::errc() || duration.number < 0) return false;
  duration.unit = {rest, end};
  duration.unit.remove_prefix(std::min(duration.unit.find_first_not_of(' '), duration.unit.size()));
  constexpr std::string_view units[] = {"us", "ms", "s", "min", "h", "d"};
  return std::ranges::find(units, duration.unit) != std::end(units) ||
         (duration.unit.empty() && duration.number == 0);
}

/// A bare number would be milliseconds to PostgreSQL and seconds to most readers: the unit must be there.
template <std::string Settings::*member>
Result<> set_timeout(Reading& reading, std::string_view key, const toml::node& value) {
  const auto* const text = value.as_string();
  Duration duration;
  if (text == nullptr || !parse_duration(text->get(), duration))
    return reading.refuse(value, fmt::format("{} must be a duration with its unit", key),
                          fmt::format("write {} = \"3s\" (units: us, ms, s, min, h, d; \"0\" is none)", key));
  reading.settings.*member = text->get();
  return {};
}

Result<> set_patience(Reading& reading, std::string_view key, const toml::node& value) {
  constexpr std::int64_t longest = std::int64_t{366} * 24 * 3600;
  std::int64_t seconds = -1;
  Duration duration;
  if (const auto* const number = value.as_integer()) {
    seconds = number->get();
  } else if (const auto* const text = value.as_string();
             text != nullptr && parse_duration(text->get(), duration)) {
    const std::int64_t number_of = std::min(duration.number, longest + 1);
    if (duration.unit.empty() || duration.unit == "s") seconds = number_of;
    if (duration.unit == "min") seconds = number_of * 60;
    if (duration.unit == "h") seconds = number_of * 3600;
  }
  if (seconds < 0 || seconds > longest)
    return reading.refuse(value, fmt::format("{} must be a number of seconds, or a duration", key),
                          fmt::format("write {0} = 60 or {0} = \"60s\" (units: s, min, h)", key));
  reading.settings.wait_for_runner = std::chrono::seconds(seconds);
  return {};
}

Result<> set_retries(Reading& reading, std::string_view key, const toml::node& value) {
  const auto* const number = value.as_integer();
  if (number == nullptr || number->get() < 0 || number->get() > 1000)
    return reading.refuse(value, fmt::format("{} must be a whole number from 0 to 1000", key),
                          fmt::format("write {} = 8", key));
  reading.settings.lock_retries = static_cast<int>(number->get());
  return {};
}

Result<> set_drift(Reading& reading, std::string_view key, const toml::node& value) {
  constexpr std::string_view words[] = {"touched", "strict", "warn"};
  auto word = word_of(reading, key, value, words);
  if (!word) return pass(word);
  reading.settings.drift = static_cast<DriftPolicy>(std::ranges::find(words, *word) - std::begin(words));
  return {};
}

Result<> set_unproven(Reading& reading, std::string_view key, const toml::node& value) {
  constexpr std::string_view words[] = {"refuse", "accept"};
  auto word = word_of(reading, key, value, words);
  if (!word) return pass(word);
  reading.settings.accept_unproven = *word == "accept";
  return {};
}

Result<> set_dir(Reading& reading, std::string_view key, const toml::node& value) {
  auto path = path_of(reading, key, value);
  if (!path) return pass(path);
  reading.settings.dir = std::move(*path);
  return {};
}

/// SQL in the place of a file's name: with a line break or a semicolon, or several words and no ending.
bool is_sql(std::string_view text) {
  return text.find_first_of("\n;") != std::string_view::npos ||
         (text.find(' ') != std::string_view::npos && text.find_first_of("./\\") == std::string_view::npos);
}

Result<> set_shadow_setup(Reading& reading, std::string_view key, const toml::node& value) {
  if (const auto text = value.value_exact<std::string>(); text && is_sql(*text))
    return reading.refuse(value, fmt::format("{} holds SQL, and must be the path of an SQL file", key),
                          "write the SQL into a file, and name the file: setup = \"shadow.sql\"");
  auto path = path_of(reading, key, value);
  if (!path) return pass(path);
  reading.settings.shadow_setup = std::move(*path);
  return {};
}

Result<const toml::array*> array_of(const Reading& reading, std::string_view key, const toml::node& value) {
  if (const auto* const array = value.as_array()) return array;
  return reading.refuse(value, fmt::format("{} must be a list of strings", key),
                        fmt::format("write {} = [\"…\"]", key));
}

Result<> set_compare(Reading& reading, std::string_view key, const toml::node& value) {
  constexpr std::string_view words[] = {"owners", "grants", "comments"};
  auto array = array_of(reading, key, value);
  if (!array) return pass(array);
  for (const toml::node& element : **array) {
    auto word = word_of(reading, key, element, words);
    if (!word) return pass(word);
    reading.settings.compare.push_back(std::move(*word));
  }
  return {};
}

Result<> set_ignore(Reading& reading, std::string_view key, const toml::node& value) {
  auto array = array_of(reading, key, value);
  if (!array) return pass(array);
  for (const toml::node& element : **array) {
    auto pattern = text_of(reading, key, element);
    if (!pattern) return pass(pattern);
    if (pattern->empty()) return reading.refuse(element, "an empty pattern matches nothing", "remove it");
    reading.settings.ignore.push_back(std::move(*pattern));
  }
  return {};
}

Result<> set_search_path(Reading& reading, std::string_view key, const toml::node& value) {
  auto array = array_of(reading, key, value);
  if (!array) return pass(array);
  for (const toml::node& element : **array) {
    auto schema = text_of(reading, key, element);
    if (!schema) return pass(schema);
    if (schema->empty()) return reading.refuse(element, "a schema's name is empty", "remove it");
    reading.settings.search_path.push_back(std::move(*schema));
  }
  return {};
}

/// What stands in the ledger's schema is not compared: a schema of the history's must not be hidden that way.
Result<> set_ledger_schema(Reading& reading, std::string_view key, const toml::node& value) {
  auto name = text_of(reading, key, value);
  if (!name) return pass(name);
  constexpr std::size_t longest_name = 63;
  std::string what;
  if (name->empty()) what = "is empty";
  if (name->size() > longest_name)
    what = fmt::format("has {} bytes; PostgreSQL's names have at most 63", name->size());
  if (name->starts_with("pg_") || *name == "information_schema") what = "is PostgreSQL's own";
  if (*name == "public") what = "cannot be public: the ledger's schema is not compared";
  if (!what.empty())
    return reading.refuse(value, fmt::format("the ledger's schema {}", what),
                          "name a schema of the ledger's own");
  reading.settings.ledger_schema = std::move(*name);
  return {};
}

Result<> set_placeholder(Reading& reading, std::string_view key, const toml::node& value) {
  auto text = text_of(reading, key, value);
  if (!text) return pass(text);
  key.remove_prefix(std::string_view("placeholders.").size());
  reading.settings.placeholders.insert_or_assign(std::string(key), std::move(*text));
  return {};
}

template <std::string AdoptedLedger::*member>
Result<> set_adopt(Reading& reading, std::string_view key, const toml::node& value) {
  auto text = text_of(reading, key, value);
  if (!text) return pass(text);
  if (text->empty())
    return reading.refuse(value, fmt::format("{} is empty", key), "remove it, or run `candor adopt`");
  reading.settings.adopt.*member = std::move(*text);
  return {};
}

Result<> set_mirror(Reading& reading, std::string_view key, const toml::node& value) {
  const auto* const flag = value.as_boolean();
  if (flag == nullptr)
    return reading.refuse(value, fmt::format("{} is neither true nor false", key),
                          fmt::format("write {} = true", key.substr(key.find('.') + 1)));
  reading.settings.adopt.mirror = flag->get();
  return {};
}

constexpr Key top_keys[] = {
    {"url", set_text<&Settings::url>},
    {"dir", set_dir},
    {"format", set_text<&Settings::format>},
    {"drift", set_drift},
    {"unproven", set_unproven},
    {"compare", set_compare},
    {"ignore", set_ignore},
    {"search_path", set_search_path},
    {"lock_timeout", set_timeout<&Settings::lock_timeout>},
    {"statement_timeout", set_timeout<&Settings::statement_timeout>},
    {"lock_retries", set_retries},
    {"wait_for_runner", set_patience},
};
constexpr Key ledger_keys[] = {{"schema", set_ledger_schema}};
constexpr Key shadow_keys[] = {{"setup", set_shadow_setup}, {"url", set_text<&Settings::shadow_url>}};

constexpr Key adopt_keys[] = {{"tool", set_adopt<&AdoptedLedger::tool>},
                              {"table", set_adopt<&AdoptedLedger::table>},
                              {"mirror", set_mirror}};

struct Section {
  std::string_view name;
  std::span<const Key> keys;
  Result<> (*any)(Reading& reading, std::string_view key, const toml::node& value) = nullptr;  ///< free names
};
constexpr Section sections[] = {{"ledger", ledger_keys},
                                {"shadow", shadow_keys},
                                {"adopt", adopt_keys},
                                {"placeholders", {}, set_placeholder}};

/// `prefix`: the section with a dot; `also`: names that are no keys but may have been meant.
std::unexpected<Error> unknown_key(const Reading& reading, std::string_view prefix, const toml::key& key,
                                   std::span<const Key> keys, std::span<const Section> also) {
  std::vector<std::string_view> known;
  for (const Key& candidate : keys) known.push_back(candidate.name);
  for (const Section& section : also) known.push_back(section.name);
  const std::string near = closest(key.str(), known);
  return reading.refuse(codes::config_unknown_key, key.source(),
                        fmt::format("there is no setting \"{}{}\"", prefix, printable(key.str())),
                        near.empty() ? fmt::format("remove it; known here: {}", fmt::join(known, ", "))
                                     : fmt::format("did you mean \"{}\"?", near));
}

/// In the order of the file, so that the first mistake is the one that is told.
std::vector<std::pair<const toml::key*, const toml::node*>> in_order(const toml::table& table) {
  std::vector<std::pair<const toml::key*, const toml::node*>> entries;
  for (const auto& [key, value] : table) entries.emplace_back(&key, &value);
  std::ranges::sort(entries, {}, [](const auto& entry) {
    const toml::source_position& begin = entry.first->source().begin;
    return std::pair(begin.line, begin.column);
  });
  return entries;
}

Result<> read_free_section(Reading& reading, const Section& section, const toml::table& table) {
  for (const auto& [key, value] : in_order(table))
    if (auto set = section.any(reading, fmt::format("{}.{}", section.name, key->str()), *value); !set)
      return set;
  return {};
}

Result<> read_section(Reading& reading, std::string_view prefix, const toml::table& table,
                      std::span<const Key> keys, std::span<const Section> inner) {
  for (const auto& [key, value] : in_order(table)) {
    const std::string name = fmt::format("{}{}", prefix, key->str());
    if (const auto at = std::ranges::find(keys, key->str(), &Key::name); at != keys.end()) {
      if (auto set = at->set(reading, name, *value); !set) return set;
    } else if (const auto section = std::ranges::find(inner, key->str(), &Section::name);
               section != inner.end()) {
      const auto* const own = value->as_table();
      if (own == nullptr)
        return reading.refuse(*value, fmt::format("{} must be a section", name),
                              fmt::format("write [{}]", name));
      auto read = section->any == nullptr ? read_section(reading, name + ".", *own, section->keys, {})
                                          : read_free_section(reading, *section, *own);
      if (!read) return read;
    } else {
      return unknown_key(reading, prefix, *key, keys, inner);
    }
  }
  return {};
}

/// The file to read; empty: there is none, and none was asked for. A dangling link is one that is there.
fs::path choose_file(const fs::path& asked) {
  if (!asked.empty()) return asked;
  std::error_code failure;
  const fs::path usual = "candor.toml";
  return fs::symlink_status(usual, failure).type() == fs::file_type::not_found ? fs::path() : usual;
}

Result<> parse(Reading& reading) {
  if (std::size_t bad_at = 0; !is_valid_utf8(reading.text, &bad_at)) {
    SourcePosition where = sql::position_of(reading.shown_as, reading.text, bad_at);
    where.text = printable(pg::mask_passwords(where.text));
    return std::unexpected(Error{.code = codes::config_invalid,
                                 .message = "candor.toml is not valid UTF-8",
                                 .where = std::move(where),
                                 .hint = "save it as UTF-8"});
  }
  const toml::parse_result parsed = toml::parse(reading.text, reading.shown_as);
  if (!parsed)
    return reading.refuse(codes::config_invalid, parsed.error().source(),
                          fmt::format("it is not valid TOML: {}", parsed.error().description()),
                          "correct the place that is shown");
  return read_section(reading, "", parsed.table(), top_keys, sections);
}

}  // namespace

pg::ConnectOptions connect_options(const Settings& settings, std::string url) {
  pg::ConnectOptions options{.url = std::move(url)};
  for (const std::string& schema : settings.search_path)
    options.search_path += (options.search_path.empty() ? "" : ", ") + pg::Identifier(schema).sql();
  return options;
}

history::FolderOptions folder_options(const Settings& settings) {
  return {settings.format, settings.placeholders};
}

Result<Settings> read_settings(const fs::path& config_file) {
  Reading reading;
  reading.settings.config_file = choose_file(config_file);
  reading.settings.root = ".";
  if (reading.settings.config_file.empty()) return std::move(reading.settings);
  if (reading.settings.config_file.has_parent_path())
    reading.settings.root = reading.settings.config_file.parent_path();
  reading.shown_as = printable(reading.settings.config_file.string());
  auto text = read_file(reading.settings.config_file);
  if (!text) return pass(text);
  reading.text = std::move(*text);
  if (auto read = parse(reading); !read) return pass(read);
  return std::move(reading.settings);
}

Result<fs::path> find_migrations(const fs::path& root) {
  // What a tool keeps inside another usual folder stands before it.
  constexpr std::string_view usual[] = {"migrations/committed",
                                        "migrations/default",
                                        "migrations",
                                        "db/migrations",
                                        "db/migrate",
                                        "database/migrations",
                                        "sql/migrations",
                                        "prisma/migrations",
                                        "supabase/migrations",
                                        "drizzle",
                                        "hasura/migrations/default",
                                        "src/main/resources/db/migration",
                                        "db/migration"};
  std::error_code ignored;  // what cannot be looked at is looked at again below
  if (fs::is_regular_file(root / "sqitch.plan", ignored)) return root;
  std::vector<std::string_view> found;
  for (const std::string_view candidate : usual) {
    std::error_code failure;
    const fs::path path = (root / candidate).lexically_normal();
    const fs::file_type type = fs::status(path, failure).type();
    const bool around_another = std::ranges::any_of(
        found, [&](std::string_view inner) { return inner.starts_with(fmt::format("{}/", candidate)); });
    const bool is_rails =
        candidate == "db/migrate" && fs::is_regular_file(root / "db/structure.sql", ignored);
    if (type == fs::file_type::directory && !around_another) found.push_back(is_rails ? "db" : candidate);
    if (type != fs::file_type::directory && type != fs::file_type::not_found &&
        type != fs::file_type::regular)
      return std::unexpected(Error{.code = codes::file_unreadable,
                                   .message = fmt::format("{} cannot be looked at", printable(path.string())),
                                   .detail = failure.message(),
                                   .hint = "correct its permissions, or name the folder with --dir"});
  }
  if (found.size() == 1) return (root / found.front()).lexically_normal();
  if (found.size() > 1)  // the wrong one may be in perfect order
    return fail(codes::usage,
                fmt::format("several folders could hold the migrations: {}", fmt::join(found, ", ")),
                fmt::format("name the one that counts: --dir {}, or dir = \"{}\" in candor.toml",
                            found.front(), found.front()));
  return fail(codes::history_missing,
              fmt::format("no migrations folder was found in {}: looked for {}", printable(root.string()),
                          fmt::join(usual, ", ")),
              "name it with --dir, or run `candor init`");
}

}  // namespace candor::engine
