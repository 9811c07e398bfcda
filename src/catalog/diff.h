/// catalog/diff.h: effects: what turned one catalog into another.
#pragma once

#include <optional>
#include <vector>

#include "catalog/catalog.h"

namespace candor::catalog {

enum class Change : char { added = '+', dropped = '-', altered = '~' };

struct AttributeChange {
  std::uint8_t attribute = 0;  ///< index into attributes_of(kind)
  Text from;
  Text to;
  friend bool operator==(const AttributeChange&, const AttributeChange&) = default;
};

/// One object added, dropped or altered.
struct Effect {
  Change change{};
  ObjectId id;
  std::vector<Text> values;               ///< added: the whole object
  std::vector<AttributeChange> attributes;  ///< altered: at least one
  friend bool operator==(const Effect&, const Effect&) = default;
};

/// The effects that turn `from` into `to`, ordered by identity. Every recorded attribute takes part.
std::vector<Effect> diff(const Catalog& from, const Catalog& to);

/// `from` with `effects` done. Errors of logic (altering what is not there) return nullopt.
std::optional<Catalog> apply(const Catalog& from, const std::vector<Effect>& effects);

}  // namespace candor::catalog
