#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"event"},
    {"function"},
    {"enabled"},  // left out when it fires as usual
    {"tags"},
    {"owner", Compare::configured},
    {"comment", Compare::configured},
};

constexpr Format formats[] = {as_text, as_text, as_text, as_sorted_texts, as_text, as_text};

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT NULL, NULL, x.evtname, NULL, x.evtevent, {},"
      " CASE x.evtenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END, x.evttags,"
      " {}, d.description FROM pg_catalog.pg_event_trigger x{} WHERE true{}{}",
      routine_name("x.evtfoid"), source.owner("x.evtowner"), source.comment("d", "pg_event_trigger", "x.oid"),
      source.named("x.evtname"), source.not_a_member("pg_event_trigger", "x.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::event_trigger, formats, rows, draft);
}

}  // namespace

const KindSpec event_trigger{
    Kind::event_trigger, "event_trigger", Anchor::named, attributes, sql, Introduces::nothing, {}, build,
    &event_trigger_sql};

}  // namespace candor::catalog::kinds
