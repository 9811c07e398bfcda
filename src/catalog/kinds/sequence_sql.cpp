#include <fmt/format.h>

#include "catalog/kinds/column_sql.h"
#include "catalog/kinds/kind_sql.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& sequence) {
  return {"SEQUENCE", sql_name(sequence.id)};
}

Ddl owned_by(const Object& sequence) {
  return {.sql = fmt::format(
              "ALTER SEQUENCE {} OWNED BY {}", sql_name(sequence.id),
              is_set(sequence, "owned_by") ? sql_names(value(sequence, "owned_by")) : std::string("NONE")),
          .lock = Lock::share_row_exclusive,
          .on = sequence.id,
          .late = is_set(sequence, "owned_by")};
}

/// An identity column makes its own sequence.
Ddls create(const Object& sequence, const World&) {
  Ddls ddls;
  const bool identity = is_set(sequence, "identity");
  if (!identity)
    ddls.push_back(
        {.sql = fmt::format("CREATE {}SEQUENCE {}{}", is_set(sequence, "unlogged") ? "UNLOGGED " : "",
                            sql_name(sequence.id), sequence_options(sequence, true))});
  append_extras(ddls, sequence, spoken(sequence));
  for (Ddl& ddl : ddls) ddl.late = identity;
  if (!identity && is_set(sequence, "owned_by")) ddls.push_back(owned_by(sequence));
  return ddls;
}

bool runs_down(const Object& sequence) {
  return value(sequence, "increment").starts_with('-');
}

std::string start_of(const Object& sequence) {
  if (is_set(sequence, "start")) return std::string(value(sequence, "start"));
  if (runs_down(sequence)) return is_set(sequence, "max") ? std::string(value(sequence, "max")) : "-1";
  return is_set(sequence, "min") ? std::string(value(sequence, "min")) : "1";
}

/// What differs, and what would be chosen anew because of it: where it runs the other way, its bounds.
std::string option_changes_of(const Object& from, const Object& to) {
  const bool turned = runs_down(from) != runs_down(to);
  std::string options;
  const auto change = [&](std::string_view attribute, std::string_view words, std::string_view otherwise) {
    const bool bound = attribute == "min" || attribute == "max";
    if (!changed(from, to, attribute) && !(turned && bound)) return;
    if (is_set(to, attribute))
      options += fmt::format(" {} {}", words, value(to, attribute));
    else
      options += fmt::format(" {}", otherwise);
  };
  change("type", "AS", "");
  change("increment", "INCREMENT BY", "INCREMENT BY 1");
  change("min", "MINVALUE", "NO MINVALUE");
  change("max", "MAXVALUE", "NO MAXVALUE");
  if (start_of(from) != start_of(to)) options += fmt::format(" START WITH {}", start_of(to));
  if (turned) options += " RESTART";
  change("cache", "CACHE", "CACHE 1");
  if (changed(from, to, "cycle")) options += is_set(to, "cycle") ? " CYCLE" : " NO CYCLE";
  return options;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World& world) {
  // The column's statements make, drop and rename it together with the identity.
  if (changed(from, to, "identity"))
    return is_set(to, "identity") ? std::nullopt : std::optional(create(to, world));
  Ddls ddls;
  if (const std::string options = option_changes_of(from, to); !options.empty())
    ddls.push_back({.sql = fmt::format("ALTER SEQUENCE {}{}", sql_name(to.id), options),
                    .lock = Lock::share_row_exclusive,
                    .on = to.id,
                    .hazard = runs_down(from) != runs_down(to)
                                  ? fmt::format("{} starts anew", describe(to.id))
                                  : std::string()});
  if (changed(from, to, "unlogged") && !is_set(to, "identity"))
    ddls.push_back({.sql = fmt::format("ALTER SEQUENCE {} SET {}", sql_name(to.id),
                                       is_set(to, "unlogged") ? "UNLOGGED" : "LOGGED"),
                    .lock = Lock::access_exclusive,
                    .on = to.id,
                    .rewrites = true});
  append_extra_changes(ddls, from, to, spoken(to));
  if (changed(from, to, "owned_by") && !is_set(to, "identity")) ddls.push_back(owned_by(to));
  return ddls;
}

Ddls drop(const Object& sequence, const World&) {
  if (is_set(sequence, "identity")) return {};
  return {{.sql = fmt::format("DROP SEQUENCE {}", sql_name(sequence.id)),
           .lock = Lock::access_exclusive,
           .on = sequence.id,
           .hazard = fmt::format("drops {}: its value is lost", describe(sequence.id))}};
}

void refer(const Object& sequence, const World&, References& references) {
  references.late.push_back(value(sequence, "owned_by"));
}

}  // namespace

const KindSql sequence_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
