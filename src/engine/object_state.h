/// engine/object_state.h: an object's state as one SQL expression over pg_catalog: for migrations that look
/// before they act.
#pragma once

#include <optional>
#include <string>

#include "catalog/object.h"

namespace candor::engine {

/// An expression of type text: null where there is no such object, else all that its kind's CREATE would say
/// of it. It means the same on every server whose search_path is pg_catalog. nullopt: kinds that are not
/// looked at in this way.
std::optional<std::string> state_expression(const catalog::ObjectId& id);

}  // namespace candor::engine
