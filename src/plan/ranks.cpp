#include "plan/ranks.h"

#include <charconv>

#include "catalog/ddl.h"

namespace candor::plan {

using catalog::Kind;
using catalog::Object;
using catalog::value;

int rank_of(const Object& object) {
  switch (object.id.kind) {
    case Kind::schema:
      return making;
    case Kind::extension:
      return making + 1;
    case Kind::enum_type:
    case Kind::domain:
    case Kind::composite_type:
    case Kind::range_type:
    case Kind::base_type:
      return making + 3;
    case Kind::sequence:
      return making + 5;
    case Kind::table:
    case Kind::foreign_table:
      return making + 6;
    case Kind::column:
      return making + 7;
    case Kind::function:
    case Kind::procedure:
    case Kind::aggregate:
      return making + 10;
    case Kind::view:
    case Kind::materialized_view:
      return making + 20;
    case Kind::index:
      return making + 30;
    case Kind::constraint:
      return value(object, "type") == "foreign_key" ? linking : making + 31;
    case Kind::statistics:
      return making + 32;
    case Kind::trigger:
    case Kind::policy:
    case Kind::rule:
    case Kind::publication:
    case Kind::subscription:
      return firing;
    case Kind::security_label:
    case Kind::default_privileges:
      return rights;
    case Kind::event_trigger:
      return rights + 1;
    default:
      return making + 12;
  }
}

int position_of(const Object& object) {
  if (object.id.kind != Kind::column) return 0;
  const std::string_view text = value(object, "position");
  int position = 0;
  std::from_chars(text.data(), text.data() + text.size(), position);
  return position;
}

}  // namespace candor::plan
