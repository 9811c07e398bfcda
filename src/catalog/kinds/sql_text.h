/// catalog/kinds/sql_text.h: pieces that the SQL of many kinds is made of.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/ddl.h"

namespace candor::catalog::kinds {

/// What quoted() wrote, one behind the other: "a", "it's".
std::vector<std::string> quoted_texts(std::string_view list);

/// "name "text", other hash:0123" as pairs, the texts without their quotes. Hashed ones keep the word.
struct NamedText {
  std::string name, text;
  bool hashed = false;
};
std::vector<NamedText> named_texts(std::string_view list);

/// The inside of OPTIONS (…) for a new object: what is only known as a hash is left out.
std::string foreign_options(std::string_view options);
/// " OPTIONS (…)", or nothing.
std::string options_clause(std::string_view options);
/// "ADD "a" 'x', SET "b" 'y', DROP "c"", or nothing.
std::string foreign_option_changes(std::string_view from, std::string_view to);
/// What to say where `options` holds hashes; empty: it holds none.
std::string hidden_options_hazard(const Object& object, std::string_view attribute);

/// "public.<|(public.pair, public.pair)" as OPERATOR(public.<|), without its arguments.
std::string operator_sql_name(std::string_view signature);
/// Appends `part`, with `separator` between it and what is there already.
void append_listed(std::string& list, std::string_view part, std::string_view separator = ", ");
/// ", KEY = value" for an attribute that is set.
void add_setting(std::string& list, const Object& object, std::string_view attribute, std::string_view key);
/// Of a list of named texts: those of `one` that the other has not, or has otherwise.
std::vector<NamedText> without_texts(const Object& one, const Object& other, std::string_view attribute);
/// COMMENT ON `word` relation.part for what differs in an attribute of comments.
void append_part_comments(Ddls& ddls, const Object& from, const Object& to, std::string_view attribute,
                          std::string_view word);
/// What differs in "grants_on_columns".
void append_part_grants(Ddls& ddls, const Object& from, const Object& to);
/// Alters by no more than owner, privileges and comment; nullopt: more differs.
std::optional<Ddls> alter_extras(const Object& from, const Object& to, const Spoken& spoken);
/// An object of `kind` that has only a name.
ObjectId only_named(Kind kind, std::string_view name);

}  // namespace candor::catalog::kinds
