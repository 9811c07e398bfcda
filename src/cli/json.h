/// cli/json.h: what --json prints: one document per command. docs/json.md is its description for users.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "catalog/compare.h"
#include "catalog/diff.h"
#include "engine/apply.h"
#include "engine/verify.h"

namespace candor::cli {

using Json = nlohmann::ordered_json;

Json to_json(const Error& error);
Json to_json(const Finding& finding);
Json to_json(const catalog::Difference& difference);
Json to_json(const catalog::Effect& effect);
Json to_json(const engine::Applied& applied);
/// Verdict, counts, differences, and each migration's state.
Json to_json(const engine::Verification& verification);

/// "true", "differs", "unproven".
std::string_view to_string(catalog::Verdict verdict);

template <class T>
Json to_json(const std::vector<T>& items) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(to_json(item));
  return list;
}

/// The whole document: the fields that all commands share, then the command's own.
struct Document {
  std::string_view command;  ///< empty: the command line was not understood
  int exit = 0;
  const Error* error = nullptr;
  const std::vector<Finding>* findings = nullptr;
  const Json* fields = nullptr;
};
/// One line. Bytes that are not UTF-8 become U+FFFD.
std::string serialise(const Document& document);

}  // namespace candor::cli
