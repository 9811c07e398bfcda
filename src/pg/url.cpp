/// Connection strings: parsed by libpq, and shown without what is secret in them.
///
/// A password that was not percent-encoded ends up anywhere: `postgres://bob:a/b@host/db` is, to libpq, host
/// "bob", port "a" and database "b@host/db". So nothing that libpq quotes from a string it could not parse is
/// repeated, and a host or database name with an "@" in it is refused before it can appear in a message.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "pg/session.h"

namespace candor::pg {

namespace {

constexpr std::string_view encode_hint =
    "percent-encode special characters of the password (@ is %40, / is %2F, : is %3A, % is %25)";

bool is_uri(std::string_view url) {
  return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

/// A word that libpq would take for a database name.
bool is_plain_name(std::string_view url) {
  return url.find_first_of("=@:/") == std::string_view::npos;
}

bool is_keyword(std::string_view word) {
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> known(PQconndefaults(),
                                                                             &PQconninfoFree);
  for (const PQconninfoOption* option = known.get(); option != nullptr && option->keyword != nullptr;
       ++option) {
    if (word == option->keyword) return true;
  }
  return false;
}

/// A name of a URI's parameter may be shown when the string cannot be a misread password: no "@" behind its
/// "?".
bool is_parameter_name(std::string_view word, std::string_view url) {
  const std::size_t query = url.find('?');
  if (!is_uri(url) || query == std::string_view::npos || url.find('@', query) != std::string_view::npos)
    return false;
  return std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; }) &&
         url.substr(query).find(word) != std::string_view::npos;
}

/// libpq's message with everything that it quotes from the string replaced, unless it is a name that libpq
/// knows.
std::string redacted(std::string_view message, std::string_view url) {
  if (url.find('"') != std::string_view::npos) return "libpq cannot parse it";  // quotes would not be telling
  std::string shown;
  while (!message.empty()) {
    const std::size_t open = message.find('"');
    shown += message.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = message.find('"', open + 1);
    const std::string_view word =
        close == std::string_view::npos ? std::string_view() : message.substr(open + 1, close - open - 1);
    if (is_keyword(word) || word == "=" || is_parameter_name(word, url)) {
      shown += fmt::format("\"{}\"", word);
      message.remove_prefix(close + 1);
    } else {
      shown += "\"***\"";
      message.remove_prefix(close == std::string_view::npos ? message.size() : close + 1);
    }
  }
  while (!shown.empty() && shown.back() == '\n') shown.pop_back();
  return shown;
}

std::unexpected<Error> not_understood(std::string_view why, std::string_view hint) {
  return fail(codes::bad_url, fmt::format("the connection string is not understood: {}", why),
              std::string(hint));
}

/// True for a host or database name that looks like the rest of a password.
bool holds_misread_password(const UrlOption& option) {
  // A host that starts with "@" is a Unix socket in Linux's abstract namespace.
  return (option.keyword == "host" && option.value.find('@', 1) != std::string::npos) ||
         (option.keyword == "dbname" && option.value.find('@') != std::string::npos);
}

bool is_number_list(std::string_view ports) {
  return std::ranges::all_of(ports, [](char c) { return (c >= '0' && c <= '9') || c == ',' || c == ' '; });
}

Result<> check_values(const std::vector<UrlOption>& options, std::string_view url) {
  for (const UrlOption& option : options) {
    if (is_uri(url) && holds_misread_password(option)) {
      return not_understood(fmt::format("its {} holds an \"@\"", option.keyword), encode_hint);
    }
    if (option.keyword == "port" && !is_number_list(option.value)) {
      return not_understood("its port is not a number",
                            is_uri(url) ? encode_hint : "give the port as a number");
    }
    if (option.keyword == "dbname" && option.value.find("://") != std::string::npos) {
      return not_understood("its dbname is a URI", "give either a URI or key=value pairs");
    }
  }
  return {};
}

std::string_view hint_for(std::string_view message) {
  if (message.find("query parameter") != std::string_view::npos) {
    return "remove from the connection string what libpq does not know";
  }
  return "write it as postgresql://user@host:5432/database or host=… dbname=…; "
         "quote or percent-encode special characters of the password";
}

/// `text`, a part of a URI behind "?", with the values of secret parameters replaced.
std::string without_secret_parameters(std::string_view text, const std::vector<UrlOption>& options) {
  std::string shown;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    const std::string_view name = pair.substr(0, pair.find('='));
    const bool secret = std::ranges::any_of(
        options, [&](const UrlOption& option) { return option.secret && option.keyword == name; });
    // A percent-encoded name could be any name.
    shown +=
        secret || name.find('%') != std::string_view::npos ? fmt::format("{}=***", name) : std::string(pair);
    text.remove_prefix(pair.size());
    if (text.starts_with('&')) {
      shown += '&';
      text.remove_prefix(1);
    }
  }
  return shown;
}

std::string uri_without_password(std::string_view url, const std::vector<UrlOption>& options) {
  const std::size_t start = url.find("://") + 3;
  std::size_t rest = start;
  std::string shown(url.substr(0, start));
  // As libpq does: the user part ends at the first "@" that no "/" comes before.
  const std::size_t end = url.find_first_of("@/", start);
  if (end != std::string_view::npos && url[end] == '@') {
    const std::string_view user = url.substr(start, end - start);
    const std::size_t colon = user.find(':');
    shown += user.substr(0, colon);
    if (colon != std::string_view::npos) shown += ":***";
    rest = end;
  }
  const std::size_t query = url.find('?', rest);
  shown += url.substr(rest, query == std::string_view::npos ? query : query + 1 - rest);
  if (query != std::string_view::npos) shown += without_secret_parameters(url.substr(query + 1), options);
  return shown;
}

std::string quoted(const std::string& value) {
  if (!value.empty() && value.find_first_of(" '\\\t\n") == std::string::npos) return value;
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

}  // namespace

Result<std::vector<UrlOption>> parse_url(std::string_view url) {
  std::vector<UrlOption> options;
  if (url.empty()) return options;
  if (url.find('\0') != std::string_view::npos) return not_understood("it holds a NUL byte", "remove it");
  if (is_plain_name(url)) {
    options.push_back({.keyword = "dbname", .value = std::string(url)});
    return options;
  }
  if (!is_uri(url) && url.find("://") < url.find('=')) {
    return not_understood("it does not begin with postgresql://",
                          "write it as postgresql://user@host:5432/database");
  }

  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> parsed(
      PQconninfoParse(std::string(url).c_str(), &message), &PQconninfoFree);
  if (parsed == nullptr) {
    const std::unique_ptr<char, void (*)(void*)> owned(message, &PQfreemem);
    const std::string why = redacted(message != nullptr ? message : "out of memory", url);
    return not_understood(why, hint_for(why));
  }
  for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    options.push_back({.keyword = option->keyword,
                       .value = option->val,
                       .secret = std::string_view(option->dispchar) == "*"});
  }
  if (auto checked = check_values(options, url); !checked) return pass(checked);
  return options;
}

std::string without_password(std::string_view url) {
  const auto options = parse_url(url);
  if (!options) return "(connection string)";
  if (is_uri(url)) return uri_without_password(url, *options);
  if (is_plain_name(url)) return std::string(url);
  std::string shown;
  for (const UrlOption& option : *options) {
    if (!shown.empty()) shown += ' ';
    shown += fmt::format("{}={}", option.keyword, option.secret ? "***" : quoted(option.value));
  }
  return shown;
}

}  // namespace candor::pg
