#include "engine/tuple_counts.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "catalog/draft.h"

namespace candor::engine {

namespace {

/// Every catalog that holds schema, bytewise. Left out: pg_depend and pg_shdepend (what they hold depends on
/// who owns the objects), pg_statistic and pg_statistic_ext_data (data), pg_init_privs, and what the cluster
/// shares but subscriptions. pg_publication_namespace came with 15.
constexpr std::array<std::string_view, 47> catalogs{"pg_aggregate",
                                                    "pg_am",
                                                    "pg_amop",
                                                    "pg_amproc",
                                                    "pg_attrdef",
                                                    "pg_attribute",
                                                    "pg_cast",
                                                    "pg_class",
                                                    "pg_collation",
                                                    "pg_constraint",
                                                    "pg_conversion",
                                                    "pg_default_acl",
                                                    "pg_description",
                                                    "pg_enum",
                                                    "pg_event_trigger",
                                                    "pg_extension",
                                                    "pg_foreign_data_wrapper",
                                                    "pg_foreign_server",
                                                    "pg_foreign_table",
                                                    "pg_index",
                                                    "pg_inherits",
                                                    "pg_language",
                                                    "pg_namespace",
                                                    "pg_opclass",
                                                    "pg_operator",
                                                    "pg_opfamily",
                                                    "pg_partitioned_table",
                                                    "pg_policy",
                                                    "pg_proc",
                                                    "pg_publication",
                                                    "pg_publication_namespace",
                                                    "pg_publication_rel",
                                                    "pg_range",
                                                    "pg_rewrite",
                                                    "pg_seclabel",
                                                    "pg_sequence",
                                                    "pg_statistic_ext",
                                                    "pg_subscription",
                                                    "pg_transform",
                                                    "pg_trigger",
                                                    "pg_ts_config",
                                                    "pg_ts_config_map",
                                                    "pg_ts_dict",
                                                    "pg_ts_parser",
                                                    "pg_ts_template",
                                                    "pg_type",
                                                    "pg_user_mapping"};

}  // namespace

const std::string& tuple_counts_columns() {
  static const std::string columns = [] {
    std::string counts;
    for (const std::string_view catalog : catalogs)
      for (const std::string_view what : {"inserted", "updated", "deleted"})
        counts += fmt::format(
            "{}coalesce(pg_catalog.pg_stat_get_xact_tuples_{}(pg_catalog.to_regclass('pg_catalog.{}')), 0)",
            counts.empty() ? "" : ", ", what, catalog);
    return "pg_catalog.current_setting('track_counts') = 'on', ARRAY[" + counts + "]";
  }();
  return columns;
}

const pg::Prepared& tuple_counts_query() {
  static const pg::Prepared query{"candor_tuples", "SELECT " + tuple_counts_columns()};
  return query;
}

TupleCounters read_tuple_counters(const pg::Rows& rows) {
  return {rows.flag(0, 0), catalog::parse_numbers(rows.at(0, 1))};
}

std::optional<std::vector<history::TupleCount>> written_between(const TupleCounters& before,
                                                                const TupleCounters& after) {
  if (!before.tracked || !after.tracked) return std::nullopt;
  std::vector<history::TupleCount> counts;
  for (std::size_t i = 0; i < catalogs.size(); ++i) {
    const auto difference = [&](std::size_t what) {
      return after.values[3 * i + what] - before.values[3 * i + what];
    };
    history::TupleCount count{std::string(catalogs[i]), difference(0), difference(1), difference(2)};
    if (count.inserted != 0 || count.updated != 0 || count.deleted != 0) counts.push_back(std::move(count));
  }
  return counts;
}

}  // namespace candor::engine
