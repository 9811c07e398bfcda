#include "history/formats/formats.h"

#include <algorithm>

#include "history/format.h"

namespace candor::history {

// Of equally sure formats the first one wins.
std::span<const Format* const> all_formats() {
  static constexpr const Format* formats[] = {
      &native,     &updown,    &drizzle, &drizzle_folders, &prisma,   &flyway, &golang_migrate,  &dbmate,
      &goose,      &diesel,    &sqlx,    &refinery,        &supabase, &hasura, &node_pg_migrate, &graphile,
      &postgrator, &liquibase, &sqitch,  &atlas,           &pop,      &rails};
  return formats;
}

const Format* find_format(std::string_view name) {
  const auto formats = all_formats();
  const auto at = std::ranges::find(formats, name, &Format::name);
  return at == formats.end() ? nullptr : *at;
}

}  // namespace candor::history
