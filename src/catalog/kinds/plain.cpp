#include "catalog/kinds/plain.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/sha256.h"

namespace candor::catalog::kinds {

std::string as_text(std::string_view cell) {
  return std::string(cell);
}

std::string as_flag(std::string_view cell) {
  return cell == "t" ? "true" : "";
}

std::string as_name(std::string_view cell) {
  const auto parts = pg::parse_array(cell);
  return parts.size() == 2 ? qualified(parts[0], parts[1]) : std::string();
}

std::string as_qualified_list(std::string_view cell) {
  const auto parts = pg::parse_array(cell);
  std::string list;
  for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
    if (i > 0) list += ", ";
    list += qualified(parts[i], parts[i + 1]);
  }
  return list;
}

std::string as_list(std::string_view cell) {
  std::string list;
  for (const std::string& part : pg::parse_array(cell)) {
    if (!list.empty()) list += ", ";
    list += identifier(part);
  }
  return list;
}

std::string as_sorted_texts(std::string_view cell) {
  auto parts = pg::parse_array(cell);
  std::ranges::sort(parts);
  return fmt::format("{}", fmt::join(parts, "; "));
}

namespace {

std::string named_list(std::string_view cell, Format format) {
  const auto parts = pg::parse_array(cell);
  std::string list;
  for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
    if (i > 0) list += ", ";
    list += identifier(parts[i]) + " " + quoted(format(parts[i + 1]));
  }
  return list;
}

}  // namespace

std::string as_named_texts(std::string_view cell) {
  return named_list(cell, as_text);
}

std::string as_named_grants(std::string_view cell) {
  return named_list(cell, grants_text);
}

namespace {

bool tells_a_secret(std::string_view option) {
  constexpr std::array<std::string_view, 6> words{"password", "passwd",     "secret",
                                                  "token",    "credential", "_key"};
  return std::ranges::any_of(
      words, [&](std::string_view word) { return option.find(word) != std::string_view::npos; });
}

/// Enough to see a change, too little to be worth guessing at.
std::string hash_of(std::string_view value, std::string_view salt) {
  return "hash:" + hex(sha256(fmt::format("{}\n{}", salt, value))).substr(0, 16);
}

template <class Value>
std::string option_list(std::string_view cell, Value value) {
  auto options = pg::parse_array(cell);
  std::ranges::sort(options);
  std::string list;
  for (const std::string& option : options) {
    const auto equals = std::min(option.find('='), option.size());
    const std::string_view name = std::string_view(option).substr(0, equals);
    const std::string_view text = std::string_view(option).substr(std::min(equals + 1, option.size()));
    if (!list.empty()) list += ", ";
    list += identifier(name) + " " + value(name, text);
  }
  return list;
}

}  // namespace

std::string as_foreign_options(std::string_view cell) {
  return option_list(cell, [](std::string_view name, std::string_view value) {
    return tells_a_secret(name) ? hash_of(value, name) : quoted(value);
  });
}

std::string hashed_options(std::string_view cell, std::string_view salt) {
  return option_list(cell, [&](std::string_view name, std::string_view value) {
    return hash_of(value, fmt::format("{}\n{}", salt, name));
  });
}

void add_plain(Kind kind, std::span<const Format> formats, const pg::Rows& rows, Draft& draft) {
  constexpr int first = 4;
  const auto attributes = attributes_of(kind);
  const int written = first + static_cast<int>(attributes.size());
  for (int r = 0; r < rows.size(); ++r) {
    const ObjectId id{.kind = kind,
                      .schema = Text(rows.at(r, 0)),
                      .relation = Text(rows.at(r, 1)),
                      .name = Text(rows.at(r, 2)),
                      .arguments = Text(rows.at(r, 3))};
    const bool is_written = rows.columns() > written && rows.flag(r, written);
    Values values(kind);
    for (std::size_t i = 0; i < attributes.size(); ++i) {
      values.set(attributes[i].name, formats[i](rows.at(r, first + static_cast<int>(i))));
      if (is_written && attributes[i].printed != Printed::no) draft.mark_written(id, attributes[i].name);
    }
    draft.add(id, std::move(values));
  }
}

namespace {

std::string cast_oid(std::string_view oid, std::string_view type) {
  return fmt::format(
      "CASE WHEN {0}::pg_catalog.oid <> 0 THEN {0}::pg_catalog.oid::pg_catalog.{1}::pg_catalog.text END", oid,
      type);
}

}  // namespace

std::string of_columns(std::string_view oid, std::string_view text) {
  return fmt::format(
      "ARRAY(SELECT part.v FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type y ON y.oid = a.atttypid,"
      " LATERAL (SELECT {} AS v) told, LATERAL (VALUES (1, a.attname::pg_catalog.text), (2, told.v)) part(i, v)"
      " WHERE a.attrelid = {} AND a.attnum > 0 AND NOT a.attisdropped AND told.v IS NOT NULL"
      " ORDER BY a.attnum, part.i)",
      text, oid);
}

std::string comments_on_columns(std::string_view oid) {
  return of_columns(
      oid,
      "(SELECT b.description FROM pg_catalog.pg_description b WHERE b.objoid = a.attrelid AND b.classoid ="
      " 'pg_catalog.pg_class'::pg_catalog.regclass AND b.objsubid = a.attnum)");
}

std::string routine_name(std::string_view oid) {
  return cast_oid(oid, "regproc");
}
std::string routine_signature(std::string_view oid) {
  return cast_oid(oid, "regprocedure");
}
std::string operator_signature(std::string_view oid) {
  return cast_oid(oid, "regoperator");
}
std::string type_name(std::string_view oid) {
  return fmt::format("pg_catalog.format_type({}, NULL)", oid);
}
std::string name_array(std::string_view schema, std::string_view name) {
  return fmt::format("ARRAY[{}::pg_catalog.text, {}::pg_catalog.text]", schema, name);
}

}  // namespace candor::catalog::kinds
