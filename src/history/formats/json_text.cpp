#include "history/formats/json_text.h"

#include <fmt/format.h>

#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "sql/script.h"

namespace candor::history {
namespace {

using Json = nlohmann::json;

/// Builds nothing: looks for what nlohmann's own reader accepts in silence, and for where a fault is.
class Strictness : public nlohmann::json_sax<Json> {
 public:
  std::string fault;
  std::size_t at = 0;

  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }
  bool string(string_t& /*value*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
  bool start_object(std::size_t /*elements*/) override {
    keys_.emplace_back();
    return true;
  }
  bool end_object() override {
    keys_.pop_back();
    return true;
  }
  bool start_array(std::size_t /*elements*/) override { return true; }
  bool end_array() override { return true; }
  bool key(string_t& name) override {
    if (keys_.back().insert(name).second) return true;
    fault = fmt::format("the key \"{}\" stands twice in one object", printable(name));
    return false;
  }
  bool parse_error(std::size_t position, const std::string& last_token,
                   const nlohmann::detail::exception& /*reason*/) override {
    at = position > 0 ? position - 1 : 0;
    fault = last_token.empty() ? "it is not valid JSON" : "it is not valid JSON here";
    return false;
  }

 private:
  std::vector<std::set<std::string>> keys_;  ///< of the objects that are open
};

}  // namespace

Result<Json> read_json(const std::filesystem::path& path, std::string_view shown_as) {
  const auto text = read_file(path);
  if (!text) return std::unexpected(text.error());
  const auto refuse = [&](std::string_view what, std::size_t at, bool has_place) {
    Error error{.code = codes::journal_unusable,
                .message = fmt::format("{} cannot be used: {}", printable(shown_as), what),
                .hint = "restore the file from version control, or correct it"};
    if (has_place) error.where = sql::position_of(shown_as, *text, std::min(at, text->size()));
    return std::unexpected(std::move(error));
  };
  if (text->starts_with("\xEF\xBB\xBF")) return refuse("it begins with a byte-order mark", 0, false);
  std::size_t bad_at = 0;
  if (!is_valid_utf8(*text, &bad_at)) return refuse("it is not valid UTF-8", bad_at, false);
  Strictness strict;
  const bool sound = Json::sax_parse(*text, &strict);
  if (!sound) return refuse(strict.fault, strict.at, strict.at > 0);
  Json document = Json::parse(*text, nullptr, false);
  if (document.is_discarded()) return refuse("it is not valid JSON", 0, false);
  return document;
}

}  // namespace candor::history
