#include "catalog/kind.h"

#include <array>
#include <cstddef>

#include "catalog/kinds/kinds.h"

namespace candor::catalog {

namespace {

/// One row per kind, in building order: what introduces names comes before what refers to them.
constexpr std::array all{
    &kinds::schema,
    &kinds::extension,
    &kinds::enum_type,
    &kinds::domain,
    &kinds::composite_type,
    &kinds::range_type,
    &kinds::base_type,
    &kinds::table,
    &kinds::foreign_table,
    &kinds::view,
    &kinds::materialized_view,
    &kinds::sequence,
    &kinds::column,
    &kinds::index,
    &kinds::constraint,
    &kinds::trigger,
    &kinds::policy,
    &kinds::rule,
    &kinds::function,
    &kinds::procedure,
    &kinds::aggregate,
    &kinds::language,
    &kinds::access_method,
    &kinds::foreign_data_wrapper,
    &kinds::foreign_server,
    &kinds::user_mapping,
    &kinds::event_trigger,
    &kinds::publication,
    &kinds::subscription,
    &kinds::cast,
    &kinds::transform,
    &kinds::security_label,
    &kinds::default_privileges,
    &kinds::collation,
    &kinds::conversion,
    &kinds::operator_,
    &kinds::operator_family,
    &kinds::operator_class,
    &kinds::text_search_parser,
    &kinds::text_search_template,
    &kinds::text_search_dictionary,
    &kinds::text_search_configuration,
    &kinds::statistics,
};

/// The row of each kind, by its number.
const std::array<const KindSpec*, all.size()>& by_number() {
  static const auto table = [] {
    std::array<const KindSpec*, all.size()> rows{};
    for (const KindSpec* spec : all) rows[static_cast<std::size_t>(spec->kind)] = spec;
    return rows;
  }();
  return table;
}

}  // namespace

std::span<const KindSpec* const> all_kind_specs() {
  return all;
}

const KindSpec& spec_of(Kind kind) {
  return *by_number()[static_cast<std::size_t>(kind)];
}

std::string_view name_of(Kind kind) {
  return spec_of(kind).name;
}

std::span<const Attribute> attributes_of(Kind kind) {
  return spec_of(kind).attributes;
}

bool parse_kind(std::string_view name, Kind& kind) {
  for (const KindSpec* spec : by_number())
    if (spec->name == name) {
      kind = spec->kind;
      return true;
    }
  return false;
}

std::span<const Kind> relation_kinds() {
  static constexpr Kind kinds[] = {Kind::table, Kind::foreign_table, Kind::view, Kind::materialized_view,
                                   Kind::domain};
  return kinds;
}

std::span<const Kind> all_kinds() {
  static const auto kinds = [] {
    std::array<Kind, all.size()> list{};
    for (std::size_t i = 0; i < list.size(); ++i) list[i] = static_cast<Kind>(i);
    return list;
  }();
  return kinds;
}

}  // namespace candor::catalog
