/// catalog/catalog.h: a database's schema in memory: objects in canonical order.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "catalog/object.h"

namespace candor::catalog {

/// A kind whose catalog the role may not read. Never the same as "there are none".
struct Unreadable {
  Kind kind{};
  std::string reason;  ///< the server's message
};

/// A schema. Objects are sorted by identity; an identity occurs once.
class Catalog {
 public:
  Catalog() = default;
  /// Sorts `objects`. REQUIRES: no two have the same identity.
  explicit Catalog(std::vector<Object> objects, int major = 0);

  [[nodiscard]] const std::vector<Object>& objects() const { return objects_; }
  [[nodiscard]] std::size_t size() const { return objects_.size(); }
  [[nodiscard]] const Object* find(const ObjectId& id) const;

  /// The server major that printed the texts in here; 0: none is in here.
  int major = 0;
  std::vector<Unreadable> unreadable;

 private:
  std::vector<Object> objects_;
};

}  // namespace candor::catalog
