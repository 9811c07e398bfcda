#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"parser"},
    {"mappings"},  // "asciiword: app.synonyms, english_stem; word: simple"
    {"owner", Compare::configured},
    {"comment", Compare::configured},
};

/// Of each token's dictionaries: token, schema, name.
std::string mappings(std::string_view cell) {
  const auto parts = pg::parse_array(cell);
  std::string text, token;
  for (std::size_t i = 0; i + 2 < parts.size(); i += 3) {
    if (i > 0) text += parts[i] == token ? ", " : "; ";
    if (parts[i] != token) text += identifier(parts[i]) + ": ";
    token = parts[i];
    text += qualified(parts[i + 1], parts[i + 2]);
  }
  return text;
}

constexpr Format formats[] = {as_name, mappings, as_text, as_text};

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT n.nspname, NULL, x.cfgname, NULL, {},"
      " ARRAY(SELECT part.v FROM pg_catalog.pg_ts_config_map m"
      "  JOIN pg_catalog.ts_token_type(x.cfgparser) k ON k.tokid = m.maptokentype"
      "  JOIN pg_catalog.pg_ts_dict y ON y.oid = m.mapdict JOIN pg_catalog.pg_namespace yn ON yn.oid = y.dictnamespace,"
      "  LATERAL (VALUES (1, k.alias), (2, yn.nspname::pg_catalog.text), (3, y.dictname::pg_catalog.text)) part(i, v)"
      "  WHERE m.mapcfg = x.oid ORDER BY m.maptokentype, m.mapseqno, part.i),"
      " {}, d.description FROM {} JOIN pg_catalog.pg_ts_parser t ON t.oid = x.cfgparser"
      " JOIN pg_catalog.pg_namespace tn ON tn.oid = t.prsnamespace{} WHERE true{}",
      name_array("tn.nspname", "t.prsname"), source.owner("x.cfgowner"),
      source.in_schemas("pg_ts_config", "x", "cfgnamespace", "cfgname"),
      source.comment("d", "pg_ts_config", "x.oid"), source.not_a_member("pg_ts_config", "x.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::text_search_configuration, formats, rows, draft);
}

}  // namespace

const KindSpec text_search_configuration{Kind::text_search_configuration,
                                         "text_search_configuration",
                                         Anchor::qualified,
                                         attributes,
                                         sql,
                                         Introduces::nothing,
                                         {},
                                         build,
                                         &text_search_configuration_sql};

}  // namespace candor::catalog::kinds
