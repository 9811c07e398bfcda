/// refinery: SipHash-1-3 over name, version and text. A late V, an edited file or one that is gone stops it.
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <charconv>
#include <memory>

#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {
    {"version", Type::number}, {"name", Type::text}, {"applied_on", Type::text}, {"checksum", Type::text}};

ForeignFields fields(const ForeignTable&) {
  return {.key = column("version"),
          .version = column("version"),
          .name = column("name"),
          .checksum = column("checksum"),
          .applied_at = column("applied_on"),
          .order = column("version")};
}

/// As Rust's DefaultHasher once was: key 0, result as a decimal number; empty if it cannot be computed.
std::string sip_hash(std::string_view bytes) {
  const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> method(EVP_MAC_fetch(nullptr, "SIPHASH", nullptr),
                                                                 &EVP_MAC_free);
  if (!method) return {};
  const std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> context(EVP_MAC_CTX_new(method.get()),
                                                                          &EVP_MAC_CTX_free);
  if (!context) return {};
  constexpr std::array<unsigned char, 16> key{};
  std::array<unsigned char, 8> digest{};
  unsigned int c_rounds = 1, d_rounds = 3;
  std::size_t size = digest.size();
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
                                   OSSL_PARAM_construct_uint(OSSL_MAC_PARAM_C_ROUNDS, &c_rounds),
                                   OSSL_PARAM_construct_uint(OSSL_MAC_PARAM_D_ROUNDS, &d_rounds),
                                   OSSL_PARAM_construct_end()};
  std::size_t written = 0;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): OpenSSL's bytes are unsigned
  const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
  if (EVP_MAC_init(context.get(), key.data(), key.size(), parameters) != 1 ||
      EVP_MAC_update(context.get(), data, bytes.size()) != 1 ||
      EVP_MAC_final(context.get(), digest.data(), &written, digest.size()) != 1)
    return {};
  std::uint64_t number = 0;
  for (std::size_t i = digest.size(); i-- > 0;) number = number << 8 | digest[i];
  return std::to_string(number);
}

/// Little-endian, of 4 bytes or (the feature int8-versions) 8.
std::string bytes_of(const std::string& digits, int size) {
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  std::string bytes;
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xFF);
  return bytes;
}

Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>&) {
  return files_with_text(history, [](const Migration& migration, std::string_view bytes) {
    const std::string base = basename_of(migration);
    const std::size_t separator = base.find("__");
    if (separator == std::string::npos || base.empty()) return ForeignFile{.name = base};
    const std::string digits = leading_digits(base.substr(1)), name = stem_of(base.substr(separator + 2));
    const auto hash = [&](int size) {
      return sip_hash(fmt::format("{}\xFF{}{}\xFF", name, bytes_of(digits, size), bytes));
    };
    return ForeignFile{.key = as_number(digits),
                       .version = digits,
                       .name = name,
                       .forms = {{"as it is", hash(4)}, {"as it is, with versions of 8 bytes", hash(8)}}};
  });
}

std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  const ForeignFile& file = marking.file();
  return {
      insert_once(marking.table, {number_value("version", file.key), text_value("name", file.name),
                                  sql_value("applied_on",
                                            "pg_catalog.to_char(pg_catalog.timezone('UTC', pg_catalog.now()),"
                                            " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"),
                                  text_value("checksum", file.forms.front().value)})};
}

}  // namespace

const ForeignTool refinery{.name = "refinery",
                           .title = "refinery",
                           .table = "refinery_schema_history",
                           .table_tells = true,
                           .columns = columns,
                           .exact = true,
                           .rules = {.late = LateFile::refused,
                                     .numeric = true,
                                     .missing_blocks = true,
                                     .edited_blocks = true,
                                     .bytes_count = true},
                           .fields = fields,
                           .files = files,
                           .mark = mark};

}  // namespace candor::history::ledgers
