/// catalog/fingerprint.h: SHA-256 over a catalog's canonical form; equal fingerprints mean equal schemas.
///
/// Canonical form: per object one line, "kind identity name=value …", with the attributes of Compare::always
/// that are set, values as words (base/quoted.h). The fingerprint is the SHA-256 of the objects' SHA-256, in
/// the order of their identities, so that a catalog that changed a little costs little. It says nothing of
/// the server's major: compare fingerprints of the same major only.
#pragma once

#include <string>
#include <vector>

#include "base/sha256.h"
#include "catalog/catalog.h"

namespace candor::catalog {

/// "sha256:" and 64 hexadecimal digits.
std::string fingerprint(const Catalog& catalog);

/// The line of the canonical form, without newline.
std::string canonical_line(const Object& object);

/// fingerprint() for catalogs that follow each other and share most objects: only objects that differ from
/// those of the call before are hashed.
class Fingerprinter {
 public:
  std::string operator()(const Catalog& catalog);
  /// How many objects the last call hashed.
  [[nodiscard]] std::size_t hashed() const { return hashed_; }

 private:
  struct Known {
    Object object;
    Digest digest;
  };
  std::vector<Known> known_;  ///< the last catalog's objects, in its order
  std::size_t hashed_ = 0;
};

}  // namespace candor::catalog
