#include <fmt/format.h>

#include <algorithm>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& type) {
  return {"TYPE", sql_name(type.id)};
}

std::vector<std::string> labels_of(const Object& type) {
  return quoted_texts(value(type, "labels"));
}

Ddls create(const Object& type, const World&) {
  std::string list;
  for (const std::string& label : labels_of(type)) {
    if (!list.empty()) list += ", ";
    list += sql_literal(label);
  }
  Ddls ddls{{.sql = fmt::format("CREATE TYPE {} AS ENUM ({})", sql_name(type.id), list)}};
  append_extras(ddls, type, spoken(type));
  return ddls;
}

/// Labels can be added, anywhere; nothing else can be done to them.
std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  const auto before = labels_of(from), after = labels_of(to);
  Ddls ddls;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (kept < before.size() && before[kept] == after[i]) {
      ++kept;
      continue;
    }
    if (std::ranges::find(before, after[i]) != before.end()) return std::nullopt;
    std::string place;
    if (kept < before.size()) place = " BEFORE " + sql_literal(before[kept]);
    Ddl add{.sql = fmt::format("ALTER TYPE {} ADD VALUE {}{}", sql_name(to.id), sql_literal(after[i]), place),
            .lock = Lock::exclusive,
            .on = to.id};
    add.commits = true;
    add.reason = "a new value can be used only once its transaction is committed";
    ddls.push_back(std::move(add));
  }
  if (kept != before.size()) return std::nullopt;
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

Ddls drop(const Object& type, const World&) {
  return {{.sql = fmt::format("DROP TYPE {}", sql_name(type.id))}};
}

void refer(const Object&, const World&, References&) {}

}  // namespace

const KindSql enum_type_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
