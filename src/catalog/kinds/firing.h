/// catalog/kinds/firing.h: what triggers and rules have in common: when they fire.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "catalog/ddl.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

inline ObjectId relation_of(const Object& part) {
  return {.kind = Kind::table, .schema = part.id.schema, .name = part.id.relation};
}

/// ALTER TABLE … DISABLE TRIGGER t, as the object's "enabled" says. `only`: not on partitions.
inline Ddl set_firing(const Object& part, std::string_view word, Lock lock, bool only = false) {
  const std::string_view enabled = value(part, "enabled");
  const std::string_view action = enabled == "disabled"  ? "DISABLE"
                                  : enabled == "replica" ? "ENABLE REPLICA"
                                  : enabled == "always"  ? "ENABLE ALWAYS"
                                                         : "ENABLE";
  return {.sql = fmt::format("ALTER TABLE {}{} {} {} {}", only ? "ONLY " : "", sql_relation(part.id), action,
                             word, pg::Identifier(part.id.name.view())),
          .lock = lock,
          .on = relation_of(part)};
}

}  // namespace candor::catalog::kinds
