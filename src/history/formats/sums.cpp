#include "history/formats/sums.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

namespace candor::history {

std::string digest_hex(std::string_view algorithm, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const EVP_MD* const method = EVP_get_digestbyname(std::string(algorithm).c_str());
  if (method == nullptr || EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, method, nullptr) != 1)
    return {};
  std::string text;
  for (unsigned int i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

struct GrowingSha256::Context {
  EVP_MD_CTX* hash = EVP_MD_CTX_new();
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { EVP_MD_CTX_free(hash); }
};

GrowingSha256::GrowingSha256() : context_(std::make_unique<Context>()) {
  EVP_DigestInit_ex(context_->hash, EVP_sha256(), nullptr);
}

GrowingSha256::~GrowingSha256() = default;

void GrowingSha256::update(std::string_view bytes) {
  EVP_DigestUpdate(context_->hash, bytes.data(), bytes.size());
}

std::string GrowingSha256::so_far() const {
  const Context copy;
  EVP_MD_CTX_copy_ex(copy.hash, context_->hash);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(copy.hash, digest.data(), &size);
  return {digest.begin(), digest.begin() + size};
}

}  // namespace candor::history
