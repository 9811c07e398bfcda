/// plan/renames.h: objects that go on under another name: the statements, and the catalog afterwards.
#pragma once

#include <vector>

#include "plan/plan.h"

namespace candor::plan {

/// What belongs to a table is renamed before the table, unless it is named by the table's new name.
std::vector<Rename> parts_first(std::vector<Rename> renames);

/// `renames`, and those that follow from them: a table's constraints, indexes and sequences that are the same
/// but for a name of their own ("users_pkey", "people_pkey").
std::vector<Rename> with_implied(const catalog::Catalog& from, const catalog::Catalog& to,
                                 const std::vector<Rename>& renames);

/// The statements, in one transaction.
Transaction rename_steps(const std::vector<Rename>& renames, const catalog::Catalog& from);

}  // namespace candor::plan
