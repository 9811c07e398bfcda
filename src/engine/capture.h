/// engine/capture.h: what a migration program does to a database, as SQL migrations.
///
/// The program runs on a throw-away server that writes down every statement. The recording is cut at the rows
/// of the program's tracking table (capture_cut.h), and what was cut is proven: replayed in a fresh database
/// it has to make the same catalog, and the same rows.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "catalog/compare.h"
#include "engine/capture_cut.h"
#include "pg/cluster.h"
#include "pg/connection.h"

namespace candor::engine {

/// A file of the folder that a capture is written to.
struct EarlierFile {
  std::string file;
  std::string name;  ///< the program's own, if it was captured; else empty
};

struct CaptureOptions {
  std::vector<std::string> tracking_tables;    ///< further ones: "table.column"
  std::optional<int> server;                   ///< the shadow's major
  std::string role = "capture";                ///< the program's: letters, digits, '_' and '-'
  bool superuser = false;                      ///< that role is one: the program needs it for what it creates
  std::optional<std::filesystem::path> setup;  ///< run before, as superuser: extensions, roles, schemas
  std::vector<EarlierFile> earlier;            ///< see files_of()
};

/// One file to be.
struct CapturedFile {
  std::string file;  ///< "20190101000000_create_users.sql"
  std::string name;  ///< the program's own
  std::string text;
  std::size_t statements = 0;
};

/// A table whose rows are not the ones that the program wrote.
struct RowDifference {
  std::string table;
  std::string columns;          ///< "created_at, updated_at"; empty: their number differs
  std::string expected, found;  ///< how many rows
};

struct Captured {
  std::string tool;
  std::vector<CapturedFile> files;
  std::vector<Finding> findings;
  std::size_t received = 0;     ///< statements that the server received
  std::size_t left_behind = 0;  ///< statements after the last recorded migration that stayed in force
  std::vector<std::string> differences;  ///< of the catalogs; lines
  std::size_t objects = 0;               ///< compared at the end
  std::size_t compared = 0;              ///< migrations after which the catalogs were compared
  std::vector<RowDifference> rows;
  std::size_t tables_with_rows = 0;
};

/// Why files in the order in which they ran are numbered, and not called as the program's are; empty: they
/// are.
std::string why_numbered(const std::vector<CapturedFile>& files);

/// Of the .sql files in `folder`, which need not be there. Errors: C0004.
Result<std::vector<EarlierFile>> earlier_files(const std::filesystem::path& folder);

class Capture {
 public:
  /// Starts the server. Errors: as Cluster::start · C0106 no PostgreSQL of 15 or newer.
  static Result<Capture> start(const CaptureOptions& options);

  /// For the program, with the password.
  [[nodiscard]] std::string url() const;

  /// Waits until the program's sessions are gone, and keeps the database as it is then, to be compared with
  /// what the migrations recorded so far make. Errors: as cut() · C0901 · C0902 a session does not end.
  Result<> checkpoint();

  /// Cuts the recording and proves the parts. Errors: C0902 nothing was recorded · C0903 · C0904 something
  /// was left behind by a migration that broke off, unless `partial` · as Connection::query.
  Result<Captured> finish(int exit_code, bool partial);

 private:
  struct Checkpoint {
    std::size_t migrations = 0;
    std::string database;  ///< a copy of the program's, without its tracking tables
  };
  Capture(CaptureOptions options, pg::Cluster cluster, pg::Connection admin, std::string password);
  /// What has been recorded once everything is, with the database kept as a checkpoint.
  Result<Cutting> look();
  Result<> wait_for_no_session(std::chrono::steady_clock::time_point deadline);
  Result<> wait_for_log(std::chrono::steady_clock::time_point deadline);
  Result<> keep_copy(const Cutting& cutting);
  Result<> require_whole(const Cutting& cutting, int exit_code, bool partial) const;
  /// Where the program's database is known as it was after `count` migrations.
  Result<> compare_after(std::size_t count, const pg::Cluster& fresh, Captured& captured) const;

  CaptureOptions options_;
  pg::Cluster cluster_;
  pg::Connection admin_;
  std::string password_;
  std::vector<Checkpoint> checkpoints_;
};

/// The files of `migrations`, in the order of their versions: named VERSION_NAME.sql after the program's
/// names where their digits ascend, else numbered. What was captured `earlier` keeps its file, and what is
/// new comes behind all that is there: a program of several parts runs its new migrations between its old
/// ones.
std::vector<CapturedFile> files_of(const std::vector<CapturedMigration>& migrations,
                                   const std::vector<EarlierFile>& earlier = {});

}  // namespace candor::engine
