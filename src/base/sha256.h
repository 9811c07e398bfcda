/// base/sha256.h: SHA-256 (OpenSSL EVP), for checksums, chains and fingerprints.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace candor {

using Digest = std::array<unsigned char, 32>;

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void update(std::string_view bytes);
  /// The digest of all updates; the object then starts anew.
  Digest finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

Digest sha256(std::string_view bytes);
/// 64 lower-case hexadecimal digits.
std::string hex(const Digest& digest);

}  // namespace candor
