#include "engine/capture.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "base/counted.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "engine/capture_proof.h"
#include "engine/shadow.h"
#include "pg/identifier.h"
#include "pg/literal.h"
#include "pg/recording.h"

namespace candor::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr const char* program_database = "capture";
constexpr std::string_view mark_head = "end of what candor recorded ";
constexpr milliseconds patience{10000};
constexpr milliseconds pause{20};

std::string random_password() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

/// As the program's role.
std::string as_program(const std::string& url, const std::string& role) {
  return fmt::format("{} user={}", url, role);
}

/// Ours: the server's superuser, whose statements are the program's where the program is to be that one.
constexpr std::string_view server_superuser = "postgres";
constexpr const char* recorder = "candor_recorder";

std::string own(const std::string& url, const CaptureOptions& options) {
  return options.role == server_superuser ? as_program(url, recorder) : url;
}

/// A database for the program's role, which may do what an application's owner may: everything in its
/// database, not on the server. The role may be one that setup makes.
Result<> prepare(const pg::Cluster& cluster, const CaptureOptions& options, const std::string& password) {
  auto admin = pg::Connection::open({.url = cluster.url("postgres")});
  if (!admin) return pass(admin);
  const bool is_superuser = options.superuser || options.role == server_superuser;
  if (auto made = admin->query(fmt::format("CREATE ROLE {} LOGIN SUPERUSER", recorder)); !made)
    return failed("preparing the recording", made);
  const pg::Identifier role(options.role), database(program_database);
  auto made = admin->query(fmt::format("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", database));
  if (!made) return failed("preparing the recording", made);
  if (options.setup) {
    auto connection = pg::Connection::open({.url = own(cluster.url(program_database), options)});
    if (!connection) return pass(connection);
    if (auto ran = run_setup(*connection, *options.setup); !ran) return ran;
  }
  auto there = admin->query("SELECT FROM pg_catalog.pg_roles WHERE rolname = $1", {options.role});
  if (!there) return failed("preparing the recording", there);
  const std::string statements[] = {
      fmt::format("{} ROLE {} LOGIN CREATEROLE CREATEDB {}SUPERUSER PASSWORD {}",
                  there->empty() ? "CREATE" : "ALTER", role, is_superuser ? "" : "NO", pg::literal(password)),
      fmt::format("ALTER DATABASE {} OWNER TO {}", database, role)};
  for (const std::string& statement : statements)
    if (auto ran = admin->query(statement); !ran) return failed("preparing the recording", ran);
  return {};
}

VolatileAmong volatile_in(pg::Connection& connection) {
  return [&connection](const std::set<std::string>& names) -> Result<std::set<std::string>> {
    // Those that only give a value, or take a lock that ends with the program. What is unknown is kept.
    static const std::set<std::string> harmless = {"random",
                                                   "clock_timestamp",
                                                   "timeofday",
                                                   "gen_random_uuid",
                                                   "txid_current",
                                                   "pg_backend_pid",
                                                   "pg_advisory_lock",
                                                   "pg_try_advisory_lock",
                                                   "pg_advisory_unlock",
                                                   "pg_advisory_xact_lock",
                                                   "pg_try_advisory_xact_lock",
                                                   "pg_advisory_unlock_all"};
    auto rows = connection.query(
        "SELECT DISTINCT name FROM pg_catalog.unnest($1::text[]) name WHERE NOT EXISTS "
        "(SELECT FROM pg_catalog.pg_proc p WHERE p.proname = name AND p.provolatile <> 'v') OR EXISTS "
        "(SELECT FROM pg_catalog.pg_proc p WHERE p.proname = name AND p.provolatile = 'v')",
        {pg::array_literal({names.begin(), names.end()})});
    if (!rows) return pass(rows);
    std::set<std::string> found;
    for (int i = 0; i < rows->size(); ++i)
      if (std::string name(rows->at(i, 0)); !harmless.contains(name)) found.insert(std::move(name));
    return found;
  };
}

Result<> drop_tracking(pg::Connection& copy, const Cutting& cutting) {
  for (const auto& [schema, table] : cutting.tracking) {
    auto found = copy.query(
        "SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relname = $1 AND c.relkind IN ('r', 'p') AND ($2 = '' OR n.nspname = $2) "
        "AND n.nspname NOT LIKE 'pg\\_%'",
        {table, schema});
    if (!found) return pass(found);
    for (int i = 0; i < found->size(); ++i)
      if (auto dropped = copy.query(
              fmt::format("DROP TABLE {}.{}", pg::Identifier(found->at(i, 0)), pg::Identifier(table)));
          !dropped)
        return failed("leaving out the program's own table", dropped);
  }
  return {};
}

}  // namespace

