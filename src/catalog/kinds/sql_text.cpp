#include "catalog/kinds/sql_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/quoted.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

std::vector<std::string> quoted_texts(std::string_view list) {
  std::vector<std::string> texts;
  std::string scratch;
  std::string_view text;
  while (take_quoted(list, scratch, text)) {
    texts.emplace_back(text);
    if (list.starts_with(", ")) list.remove_prefix(2);
  }
  return texts;
}

std::vector<NamedText> named_texts(std::string_view list) {
  std::vector<NamedText> pairs;
  std::string scratch;
  std::string_view word;
  const auto take = [&](std::string_view ends) {
    if (take_quoted(list, scratch, word)) return std::string(word);
    std::string bare(list.substr(0, list.find_first_of(ends)));
    list.remove_prefix(bare.size());
    return bare;
  };
  while (!list.empty()) {
    NamedText pair;
    pair.name = take(" ");
    if (!list.empty()) list.remove_prefix(1);
    pair.hashed = list.starts_with("hash:");
    pair.text = take(",");
    pairs.push_back(std::move(pair));
    while (list.starts_with(',') || list.starts_with(' ')) list.remove_prefix(1);
  }
  return pairs;
}

namespace {

const NamedText* find(const std::vector<NamedText>& options, const std::string& name) {
  const auto found = std::ranges::find(options, name, &NamedText::name);
  return found == options.end() ? nullptr : &*found;
}

}  // namespace

std::string foreign_options(std::string_view options) {
  std::string list;
  for (const NamedText& option : named_texts(options))
    if (!option.hashed)
      append_listed(list, fmt::format("{} {}", pg::Identifier(option.name), sql_literal(option.text)));
  return list;
}

std::string options_clause(std::string_view options) {
  const std::string list = foreign_options(options);
  return list.empty() ? list : fmt::format(" OPTIONS ({})", list);
}

std::string foreign_option_changes(std::string_view from, std::string_view to) {
  const auto before = named_texts(from), after = named_texts(to);
  std::string list;
  for (const NamedText& option : before)
    if (find(after, option.name) == nullptr)
      append_listed(list, fmt::format("DROP {}", pg::Identifier(option.name)));
  for (const NamedText& option : after) {
    const NamedText* const old = find(before, option.name);
    if (option.hashed || (old != nullptr && old->text == option.text)) continue;
    append_listed(list, fmt::format("{} {} {}", old == nullptr ? "ADD" : "SET", pg::Identifier(option.name),
                                    sql_literal(option.text)));
  }
  return list;
}

std::string hidden_options_hazard(const Object& object, std::string_view attribute) {
  const auto options = named_texts(value(object, attribute));
  if (std::ranges::none_of(options, &NamedText::hashed)) return {};
  return fmt::format("secret options of {} are recorded as hashes only: set them by hand",
                     describe(object.id));
}

std::string operator_sql_name(std::string_view signature) {
  const std::string_view name = signature.substr(0, signature.find('('));
  const bool qualified = name.find('.') != std::string_view::npos;
  return fmt::format("OPERATOR({}{})", qualified ? "" : "pg_catalog.", name);
}

void append_listed(std::string& list, std::string_view part, std::string_view separator) {
  if (!list.empty()) list += separator;
  list += part;
}

void add_setting(std::string& list, const Object& object, std::string_view attribute, std::string_view key) {
  if (is_set(object, attribute)) append_listed(list, fmt::format("{} = {}", key, value(object, attribute)));
}

std::vector<NamedText> without_texts(const Object& one, const Object& other, std::string_view attribute) {
  auto texts = named_texts(value(one, attribute));
  const auto others = named_texts(value(other, attribute));
  std::erase_if(texts, [&](const NamedText& text) {
    const NamedText* const same = find(others, text.name);
    return same != nullptr && same->text == text.text;
  });
  return texts;
}

void append_part_comments(Ddls& ddls, const Object& from, const Object& to, std::string_view attribute,
                          std::string_view word) {
  const auto after = named_texts(value(to, attribute));
  const auto comment = [&](const NamedText& part, const std::string& text) {
    ddls.push_back({.sql = fmt::format("COMMENT ON {} {}.{} IS {}", word, sql_name(to.id),
                                       pg::Identifier(part.name), text)});
  };
  for (const NamedText& part : without_texts(from, to, attribute))
    if (find(after, part.name) == nullptr) comment(part, "NULL");
  for (const NamedText& part : without_texts(to, from, attribute)) comment(part, sql_literal(part.text));
}

void append_part_grants(Ddls& ddls, const Object& from, const Object& to) {
  const auto column = [&](const Object& view, const std::string& name) {
    Object object{
        {.kind = Kind::column, .schema = view.id.schema, .relation = view.id.name, .name = Text(name)},
        std::vector<Text>(attributes_of(Kind::column).size())};
    if (const auto texts = named_texts(value(view, "grants_on_columns")); find(texts, name) != nullptr)
      set_value(object, "grants", find(texts, name)->text);
    return object;
  };
  std::vector<std::string> names;
  for (const Object* const view : {&from, &to})
    for (const NamedText& part : named_texts(value(*view, "grants_on_columns")))
      if (std::ranges::find(names, part.name) == names.end()) names.push_back(part.name);
  for (const std::string& name : names) {
    const std::string quoted_name = pg::Identifier(name).sql();
    append_extra_changes(ddls, column(from, name), column(to, name),
                         {.word = "COLUMN",
                          .name = quoted_name,
                          .grant_word = "TABLE",
                          .grant_name = sql_name(to.id),
                          .columns = fmt::format("({})", quoted_name)});
  }
}

std::optional<Ddls> alter_extras(const Object& from, const Object& to, const Spoken& spoken) {
  if (!only_changed(from, to, {})) return std::nullopt;
  Ddls ddls;
  append_extra_changes(ddls, from, to, spoken);
  return ddls;
}

ObjectId only_named(Kind kind, std::string_view name) {
  return {.kind = kind, .name = Text(name)};
}

}  // namespace candor::catalog::kinds
