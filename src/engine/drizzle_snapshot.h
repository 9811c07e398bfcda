/// engine/drizzle_snapshot.h: a catalog as a snapshot of Drizzle 0.x, meta/NNNN_snapshot.json, version 7.
///
/// The fields are those of drizzle-kit 0.31 (serializer/pgSchema.ts), their contents what generatePgSnapshot
/// and fromDatabase of serializer/pgSerializer.ts would write. Keys are single columns' `primaryKey` or
/// `compositePrimaryKeys`; a sequence that a column owns belongs to its serial or identity.
///
/// What a snapshot cannot say is not in it: functions, triggers, domains, exclusion constraints, the
/// expression of a virtual column, included columns of indexes, roles. A partitioned table is told as a
/// table, its partitions are not: schema.ts has no word for them. Printed expressions (checks, predicates,
/// policies, views) are the server's text, which another spelling in schema.ts differs from: keep_wording()
/// and take_wording() (drizzle_wording.h) are for that.
#pragma once

#include <nlohmann/json.hpp>

#include "catalog/catalog.h"

namespace candor::engine::drizzle {

using Json = nlohmann::ordered_json;

/// All of a snapshot but its id and prevId. Pure: equal catalogs give equal documents.
Json snapshot_of(const catalog::Catalog& catalog);

/// `now` in the words of a snapshot that drizzle-kit wrote. `was` and `now` are snapshot_of() two states,
/// `known` is drizzle-kit's own snapshot of the former. What did not change between the two states is told as
/// `known` tells it, as `drizzle-kit generate --custom` keeps it. What changed is told as in `now`. What was
/// there and `known` does not tell of stays untold: schema.ts has no word of it, and `generate` would drop
/// it.
Json keep_wording(Json now, const Json& was, const Json& known);

}  // namespace candor::engine::drizzle
