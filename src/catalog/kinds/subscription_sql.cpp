#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& subscription) {
  return {"SUBSCRIPTION", sql_name(subscription.id)};
}

/// What is said in WITH (…) and in SET (…) alike. What is not set has the value behind the key.
struct Setting {
  std::string_view attribute, key, otherwise;
  bool reversed = false;
};
constexpr Setting settings[] = {
    {"synchronous_commit", "synchronous_commit", "off"},
    {"binary", "binary", "false"},
    {"streaming", "streaming", ""},
    {"disable_on_error", "disable_on_error", "false"},
    {"password_not_required", "password_required", "true", true},
    {"run_as_owner", "run_as_owner", "false"},
    {"origin", "origin", "any"},
    {"failover", "failover", "false"},
};

std::string_view value_of(const Object& subscription, const Setting& setting, int major) {
  if (!is_set(subscription, setting.attribute))
    return !setting.otherwise.empty() ? setting.otherwise : major >= 18 ? "parallel" : "off";
  return setting.reversed ? "false" : value(subscription, setting.attribute);
}

/// Where it connects to is not recorded: it is made without connecting, and neither enabled nor with a slot.
Ddls create(const Object& subscription, const World& world) {
  std::string options = "connect = false";
  if (is_set(subscription, "slot"))
    options += fmt::format(", slot_name = {}", value(subscription, "slot") == "none"
                                                   ? "NONE"
                                                   : sql_literal(value(subscription, "slot")));
  for (const Setting& setting : settings)
    if (is_set(subscription, setting.attribute))
      options += fmt::format(", {} = {}", setting.key, value_of(subscription, setting, world.major));
  if (is_set(subscription, "two_phase")) options += ", two_phase = true";
  Ddls ddls{
      {.sql = fmt::format("CREATE SUBSCRIPTION {} CONNECTION '' PUBLICATION {} WITH ({})",
                          sql_name(subscription.id), sql_names(value(subscription, "publications")), options),
       .hazard = fmt::format("the connection of {} is not recorded: set it, create its slot and enable it",
                             describe(subscription.id))}};
  append_extras(ddls, subscription, spoken(subscription));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World& world) {
  if (changed(from, to, "two_phase")) return std::nullopt;
  // Of a slot that is there, the publisher is told.
  const bool slotless = value(from, "slot") == "none" || value(to, "slot") == "none";
  if (changed(from, to, "failover") && slotless) return std::nullopt;
  const std::string alter = fmt::format("ALTER SUBSCRIPTION {} ", sql_name(to.id));
  Ddls ddls;
  if (changed(from, to, "publications"))
    ddls.push_back({.sql = fmt::format("{}SET PUBLICATION {} WITH (refresh = false)", alter,
                                       sql_names(value(to, "publications")))});
  std::string options;
  for (const Setting& setting : settings)
    if (changed(from, to, setting.attribute))
      append_listed(options, fmt::format("{} = {}", setting.key, value_of(to, setting, world.major)));
  if (changed(from, to, "slot"))
    append_listed(options,
                  fmt::format("slot_name = {}", value(to, "slot") == "none" ? "NONE"
                                                : is_set(to, "slot")        ? sql_literal(value(to, "slot"))
                                                                     : sql_literal(to.id.name.view())));
  if (!options.empty()) ddls.push_back({.sql = fmt::format("{}SET ({})", alter, options)});
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

/// The publisher may be out of reach: its slot is left.
Ddls drop(const Object& subscription, const World&) {
  const std::string name = sql_name(subscription.id);
  return {{.sql = fmt::format("ALTER SUBSCRIPTION {} DISABLE", name)},
          {.sql = fmt::format("ALTER SUBSCRIPTION {} SET (slot_name = NONE)", name)},
          {.sql = fmt::format("DROP SUBSCRIPTION {}", name),
           .hazard = fmt::format("the replication slot of {} stays at the publisher: drop it there",
                                 describe(subscription.id))}};
}

void refer(const Object&, const World&, References&) {}

}  // namespace

const KindSql subscription_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
