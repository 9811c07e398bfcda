/// history/formats/sums.h: the sums that other tools keep of their files.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace candor::history {

/// Lower-case hexadecimal. `algorithm`: "md5", "sha1", "sha256", "sha384"; of others nothing, which is no
/// file's sum.
std::string digest_hex(std::string_view algorithm, std::string_view bytes);
std::string base64(std::string_view bytes);
/// SHA-256 of a text that grows, read again and again.
class GrowingSha256 {
 public:
  GrowingSha256();
  ~GrowingSha256();
  GrowingSha256(const GrowingSha256&) = delete;
  GrowingSha256& operator=(const GrowingSha256&) = delete;
  void update(std::string_view bytes);
  /// Of all bytes so far, the raw 32.
  [[nodiscard]] std::string so_far() const;

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace candor::history
