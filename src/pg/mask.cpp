#include "pg/mask.h"

#include <algorithm>
#include <cctype>

namespace candor::pg {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

/// Where the value behind "password =" begins; npos: there is none.
std::size_t password_in(std::string_view line) {
  const std::string text = lower(line);
  for (std::size_t at = text.find("password"); at != std::string::npos; at = text.find("password", at + 1)) {
    const std::size_t sign = text.find_first_not_of(" \t", at + 8);
    if (sign != std::string::npos && (text[sign] == '=' || text[sign] == ':')) return sign + 1;
  }
  return std::string::npos;
}

}  // namespace

std::string mask_passwords(std::string_view line) {
  std::string shown(line);
  if (const std::size_t scheme = shown.find("://"); scheme != std::string::npos) {
    const std::size_t colon = shown.find(':', scheme + 3);
    const std::size_t end = shown.rfind('@');
    if (colon != std::string::npos && end != std::string::npos && colon < end)
      shown.replace(colon + 1, end - colon - 1, "***");
  }
  if (const std::size_t value = password_in(shown); value != std::string::npos)
    shown.replace(value, std::string::npos, "***");
  return shown;
}

}  // namespace candor::pg
