#include "pg/recording.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "pg/fd.h"
#include "pg/identifier.h"
#include "pg/place.h"

namespace candor::pg {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* hba_name = "hba.conf";

/// The server's sockets are in a private directory; over TCP there is one role, with a password.
std::string hba_text(std::string_view role) {
  return fmt::format("local all all trust\nhost all {} 127.0.0.1/32 scram-sha-256\n", Identifier(role));
}

/// A port that was free just now: the server has to be told one.
Result<int> free_port() {
  const Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (!socket || ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    return system_failure("cannot find a free port on 127.0.0.1", errno);
  return ntohs(address.sin_port);
}

std::string text_of(const Json& line, const char* key) {
  const auto found = line.find(key);
  return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// "$1 = 'o''x', $2 = NULL": log_parameter_max_length says that they are whole.
Params read_parameters(std::string_view detail) {
  Params params;
  constexpr std::string_view head = "parameters: ";
  if (!detail.starts_with(head)) return params;
  detail.remove_prefix(head.size());
  while (detail.starts_with('$')) {
    const std::size_t equals = detail.find(" = ");
    if (equals == std::string_view::npos) break;
    detail.remove_prefix(equals + 3);
    if (detail.starts_with("NULL")) {
      params.emplace_back(std::nullopt);
      detail.remove_prefix(4);
    } else {
      std::string value;
      std::size_t at = 1;  // behind the quote
      for (; at < detail.size(); ++at) {
        if (detail[at] == '\'') {
          if (at + 1 >= detail.size() || detail[at + 1] != '\'') break;
          ++at;
        }
        value += detail[at];
      }
      params.emplace_back(std::move(value));
      detail.remove_prefix(std::min(at + 1, detail.size()));
    }
    if (detail.starts_with(", ")) detail.remove_prefix(2);
  }
  return params;
}

/// The statement's text behind "statement: " or "execute NAME: "; nothing for other messages.
std::optional<std::string> statement_of(const std::string& message) {
  constexpr std::string_view simple = "statement: ", extended = "execute ", fetch = "execute fetch from ";
  if (message.starts_with(simple)) return message.substr(simple.size());
  if (!message.starts_with(extended) || message.starts_with(fetch)) return std::nullopt;
  const std::size_t colon = message.find(": ", extended.size());
  return colon == std::string::npos ? std::nullopt : std::optional(message.substr(colon + 2));
}

class LogReader {
 public:
  LogReader(std::string_view database, std::string_view role) : database_(database), role_(role) {}

  void take(const Json& line) {
    if (text_of(line, "dbname") != database_ || text_of(line, "user") != role_) return;
    const std::string session = text_of(line, "session_id");
    const std::string severity = text_of(line, "error_severity");
    const std::string message = text_of(line, "message");
    if (severity == "ERROR" || severity == "FATAL" || severity == "PANIC") return failed(line, session);
    if (message.starts_with("disconnection:")) {
      statements.push_back({.session = session, .ended = true});
      running_.erase(session);
    } else if (auto text = statement_of(message)) {
      running_[session] = statements.size();
      statements.push_back(
          {.session = session, .text = std::move(*text), .params = read_parameters(text_of(line, "detail"))});
    }
  }

  std::vector<Recorded> statements;

 private:
  /// A statement that the server could not even parse or bind was not logged before.
  void failed(const Json& line, const std::string& session) {
    const std::string text = text_of(line, "statement");
    const auto running = running_.find(session);
    const bool logged =
        running != running_.end() && (text.empty() || statements[running->second].text == text);
    if (!logged) statements.push_back({.session = session, .text = text});
    Recorded& statement = logged ? statements[running->second] : statements.back();
    statement.sqlstate = text_of(line, "state_code");
    statement.error = text_of(line, "message");
    running_.erase(session);
  }

  std::string_view database_, role_;
  std::map<std::string, std::size_t> running_;  ///< the last statement of each session
};

}  // namespace

std::vector<std::string> recording_settings(const fs::path& runtime) {
  return {"hba_file=" + (runtime / hba_name).native(),
          "logging_collector=on",
          "log_destination=jsonlog",
          "log_directory=" + runtime.native(),
          "log_filename=recorded.log",
          "log_file_mode=0600",
          "log_rotation_age=0",
          "log_rotation_size=0",
          "log_statement=all",
          "log_min_duration_statement=-1",
          "log_duration=off",
          "log_parameter_max_length=-1",
          "log_parameter_max_length_on_error=-1",
          "log_disconnections=on",
          "log_min_messages=warning",
          "log_min_error_statement=error",
          "log_error_verbosity=default",
          "log_checkpoints=off",
          "lc_messages=C"};
}

Result<int> prepare_recording(const fs::path& runtime, std::string_view role,
                              const std::optional<Account>& account) {
  auto file = open_file(runtime / hba_name, O_WRONLY, account);
  if (!file) return pass(file);
  const std::string text = hba_text(role);
  if (::write(file->get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return system_failure("cannot write the server's hba.conf", errno);
  return free_port();
}

Result<std::vector<Recorded>> read_recording(const std::string& file, std::string_view database,
                                             std::string_view role) {
  auto text = FileText::open(file);
  if (!text) return pass(text);
  LogReader reader(database, role);
  std::string_view rest = text->view();
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty()) continue;
    const Json parsed = Json::parse(line, nullptr, false);
    if (!parsed.is_object())
      return fail(codes::recording_unreadable, "the server's record holds a line that is not JSON",
                  "run the same command again");
    reader.take(parsed);
  }
  return std::move(reader.statements);
}

}  // namespace candor::pg
