/// catalog/diff.h: effects: what turned one catalog into another.
#pragma once

#include <cstddef>
#include <cstdint>
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
  std::vector<Text> values;                 ///< added: the whole object
  std::vector<AttributeChange> attributes;  ///< altered: at least one
  friend bool operator==(const Effect&, const Effect&) = default;
};

/// The effects that turn `from` into `to`, ordered by identity. Every recorded attribute takes part.
std::vector<Effect> diff(const Catalog& from, const Catalog& to);

/// `from` with `effects` done. Errors of logic (adding what is there, dropping or altering what is not,
/// altering from another value) return nullopt.
std::optional<Catalog> apply(const Catalog& from, const std::vector<Effect>& effects);

/// The same for many sets of effects in a row, at a cost in proportion to the effects: a thousand migrations'
/// effects become one catalog, sorted once at the end.
class CatalogBuilder {
 public:
  explicit CatalogBuilder(int major = 0) : slots_(64, nothing), major_(major) {}
  explicit CatalogBuilder(const Catalog& from);
  /// False on an error of logic; what was built so far is then of no use.
  [[nodiscard]] bool apply(const std::vector<Effect>& effects);
  [[nodiscard]] Catalog build() &&;

 private:
  bool apply(const Effect& effect);
  /// The slot of `id`: it holds its place in objects_, or nothing yet.
  [[nodiscard]] std::size_t slot_of(const ObjectId& id) const;
  void add(Object object);
  void grow();

  static constexpr std::uint32_t nothing = UINT32_MAX;
  std::vector<Object> objects_;  ///< as they came, with those that were dropped since
  std::vector<bool> present_;    ///< of objects_: not dropped
  std::vector<std::uint32_t>
      slots_;  ///< a hash table of places in objects_, at most half full; a power of two
  int major_ = 0;
  std::vector<Unreadable> unreadable_;
};

}  // namespace candor::catalog