Capture::Capture(CaptureOptions options, pg::Cluster cluster, pg::Connection admin, std::string password)
    : options_(std::move(options)),
      cluster_(std::move(cluster)),
      admin_(std::move(admin)),
      password_(std::move(password)) {}

Result<Capture> Capture::start(const CaptureOptions& options) {
  auto cluster = pg::Cluster::start({.major = options.server, .recorded_role = options.role});
  if (!cluster) return failed("starting a server that records", cluster);
  std::string password = random_password();
  if (auto prepared = prepare(*cluster, options, password); !prepared) return pass(prepared);
  auto admin = pg::Connection::open({.url = own(cluster->url("postgres"), options)});
  if (!admin) return pass(admin);
  return Capture(options, std::move(*cluster), std::move(*admin), std::move(password));
}

std::string Capture::url() const {
  return fmt::format("postgres://{}:{}@127.0.0.1:{}/{}", options_.role, password_, cluster_.port(),
                     program_database);
}

/// The program's database is nobody's any more: it can be copied.
Result<> Capture::wait_for_no_session(steady_clock::time_point deadline) {
  while (true) {
    auto sessions = admin_.query(
        "SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity WHERE datname = $1", {program_database});
    if (!sessions) return pass(sessions);
    if (sessions->number(0, 0) == 0) return {};
    if (steady_clock::now() > deadline)
      return fail(codes::nothing_recorded, "the program has ended and its sessions have not",
                  "let the program close its connections, and wait for what it started");
    std::this_thread::sleep_for(pause);
  }
}

/// The server writes its log in the order of arrival: once a last statement of ours stands in it, all do.
Result<> Capture::wait_for_log(steady_clock::time_point deadline) {
  std::random_device random;
  const std::string mark = fmt::format("{}{:08x}{:08x}", mark_head, random(), random());
  {
    auto last = pg::Connection::open({.url = as_program(cluster_.url(program_database), options_.role)});
    if (!last) return pass(last);
    if (auto sent = last->query(fmt::format("SELECT {}", pg::literal(mark))); !sent) return pass(sent);
  }
  while (true) {
    const auto log = FileText::open(cluster_.recording());
    const std::size_t at = log ? log->view().find(mark) : std::string_view::npos;
    if (at != std::string_view::npos && log->view().find('\n', at) != std::string_view::npos) return {};
    if (steady_clock::now() > deadline)
      return fail(
          codes::recording_unreadable, "the server does not write its log to the end",
          "look whether the disk of the temporary directory is full, then run the same command again");
    std::this_thread::sleep_for(pause);
  }
}

Result<Cutting> Capture::look() {
  const auto deadline = steady_clock::now() + patience;
  if (auto quiet = wait_for_no_session(deadline); !quiet) return pass(quiet);
  if (auto written = wait_for_log(deadline); !written) return pass(written);
  if (auto quiet = wait_for_no_session(deadline); !quiet) return pass(quiet);  // ours, which left the mark

  auto recording = pg::read_recording(cluster_.recording(), program_database, options_.role);
  if (!recording) return pass(recording);
  std::erase_if(*recording,
                [](const pg::Recorded& one) { return one.text.find(mark_head) != std::string::npos; });
  auto cutting = [&]() -> Result<Cutting> {  // its connection is closed before the database is copied
    auto connection = pg::Connection::open({.url = own(cluster_.url(program_database), options_)});
    if (!connection) return pass(connection);
    return cut(*recording, tracking_tables(options_.tracking_tables), volatile_in(*connection));
  }();
  if (!cutting) return cutting;
  if (auto quiet = wait_for_no_session(deadline); !quiet) return pass(quiet);
  if (checkpoints_.empty() || checkpoints_.back().migrations != cutting->migrations.size())
    if (auto kept = keep_copy(*cutting); !kept) return pass(kept);
  return cutting;
}

Result<> Capture::keep_copy(const Cutting& cutting) {
  const std::string name = fmt::format("after_{}", cutting.migrations.size());
  auto made = admin_.query(fmt::format("CREATE DATABASE {} OWNER {} TEMPLATE {}", pg::Identifier(name),
                                       pg::Identifier(options_.role), pg::Identifier(program_database)));
  if (!made) return failed("keeping a copy of the program's database", made);
  auto copy = pg::Connection::open({.url = own(cluster_.url(name), options_)});
  if (!copy) return pass(copy);
  if (auto dropped = drop_tracking(*copy, cutting); !dropped) return dropped;
  checkpoints_.push_back({cutting.migrations.size(), name});
  return {};
}

Result<> Capture::checkpoint() {
  auto cutting = look();
  if (!cutting) return pass(cutting);
  return {};
}

