/// plan/view_stub.h: objects made in two steps, where a circle of dependencies leaves no other way.
#pragma once

#include <optional>

#include "catalog/ddl.h"

namespace candor::plan {

struct Parts {
  catalog::Ddls first, rest;
};

/// A view of NULLs with the same columns, then the query. `whole` are the statements that create it.
std::optional<Parts> split_view(const catalog::Object& view, const catalog::Ddls& whole);
/// A table without its defaults, then the defaults. nullopt: it has none.
std::optional<Parts> split_defaults(const catalog::Object& table, const catalog::World& world);

}  // namespace candor::plan
