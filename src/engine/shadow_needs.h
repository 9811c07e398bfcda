/// engine/shadow_needs.h: what a history needs around it that an empty server has not: roles and extensions.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "history/migration.h"
#include "pg/connection.h"

namespace candor::engine {

class ShadowNeeds {
 public:
  explicit ShadowNeeds(pg::Connection& connection) : connection_(connection) {}

  /// Creates the roles that the migration's statements name and the server lacks; each is a notice C0414.
  Result<> create_roles(const history::Migration& migration, std::string_view text,
                        std::vector<Finding>& findings);

  /// A failure because of an extension that is not installed becomes C0412, naming the Debian package where
  /// known.
  [[nodiscard]] Error explain(Error error) const;

 private:
  Result<> know_roles();

  pg::Connection& connection_;
  std::set<std::string, std::less<>> roles_;
  bool known_ = false;
};

}  // namespace candor::engine
