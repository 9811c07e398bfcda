#include "history/formats/json_text.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <utility>
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
  std::map<std::string, std::string> texts;  ///< members of the outermost object

  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }
  bool string(string_t& value) override {
    if (keys_.size() == 1 && arrays_ == 0) texts.insert_or_assign(last_key_, std::move(value));
    return true;
  }
  bool binary(binary_t& /*value*/) override { return true; }
  bool start_object(std::size_t /*elements*/) override {
    keys_.emplace_back();
    return true;
  }
  bool end_object() override {
    keys_.pop_back();
    return true;
  }
  bool start_array(std::size_t /*elements*/) override {
    ++arrays_;
    return true;
  }
  bool end_array() override {
    --arrays_;
    return true;
  }
  bool key(string_t& name) override {
    if (keys_.size() == 1 && arrays_ == 0) last_key_ = name;
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
  std::string last_key_;                     ///< of the outermost object
  int arrays_ = 0;                           ///< that are open
};

/// The text of `path`, read by `strict`. Errors: C0004 · C0320.
Result<std::string> read_strictly(const std::filesystem::path& path, std::string_view shown_as,
                                  Strictness& strict) {
  auto text = read_file(path);
  if (!text) return text;
  const auto refuse = [&](std::string_view what, std::size_t at) {
    Error error{.code = codes::journal_unusable,
                .message = fmt::format("{} cannot be used: {}", printable(shown_as), what),
                .hint = "restore the file from version control, or correct it"};
    if (at > 0) error.where = sql::position_of(shown_as, *text, std::min(at, text->size()));
    return std::unexpected(std::move(error));
  };
  if (text->starts_with("\xEF\xBB\xBF")) return refuse("it begins with a byte-order mark", 0);
  if (!is_valid_utf8(*text)) return refuse("it is not valid UTF-8", 0);
  if (!Json::sax_parse(*text, &strict)) return refuse(strict.fault, strict.at);
  return text;
}

}  // namespace

Result<Json> read_json(const std::filesystem::path& path, std::string_view shown_as) {
  Strictness strict;
  auto text = read_strictly(path, shown_as, strict);
  if (!text) return pass(text);
  return Json::parse(*text, nullptr, false);  // it has been read once already
}

Result<std::map<std::string, std::string>> read_json_texts(const std::filesystem::path& path,
                                                           std::string_view shown_as) {
  Strictness strict;
  auto text = read_strictly(path, shown_as, strict);
  if (!text) return pass(text);
  return std::move(strict.texts);
}

}  // namespace candor::history
