/// Tables that somebody made for a runner of their own: what each column means is told by its name.
#include <algorithm>
#include <array>
#include <cctype>
#include <map>

#include "history/formats/sums.h"
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"

namespace candor::history::ledgers {

namespace {

using Names = std::span<const std::string_view>;

constexpr std::string_view key_names[] = {"filename",  "script",      "scriptname", "migrationname",
                                          "migration", "migrationid", "version",    "name",
                                          "id",        "tag"};
constexpr std::string_view time_names[] = {
    "appliedat",     "executedat", "runon",       "runat",     "appliedon", "installedon", "migratedat",
    "migrationtime", "insertedat", "completedat", "createdat", "tstamp",    "date",        "applied"};
constexpr std::string_view checksum_names[] = {"checksum",    "checksumsha256", "hash", "migrationhash",
                                               "contenthash", "sha256",         "md5",  "md5sum"};
constexpr std::string_view success_names[] = {"success", "succeeded", "isapplied", "applied"};
constexpr std::string_view failure_names[] = {"dirty", "failed"};
constexpr std::string_view status_names[] = {"status", "state", "result"};
constexpr std::string_view error_names[] = {"errormessage", "error", "errormsg", "errorsummary"};
constexpr std::string_view author_names[] = {"executedby", "appliedby", "installedby"};
constexpr std::string_view duration_names[] = {"executiontimems", "executiontimeinmillis", "executiontime",
                                               "durationms"};

/// "Executed_At" is "executedat".
std::string plain(std::string_view name) {
  std::string text;
  for (const char c : name)
    if (c != '_' && c != '"') text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool is_text(const ForeignColumn& column) {
  return column.type.starts_with("character") || column.type == "text" || column.type == "citext" ||
         column.type == "name";
}

bool is_number(const ForeignColumn& column) {
  return column.type.find("int") == 0 || column.type == "bigint" || column.type == "smallint" ||
         column.type.starts_with("numeric");
}

bool is_flag(const ForeignColumn& column) {
  return column.type == "boolean";
}

bool is_time(const ForeignColumn& column) {
  return column.type.starts_with("timestamp") || column.type == "date" || is_text(column) ||
         is_number(column);
}

bool any_type(const ForeignColumn&) {
  return true;
}

const ForeignColumn* role(const ForeignTable& table, Names names, bool (*fits)(const ForeignColumn&)) {
  for (const std::string_view name : names)
    for (const ForeignColumn& column : table.columns)
      if (plain(column.name) == name && fits(column)) return &column;
  return nullptr;
}

bool is_key(const ForeignColumn& column) {
  return plain(column.name) == "id" ? is_text(column) : is_text(column) || is_number(column);
}

/// Of several the one that is unique.
const ForeignColumn* key_of(const ForeignTable& table) {
  for (const std::string_view name : key_names)
    for (const ForeignColumn& column : table.columns)
      if (plain(column.name) == name && is_key(column) &&
          std::ranges::find(table.keys, column.name) != table.keys.end())
        return &column;
  return role(table, key_names, is_key);
}

std::string state_of(const ForeignTable& table) {
  std::string state = "'applied'";
  const auto* const status = role(table, status_names, any_type);
  const auto* const success = role(table, success_names, is_flag);
  if (status != nullptr) {
    state = column(status->name) + "::pg_catalog.text";
    if (success != nullptr)  // a row that failed in one column did not succeed by the other
      state = fmt::format("CASE WHEN {} THEN {} WHEN NOT {} THEN 'failed' END", column(success->name), state,
                          column(success->name));
  } else if (success != nullptr) {
    state = state_of_flag(column(success->name));
  } else if (const auto* const failure = role(table, failure_names, is_flag)) {
    state = state_of_flag(column(failure->name), "failed", "applied");
  }
  if (const auto* const author = role(table, author_names, is_text))
    state = fmt::format("CASE WHEN {} IN ('manual', 'baseline') THEN 'baseline' ELSE {} END",
                        column(author->name), state);
  return state;
}

/// The column that tells more of the migration than its key.
std::string name_beside_key(const ForeignTable& table) {
  constexpr std::string_view names[] = {"name"};
  const ForeignColumn* const found = role(table, names, is_text);
  return found == nullptr || found == key_of(table) ? std::string("NULL") : column(found->name);
}

ForeignFields fields(const ForeignTable& table) {
  const auto optional = [&](Names names, bool (*fits)(const ForeignColumn&)) {
    const ForeignColumn* const found = role(table, names, fits);
    return found == nullptr ? std::string("NULL") : column(found->name);
  };
  const ForeignColumn* const time = role(table, time_names, is_time);
  const ForeignColumn* const serial = table.find("id");
  ForeignFields fields{.key = column(key_of(table)->name),
                       .name = name_beside_key(table),
                       .checksum = optional(checksum_names, any_type),
                       .state = state_of(table),
                       .error = optional(error_names, any_type)};
  if (const auto* const checksum = role(table, checksum_names, any_type);
      checksum != nullptr && checksum->type == "bytea")
    fields.checksum = fmt::format("pg_catalog.encode({}, 'hex')", column(checksum->name));
  if (time != nullptr) fields.applied_at = time_of(table, time->name);
  fields.order = serial != nullptr && is_number(*serial) ? column("id")
                 : time != nullptr                       ? column(time->name)
                                                         : fields.key;
  return fields;
}

bool fits(const ForeignTable& table) {
  return key_of(table) != nullptr;
}

/// How a hand-rolled runner may write a file's name.
std::vector<std::string> spellings(const Migration& migration) {
  const std::string base = basename_of(migration), stem = stem_of(base), digits = leading_digits(base);
  return {base,           stem,
          digits,         as_number(digits),
          migration.file, folder_of(migration),
          migration.name, behind_digits(stem)};
}

/// Which of spellings() the rows have; the file's name where no row tells.
std::size_t spelling_of(const History& history, const std::vector<ForeignRecord>& records) {
  std::map<std::size_t, std::size_t> votes;
  for (const Migration& migration : history.migrations) {
    const auto candidates = spellings(migration);
    for (const ForeignRecord& record : records)
      if (const auto at = std::ranges::find(candidates, record.key);
          at != candidates.end() && !record.key.empty())
        ++votes[static_cast<std::size_t>(at - candidates.begin())];
  }
  std::size_t best = 0;
  for (const auto& [spelling, count] : votes)
    if (count > votes[best]) best = spelling;
  return best;
}

struct Algorithm {
  std::string_view name;
  std::size_t digits;
};
constexpr Algorithm algorithms[] = {{"md5", 32}, {"sha1", 40}, {"sha256", 64}, {"sha384", 96}};

/// The length of the first sum that one of these has made; 0: there is none.
std::size_t digits_of_sums(const std::vector<ForeignRecord>& records) {
  for (const ForeignRecord& record : records) {
    const std::string& sum = record.checksum;
    if (sum.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos &&
        std::ranges::find(algorithms, sum.size(), &Algorithm::digits) != std::end(algorithms))
      return sum.size();
  }
  return 0;
}

/// What a column of `digits` characters may hold of a file: the sum that is so long, first, or the front of a
/// longer one, which was cut off where the column ends.
std::vector<ChecksumForm> forms_of_sums(const std::string& name, std::string_view bytes, std::size_t digits) {
  std::vector<ChecksumForm> forms;
  for (const Algorithm& algorithm : algorithms) {
    if (algorithm.digits < digits) continue;
    const auto hash = [&](std::string_view text) {
      return digest_hex(algorithm.name, text).substr(0, digits);
    };
    std::ranges::move(forms_of(bytes, hash), std::back_inserter(forms));
    forms.push_back({"behind its own name", hash(fmt::format("{}{}", name, bytes))});
  }
  return forms;
}

Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>& records) {
  const std::size_t spelling = spelling_of(history, records);
  const std::size_t digits = digits_of_sums(records);
  const auto file_of = [&](const Migration& migration) {
    return ForeignFile{.key = spellings(migration)[spelling],
                       .version = leading_digits(basename_of(migration)),
                       .name = basename_of(migration)};
  };
  if (digits == 0) return files_by(history, file_of);
  return files_with_text(history, [&](const Migration& migration, std::string_view bytes) {
    ForeignFile file = file_of(migration);
    file.forms = forms_of_sums(file.name, bytes, digits);
    return file;
  });
}

/// What an enum or a check constraint would accept is not known: the word that the rows have.
std::string word_of(const ForeignMarking& marking, std::string_view column) {
  for (const ForeignRecord& record : marking.records) {
    if (record.state != ForeignState::applied) continue;
    const std::string marker = fmt::format("\"{}\": \"", column);
    const std::size_t at = record.raw.find(marker);
    if (at == std::string::npos) continue;
    const std::size_t begin = at + marker.size();
    return record.raw.substr(begin, record.raw.find('"', begin) - begin);
  }
  return "completed";
}

/// The name as other rows write theirs: with or without its number, with or without its ending.
std::string name_like_others(const ForeignMarking& marking) {
  const auto spelled = [](const ForeignFile& file) {
    const std::string stem = stem_of(file.name);
    return std::array{stem, file.name, behind_digits(stem)};
  };
  for (const ForeignRecord& record : marking.records) {
    const auto file = std::ranges::find(marking.files, record.key, &ForeignFile::key);
    if (record.name.empty() || file == marking.files.end()) continue;
    const auto known = spelled(*file);
    if (const auto at = std::ranges::find(known, record.name); at != known.end())
      return spelled(marking.file())[static_cast<std::size_t>(at - known.begin())];
  }
  return stem_of(marking.file().name);
}

std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  const ForeignTable& table = marking.table;
  const ForeignFile& file = marking.file();
  const ForeignColumn* const key = key_of(table);
  std::vector<ForeignValue> values{is_number(*key) ? number_value(key->name, file.key)
                                                   : text_value(key->name, file.key)};
  const auto add = [&](Names names, bool (*fits)(const ForeignColumn&), const auto& make) {
    if (const ForeignColumn* const column = role(table, names, fits); column != nullptr && column != key)
      values.push_back(make(column->name));
  };
  constexpr std::string_view file_names[] = {"filename"}, names[] = {"name"}, versions[] = {"version"};
  add(file_names, is_text, [&](const std::string& name) { return text_value(name, file.name); });
  add(names, is_text, [&](const std::string& name) { return text_value(name, name_like_others(marking)); });
  add(versions, is_text, [&](const std::string& name) { return text_value(name, file.version); });
  add(versions, is_number, [&](const std::string& name) { return number_value(name, file.version); });
  add(
      time_names, [](const ForeignColumn& column) { return column.type.starts_with("timestamp"); },
      [](const std::string& name) { return sql_value(name, "pg_catalog.now()"); });
  add(success_names, is_flag, [](const std::string& name) { return sql_value(name, "true"); });
  add(failure_names, is_flag, [](const std::string& name) { return sql_value(name, "false"); });
  add(status_names, is_text,
      [&](const std::string& name) { return text_value(name, word_of(marking, name)); });
  add(duration_names, is_number, [](const std::string& name) { return sql_value(name, "0"); });
  if (!file.forms.empty())
    add(checksum_names, is_text,
        [&](const std::string& name) { return text_value(name, file.forms.front().value); });
  return {insert_once(table, values)};
}

}  // namespace

const ForeignTool hand_rolled{.name = "hand-rolled",
                              .title = "a runner made by hand",
                              .table = "schema_migrations",
                              .rules = {.loose = true},
                              .fields = fields,
                              .files = files,
                              .fits = fits,
                              .mark = mark};

}  // namespace candor::history::ledgers
