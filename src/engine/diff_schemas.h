/// engine/diff_schemas.h: what makes one schema another, planned and proven: `candor diff`.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/project.h"
#include "engine/prove_plan.h"
#include "engine/schema_source.h"
#include "plan/plan.h"

namespace candor::engine {

struct DiffOptions {
  plan::Options plan;
  std::vector<std::pair<std::string, std::string>> renames;  ///< "public.users.email", "public.users.mail"
  std::optional<int> server = std::nullopt;
};

struct SchemaDiff {
  catalog::Catalog from;
  catalog::Catalog to;
  plan::Plan plan;
  PlanProof proof;
  std::vector<plan::Rename> likely_renames;  ///< that were not given
  std::vector<Finding> findings;             ///< roles that a shadow needed
  double planning_ms = 0;                    ///< comparing and planning, without reading and proving
};

/// What two names mean: a rename of what `from` has and `to` has not, to what `to` has. Errors: C0001 there
/// is no such thing.
Result<plan::Rename> find_rename(const catalog::Catalog& from, const catalog::Catalog& to,
                                 const std::pair<std::string, std::string>& names);

/// Reads both, on one major: a database's, else `server`, else the lock's, else the newest found.
/// `project` may be null if neither source is a version. Errors: as read_source · C0602 a catalog that the
/// role may not read · C0106 two databases of different majors · C0001 a rename
/// of what is not there.
Result<SchemaDiff> diff_schemas(const SchemaSource& from, const SchemaSource& to, const Project* project,
                                const Settings& settings, const DiffOptions& options);

}  // namespace candor::engine
