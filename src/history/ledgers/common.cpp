#include "history/ledgers/common.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/file.h"

namespace candor::history {

namespace {

std::string with_lf(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') out += text[i];
  return out;
}

std::string with_crlf(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) out += '\r';
    out += text[i];
  }
  return out;
}

std::string quoted(std::string_view name) {
  return pg::Identifier(name).sql();
}

}  // namespace

std::string column(std::string_view name) {
  return "t." + quoted(name);
}

std::string column_or_null(const ForeignTable& table, std::string_view name) {
  return table.find(name) == nullptr ? "NULL" : column(name);
}

std::string time_of(const ForeignTable& table, std::string_view name) {
  const ForeignColumn* const found = table.find(name);
  if (found == nullptr) return "NULL";
  if (found->type.find("with time zone") == std::string::npos) return column(name);
  return fmt::format(
      "pg_catalog.to_char(pg_catalog.timezone('UTC', {}), 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')",
      column(name));
}

std::string state_of_flag(std::string_view expression, std::string_view if_true, std::string_view if_false) {
  return fmt::format("CASE WHEN {0} THEN '{1}' WHEN NOT {0} THEN '{2}' ELSE 'unknown' END", expression,
                     if_true, if_false);
}

std::string folder_of(const Migration& migration) {
  return migration.file.substr(0, migration.file.find('/'));
}

std::string basename_of(const Migration& migration) {
  const std::size_t slash = migration.file.rfind('/');
  return slash == std::string::npos ? migration.file : migration.file.substr(slash + 1);
}

std::string stem_of(std::string_view basename) {
  constexpr std::string_view endings[] = {".sql", ".up", ".do", ".down"};
  for (const std::string_view ending : endings)
    if (basename.ends_with(ending)) basename.remove_suffix(ending.size());
  return std::string(basename);
}

std::string leading_digits(std::string_view text) {
  return std::string(text.substr(0, std::min(text.find_first_not_of("0123456789"), text.size())));
}

std::string as_number(std::string_view digits) {
  const std::size_t first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? std::string(digits.empty() ? "" : "0")
                                         : std::string(digits.substr(first));
}

std::string behind_digits(std::string_view stem) {
  stem.remove_prefix(leading_digits(stem).size());
  while (stem.starts_with('_') || stem.starts_with('-') || stem.starts_with('.')) stem.remove_prefix(1);
  return std::string(stem);
}

std::vector<ForeignFile> files_by(const History& history,
                                  const std::function<ForeignFile(const Migration&)>& file_of) {
  std::vector<ForeignFile> files;
  for (const Migration& migration : history.migrations) files.push_back(file_of(migration));
  return files;
}

Result<std::vector<ForeignFile>> files_with_text(
    const History& history,
    const std::function<ForeignFile(const Migration&, std::string_view bytes)>& file_of) {
  std::vector<ForeignFile> files;
  for (const Migration& migration : history.migrations) {
    const auto file = FileText::open(migration.path);
    if (!file) return std::unexpected(file.error());
    files.push_back(file_of(migration, file->view()));
  }
  return files;
}

std::vector<ChecksumForm> forms_of(std::string_view text,
                                   const std::function<std::string(std::string_view)>& hash) {
  const std::string_view bare = without_byte_order_mark(text);
  const std::pair<std::string_view, std::string> forms[] = {
      {"as it is", std::string(text)},
      {"with LF line ends", with_lf(text)},
      {"with CRLF line ends", with_crlf(text)},
      {"without its byte-order mark", std::string(bare)},
      {"without its byte-order mark, with LF line ends", with_lf(bare)},
      {"without white space at its end", std::string(trimmed_right(bare))},
      {"without white space around it", std::string(trimmed(bare))},
      {"with LF line ends, without white space around it", with_lf(trimmed(bare))}};
  std::vector<ChecksumForm> hashed;
  for (std::size_t i = 0; i < std::size(forms); ++i) {
    const bool seen = std::ranges::any_of(forms, forms + i,
                                          [&](const auto& form) { return form.second == forms[i].second; });
    if (!seen) hashed.push_back({forms[i].first, hash(forms[i].second)});
  }
  return hashed;
}

std::vector<ForeignStatement> mark_by_rows(const ForeignMarking& marking) {
  const std::pair<std::string_view, std::string> names[] = {
      {"{table}", marking.table.sql()}, {"{schema}", pg::Identifier(marking.table.schema).sql()}};
  std::vector<ForeignStatement> statements = marking.file().rows;
  for (ForeignStatement& statement : statements)
    for (const auto& [placeholder, name] : names)
      for (std::size_t at = 0; (at = statement.sql.find(placeholder, at)) != std::string::npos;
           at += name.size())
        statement.sql.replace(at, placeholder.size(), name);
  return statements;
}

ForeignValue text_value(std::string_view column, std::string value) {
  return {column, "{}::pg_catalog.text", std::move(value)};
}

ForeignValue number_value(std::string_view column, std::string value) {
  return {column, "{}::pg_catalog.int8", std::move(value)};
}

ForeignValue sql_value(std::string_view column, std::string sql) {
  return {column, std::move(sql), std::nullopt};
}

ForeignStatement insert_once(const ForeignTable& table, const std::vector<ForeignValue>& values) {
  ForeignStatement statement;
  std::string columns, selected, condition;
  for (const ForeignValue& value : values) {
    if (table.find(value.column) == nullptr) continue;
    std::string sql = value.sql;
    if (value.param) {
      statement.params.push_back(value.param);
      sql.replace(sql.find("{}"), 2, fmt::format("${}", statement.params.size()));
    }
    if (condition.empty()) condition = fmt::format("t.{} = {}", quoted(value.column), sql);
    columns += fmt::format("{}{}", columns.empty() ? "" : ", ", quoted(value.column));
    selected += fmt::format("{}{}", selected.empty() ? "" : ", ", sql);
  }
  statement.sql =
      fmt::format("INSERT INTO {0} ({1}) SELECT {2} WHERE NOT EXISTS (SELECT FROM {0} t WHERE {3})",
                  table.sql(), columns, selected, condition);
  return statement;
}

}  // namespace candor::history
