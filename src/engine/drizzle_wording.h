/// engine/drizzle_wording.h: the words of a migration that drizzle-kit generated, for the snapshot after it.
///
/// A catalog tells expressions as PostgreSQL prints them, and does not tell whether the member of a key was
/// declared NOT NULL. A file that drizzle-kit wrote (jsonStatements and sqlgenerator.ts have few forms) still
/// has what schema.ts says. Other spellings than drizzle-kit's own are passed over.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace candor::engine::drizzle {

using Json = nlohmann::ordered_json;

/// `snapshot` with the words of `sql` for what is not in `was` as it is in `now`: checks, policies, views,
/// predicates and expressions of indexes, and of columns the type's spelling, default, expression and NOT
/// NULL. `was` and `now` are snapshot_of() the states before and after `sql`, `snapshot` is told from `now`.
/// What a later statement of `sql` drops or alters again keeps the words that it has.
Json take_wording(Json snapshot, const Json& was, const Json& now, std::string_view sql);

}  // namespace candor::engine::drizzle
