/// plan/slice.h: the part of two catalogs that a plan between them is about.
///
/// To prove a plan its beginning has to be built on a server, and of a large schema most has nothing to do
/// with it: tables that no statement touches, that need nothing of what is touched, and that nothing of it
/// needs.
#pragma once

#include <cstddef>

#include "plan/plan.h"

namespace candor::plan {

struct Slice {
  catalog::Catalog from, to;
  std::size_t left_out = 0;  ///< objects of `from` that are not in the slice
};

/// Leaves out tables, views, sequences and statistics that `plan`, which makes `from` `to` by way of
/// `renames`, has nothing to do with. What it touches is there whole, with all that depends on it; of what
/// that needs, the tables are there with their columns. Functions, types and whatever else is no relation
/// stay.
Slice slice_of(const catalog::Catalog& from, const catalog::Catalog& to, const Plan& plan,
               const std::vector<Rename>& renames = {});

}  // namespace candor::plan
