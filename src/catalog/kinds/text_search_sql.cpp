/// Parsers, templates, dictionaries and configurations of text search.
#include <fmt/format.h>

#include <algorithm>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

std::string_view word_of(Kind kind) {
  switch (kind) {
    case Kind::text_search_parser:
      return "TEXT SEARCH PARSER";
    case Kind::text_search_template:
      return "TEXT SEARCH TEMPLATE";
    case Kind::text_search_dictionary:
      return "TEXT SEARCH DICTIONARY";
    default:
      return "TEXT SEARCH CONFIGURATION";
  }
}

Spoken spoken(const Object& object) {
  return {std::string(word_of(object.id.kind)), sql_name(object.id)};
}

Ddls created(const Object& object, std::string_view list) {
  return {{.sql = fmt::format("CREATE {} {} ({})", word_of(object.id.kind), sql_name(object.id), list)}};
}

Ddls create_parser(const Object& parser, const World&) {
  std::string list;
  for (const auto& [attribute, key] : {std::pair{"start", "START"},
                                       {"gettoken", "GETTOKEN"},
                                       {"end", "END"},
                                       {"headline", "HEADLINE"},
                                       {"lextypes", "LEXTYPES"}})
    add_setting(list, parser, attribute, key);
  Ddls ddls = created(parser, list);
  append_extras(ddls, parser, spoken(parser));
  return ddls;
}

Ddls create_template(const Object& text_template, const World&) {
  std::string list;
  add_setting(list, text_template, "init", "INIT");
  add_setting(list, text_template, "lexize", "LEXIZE");
  Ddls ddls = created(text_template, list);
  append_extras(ddls, text_template, spoken(text_template));
  return ddls;
}

Ddls create_dictionary(const Object& dictionary, const World&) {
  std::string list = fmt::format("TEMPLATE = {}", sql_names(value(dictionary, "template")));
  if (is_set(dictionary, "options")) list += fmt::format(", {}", value(dictionary, "options"));
  Ddls ddls = created(dictionary, list);
  append_extras(ddls, dictionary, spoken(dictionary));
  return ddls;
}

std::optional<Ddls> alter_extras_only(const Object& from, const Object& to, const World&) {
  return alter_extras(from, to, spoken(to));
}

/// An option that is named without a value goes.
std::optional<Ddls> alter_dictionary(const Object& from, const Object& to, const World&) {
  if (!only_changed(from, to, {"options"})) return std::nullopt;
  Ddls ddls;
  if (changed(from, to, "options")) {
    const auto key = [](const std::string& option) { return option.substr(0, option.find(" =")); };
    const auto after = split_list(value(to, "options"));
    std::string list(value(to, "options"));
    for (const std::string& option : split_list(value(from, "options")))
      if (std::ranges::none_of(after, [&](const std::string& kept) { return key(kept) == key(option); }))
        append_listed(list, key(option));
    ddls.push_back({.sql = fmt::format("ALTER TEXT SEARCH DICTIONARY {} ({})", sql_name(to.id), list)});
  }
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

/// "word: app.dictionary, simple".
struct Mapping {
  std::string token, dictionaries;
  friend bool operator==(const Mapping&, const Mapping&) = default;
};

std::vector<Mapping> mappings_of(const Object& configuration) {
  std::vector<Mapping> mappings;
  for (const std::string& text : split_list(value(configuration, "mappings"), ';')) {
    const std::size_t colon = text.find(": ");
    mappings.push_back({text.substr(0, colon), text.substr(colon + 2)});
  }
  return mappings;
}

void add_mapping(Ddls& ddls, const Object& configuration, const Mapping& mapping) {
  ddls.push_back({.sql = fmt::format("ALTER TEXT SEARCH CONFIGURATION {} ADD MAPPING FOR {} WITH {}",
                                     sql_name(configuration.id), sql_names(mapping.token),
                                     sql_names(mapping.dictionaries))});
}

Ddls create_configuration(const Object& configuration, const World&) {
  Ddls ddls = created(configuration, fmt::format("PARSER = {}", sql_names(value(configuration, "parser"))));
  for (const Mapping& mapping : mappings_of(configuration)) add_mapping(ddls, configuration, mapping);
  append_extras(ddls, configuration, spoken(configuration));
  return ddls;
}

std::optional<Ddls> alter_configuration(const Object& from, const Object& to, const World&) {
  if (!only_changed(from, to, {"mappings"})) return std::nullopt;
  const auto before = mappings_of(from), after = mappings_of(to);
  Ddls ddls;
  for (const Mapping& mapping : before)
    if (std::ranges::find(after, mapping) == after.end())
      ddls.push_back({.sql = fmt::format("ALTER TEXT SEARCH CONFIGURATION {} DROP MAPPING FOR {}",
                                         sql_name(to.id), sql_names(mapping.token))});
  for (const Mapping& mapping : after)
    if (std::ranges::find(before, mapping) == before.end()) add_mapping(ddls, to, mapping);
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

Ddls drop(const Object& object, const World&) {
  return {{.sql = fmt::format("DROP {} {}", word_of(object.id.kind), sql_name(object.id))}};
}

}  // namespace

const KindSql text_search_parser_sql{create_parser, alter_extras_only, drop};
const KindSql text_search_template_sql{create_template, alter_extras_only, drop};
const KindSql text_search_dictionary_sql{create_dictionary, alter_dictionary, drop};
const KindSql text_search_configuration_sql{create_configuration, alter_configuration, drop};

}  // namespace candor::catalog::kinds
