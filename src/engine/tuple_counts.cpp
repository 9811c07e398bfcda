#include "engine/tuple_counts.h"

#include <fmt/format.h>

#include "catalog/draft.h"

namespace candor::engine {

namespace {

/// Every catalog that holds schema, bytewise. Left out: pg_depend and pg_shdepend (what they hold depends on
/// who owns the objects), pg_statistic and pg_statistic_ext_data (data), pg_init_privs, and what the cluster
/// shares but subscriptions. pg_publication_namespace came with 15: nothing is counted of it before.
constexpr CountedCatalog counted[] = {
    {"pg_aggregate", 2600},
    {"pg_am", 2601},
    {"pg_amop", 2602},
    {"pg_amproc", 2603},
    {"pg_attrdef", 2604},
    {"pg_attribute", 1249},
    {"pg_cast", 2605},
    {"pg_class", 1259},
    {"pg_collation", 3456},
    {"pg_constraint", 2606},
    {"pg_conversion", 2607},
    {"pg_default_acl", 826},
    {"pg_description", 2609},
    {"pg_enum", 3501},
    {"pg_event_trigger", 3466},
    {"pg_extension", 3079},
    {"pg_foreign_data_wrapper", 2328},
    {"pg_foreign_server", 1417},
    {"pg_foreign_table", 3118},
    {"pg_index", 2610},
    {"pg_inherits", 2611},
    {"pg_language", 2612},
    {"pg_namespace", 2615},
    {"pg_opclass", 2616},
    {"pg_operator", 2617},
    {"pg_opfamily", 2753},
    {"pg_partitioned_table", 3350},
    {"pg_policy", 3256},
    {"pg_proc", 1255},
    {"pg_publication", 6104},
    {"pg_publication_namespace", 6237},
    {"pg_publication_rel", 6106},
    {"pg_range", 3541},
    {"pg_rewrite", 2618},
    {"pg_seclabel", 3596},
    {"pg_sequence", 2224},
    {"pg_statistic_ext", 3381},
    {"pg_subscription", 6100},
    {"pg_transform", 3576},
    {"pg_trigger", 2620},
    {"pg_ts_config", 3602},
    {"pg_ts_config_map", 3603},
    {"pg_ts_dict", 3600},
    {"pg_ts_parser", 3601},
    {"pg_ts_template", 3764},
    {"pg_type", 1247},
    {"pg_user_mapping", 1418},
};

/// One array: what was inserted into each, updated in each, deleted from each.
std::string counts() {
  std::string oids, arrays;
  for (const auto& [name, oid] : counted) oids += fmt::format("{}{}", oids.empty() ? "" : ",", oid);
  for (const std::string_view what : {"inserted", "updated", "deleted"})
    arrays += fmt::format(
        "{}ARRAY(SELECT pg_catalog.pg_stat_get_xact_tuples_{}(c) FROM pg_catalog.unnest('{{{}}}'::pg_catalog.oid[])"
        " c)",
        arrays.empty() ? "" : " || ", what, oids);
  return arrays;
}

}  // namespace

std::span<const CountedCatalog> counted_catalogs() {
  return counted;
}

const std::string& tuple_counts_columns() {
  static const std::string columns = "pg_catalog.current_setting('track_counts') = 'on', " + counts();
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
  for (std::size_t i = 0; i < std::size(counted); ++i) {
    const auto difference = [&](std::size_t what) {
      const std::size_t at = what * std::size(counted) + i;
      return after.values[at] - before.values[at];
    };
    history::TupleCount count{std::string(counted[i].name), difference(0), difference(1), difference(2)};
    if (count.inserted != 0 || count.updated != 0 || count.deleted != 0) counts.push_back(std::move(count));
  }
  return counts;
}

}  // namespace candor::engine