Result<> Capture::require_whole(const Cutting& cutting, int exit_code, bool partial) const {
  if (cutting.received == 0)
    return fail(
        codes::nothing_recorded,
        fmt::format("the program never connected to the server that records, and ended with exit code {}",
                    exit_code),
        "let it take its database from DATABASE_URL or PGHOST …, or write {url} into its arguments");
  if (cutting.migrations.empty() && exit_code != 0)
    return fail(codes::capture_broke_off,
                fmt::format("the program ended with exit code {} before a migration was done", exit_code),
                "correct what it says");
  if (cutting.migrations.empty())
    return fail(codes::nothing_recorded,
                fmt::format("none of the statements that the server received ({}) writes down a migration",
                            cutting.received),
                "name the table in which the program does that: --tracking-table TABLE.COLUMN");
  if (exit_code == 0 && !cutting.rest.statements.empty() && !partial)
    return std::unexpected(
        Error{.code = codes::capture_broke_off,
              .message = fmt::format("behind {} the program did more, which no migration records",
                                     printable(cutting.migrations.back().name)),
              .detail = fmt::format("{}, the last: {}", counted(cutting.rest.statements.size(), "statement"),
                                    printable(cutting.rest.statements.back().substr(0, 200))),
              .hint = "if no migration broke off there (a seed, Django's content types), leave it out with "
                      "--partial"});
  if (exit_code != 0 && !partial)
    return fail(codes::capture_broke_off,
                fmt::format("the program ended with exit code {} behind {}", exit_code,
                            printable(cutting.migrations.back().name)),
                "correct what it says, or keep what is complete with --partial");
  return {};
}

Result<> Capture::compare_after(std::size_t count, const pg::Cluster& fresh, Captured& captured) const {
  const auto checkpoint = std::ranges::find(checkpoints_, count, &Checkpoint::migrations);
  if (checkpoint == checkpoints_.end()) return {};
  auto program = pg::Connection::open({.url = own(cluster_.url(checkpoint->database), options_)});
  if (!program) return pass(program);
  auto replayed = pg::Connection::open({.url = own(fresh.url(program_database), options_)});
  if (!replayed) return pass(replayed);
  auto lines = compare_catalogs(*program, *replayed, captured.objects);
  if (!lines) return pass(lines);
  ++captured.compared;
  for (const std::string& line : *lines)
    captured.differences.push_back(fmt::format("after {}: {}", captured.files[count - 1].name, line));
  if (count < captured.files.size() || !captured.differences.empty()) return {};
  auto rows = compare_rows(*program, *replayed, captured.tables_with_rows);
  if (!rows) return pass(rows);
  captured.rows = std::move(*rows);
  return {};
}

Result<Captured> Capture::finish(int exit_code, bool partial) {
  if (interrupted()) return fail(codes::interrupted, "interrupted", "run the command again");
  auto cutting = look();
  if (!cutting) return pass(cutting);
  if (auto whole = require_whole(*cutting, exit_code, partial); !whole) return pass(whole);

  Captured captured{.tool = cutting->tool,
                    .files = files_of(cutting->migrations, options_.earlier),
                    .findings = std::move(cutting->findings),
                    .received = cutting->received,
                    .left_behind = cutting->rest.statements.size()};
  // On a server of its own: roles are there for all databases of one.
  auto fresh = pg::Cluster::start({.major = cluster_.major()});
  if (!fresh) return failed("starting a shadow", fresh);
  if (auto prepared = prepare(*fresh, options_, password_); !prepared) return pass(prepared);
  auto replayed = pg::Connection::open({.url = as_program(fresh->url(program_database), options_.role)});
  if (!replayed) return pass(replayed);
  const bool as_the_program = std::ranges::equal(captured.files, cutting->migrations, {}, &CapturedFile::name,
                                                 &CapturedMigration::name);
  for (std::size_t i = 0; i < captured.files.size(); ++i) {
    if (auto ran = run_captured(*replayed, captured.files[i]); !ran) {
      if (!as_the_program && ran.error().code.id == codes::capture_differs.id)
        ran.error().hint =
            "the program runs its migrations in another order than they were captured in earlier: let it keep to that "
            "order (Django: `dependencies`), or capture all of them into an empty folder";
      return pass(ran);
    }
    const bool last = i + 1 == captured.files.size();
    if (last && captured.left_behind > 0) {  // what the program left is in its last catalog, too
      CapturedFile rest = files_of({cutting->rest}).front();
      if (auto ran = run_captured(*replayed, rest); !ran) return pass(ran);
    }
    if (!last && !as_the_program) continue;  // what it made in between, the files make in another order
    if (auto compared = compare_after(i + 1, *fresh, captured); !compared) return pass(compared);
  }
  return captured;
}

}  // namespace candor::engine
