#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

/// `label`: a literal or NULL. What is labelled the server printed as SQL has it: "table public.users".
Ddl set_label(const Object& label, const std::string& text) {
  return {.sql = fmt::format("SECURITY LABEL FOR {} ON {} IS {}", sql_name(label.id),
                             label.id.arguments.view(), text)};
}

Ddls create(const Object& label, const World&) {
  return {set_label(label, sql_literal(value(label, "label")))};
}

std::optional<Ddls> alter(const Object&, const Object& to, const World& world) {
  return create(to, world);
}

Ddls drop(const Object& label, const World&) {
  return {set_label(label, "NULL")};
}

void refer(const Object& label, const World&, References& references) {
  references.texts.push_back(label.id.arguments.view());
}

}  // namespace

const KindSql security_label_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
