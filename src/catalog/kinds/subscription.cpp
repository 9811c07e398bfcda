/// Where a subscription connects to is not read: the connection string holds a password, and only superusers
/// see it.
#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"publications"},
    {"disabled", Compare::notice},  // whether it runs is not the schema's
    {"slot"},
    {"synchronous_commit"},
    {"binary"},
    {"streaming"},  // left out: the major's own default, since 18 "parallel"
    {"two_phase"},
    {"disable_on_error"},
    {"password_not_required"},
    {"run_as_owner"},
    {"origin"},
    {"failover"},
    {"owner", Compare::configured},
    {"comment", Compare::configured},
};

constexpr Format formats[] = {as_list, as_flag, as_text, as_text, as_flag, as_text, as_flag,
                              as_flag, as_flag, as_flag, as_text, as_flag, as_text, as_text};

std::string sql(const Source& source) {
  // Before 14 only superusers may read the oid, which comments need, and the commit mode.
  const bool readable = source.version >= 140000;
  return fmt::format(
      "SELECT NULL, NULL, x.subname, NULL,"
      " ARRAY(SELECT u.u FROM pg_catalog.unnest(x.subpublications) u(u) ORDER BY u.u COLLATE \"C\"), NOT x.subenabled,"
      " CASE WHEN x.subslotname IS NULL THEN 'none' WHEN x.subslotname <> x.subname THEN x.subslotname END,"
      " {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {} FROM pg_catalog.pg_subscription x{}"
      " WHERE x.subdbid = (SELECT b.oid FROM pg_catalog.pg_database b WHERE b.datname = pg_catalog.current_database()){}",
      readable ? "CASE WHEN x.subsynccommit <> 'off' THEN x.subsynccommit END" : "NULL",
      readable ? "x.subbinary" : "false",
      source.version >= 180000   ? "CASE x.substream WHEN 't' THEN 'on' WHEN 'f' THEN 'off' END"
      : source.version >= 160000 ? "CASE x.substream WHEN 't' THEN 'on' WHEN 'p' THEN 'parallel' END"
      : readable                 ? "CASE WHEN x.substream THEN 'on' END"
                                 : "NULL",
      source.version >= 150000 ? "x.subtwophasestate <> 'd'" : "false",
      source.version >= 150000 ? "x.subdisableonerr" : "false",
      source.version >= 160000 ? "NOT x.subpasswordrequired" : "false",
      source.version >= 160000 ? "x.subrunasowner" : "false",
      source.version >= 160000 ? "CASE WHEN x.suborigin <> 'any' THEN x.suborigin END" : "NULL",
      source.version >= 170000 ? "x.subfailover" : "false", source.owner("x.subowner"),
      readable ? "d.description" : "NULL",
      readable ? source.comment("d", "pg_subscription", "x.oid") : std::string(), source.named("x.subname"));
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::subscription, formats, rows, draft);
}

}  // namespace

const KindSpec subscription{
    Kind::subscription, "subscription", Anchor::named, attributes, sql, Introduces::nothing, {}, build,
    &subscription_sql};

}  // namespace candor::catalog::kinds
