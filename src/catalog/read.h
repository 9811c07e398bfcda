/// catalog/read.h: a database's catalog, read in one snapshot with few round trips.
///
/// First every kind's query in one pipeline, then one query for all the names that the rows refer to; the
/// joins are done here. Printed text comes from the server under pinned settings, never from a deparser of
/// ours.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/compare.h"
#include "pg/connection.h"

namespace candor::catalog {

struct KindSpec;

/// Which objects to read: all, or those that belong to the named ones.
struct Scope {
  using Names = std::set<std::pair<std::string, std::string>>;  ///< schema, name
  bool whole = true;
  std::set<Kind> kinds;  ///< when not whole: the kinds to read
  Names relations, types, routines, qualified;
  std::set<std::string> schemas, extensions, named;

  /// What has to be read to see all of `ids`.
  static Scope of(const std::vector<ObjectId>& ids);
};

struct ReadOptions {
  std::vector<std::string> excluded_schemas{"candor"};  ///< the ledger's own
  std::set<Kind> skip;                                  ///< kinds that cannot be read
  /// The transaction's first and a later xid: printed texts of rows written between are reported as written.
  std::optional<std::pair<std::string, std::string>> written_between;
};

struct Reading {
  Catalog catalog;
  Forms written;  ///< texts whose row was written in `written_between`
};

/// Settings under which definitions are printed (postgres-catalog: search_path, TimeZone, DateStyle …), for
/// the rest of the transaction. `$1` is true when only named objects are read: the planner then keeps to
/// indexes.
const pg::Prepared& pin_settings();
/// The names and values, as a FROM item s(name, value) with the parameter $1.
const std::string& pinned_settings();
pg::Params pin_parameters(bool whole);

/// One reading in an open transaction, in two steps so that the first can ride in a pipeline with other
/// statements.
class Reader {
 public:
  Reader(const pg::Connection& connection, Scope scope, ReadOptions options);
  ~Reader();
  Reader(Reader&&) noexcept;

  /// Queues pin_settings and the kinds' queries. `pipeline` must be run before finish().
  void ask(pg::Pipeline& pipeline);
  /// Without pin_settings(): something before it has pinned them.
  void ask_pinned(pg::Pipeline& pipeline);
  /// The same on two connections whose transactions see one snapshot, so that two processors of the server
  /// print. `one` must be on the connection that finish() is called with.
  void ask(pg::Pipeline& one, pg::Pipeline& other);
  /// Asks for the names and builds the catalog. Errors: as Connection::query.
  Result<Reading> finish(pg::Connection& connection);

 private:
  void ask_for(pg::Pipeline& pipeline, const std::function<bool(Kind)>& included);

  struct State;
  std::unique_ptr<State> state_;
};

/// The statement that reads all objects of a kind.
const std::string& statement_for_all(const KindSpec& kind, int server_version);

/// Reads in the transaction that is open on `connection`.
Result<Reading> read_in_transaction(pg::Connection& connection, const Scope& scope = {},
                                    const ReadOptions& options = {});

/// A transaction for observers: REPEATABLE READ READ ONLY, and no lock is waited for longer than 10 s.
Result<pg::Transaction> begin_snapshot(pg::Connection& connection);

/// Reads everything in the transaction of begin_snapshot(); a large catalog on a second connection as well,
/// where one can be had.
Result<Reading> read_in_snapshot(pg::Connection& connection, const ReadOptions& options = {});

/// A relation was dropped between the snapshot and the printing of a definition, which looks at what is there
/// now: worth reading again.
bool relation_vanished(const Error& error);

/// Reads in a snapshot of its own (REPEATABLE READ READ ONLY), and again if a relation vanished meanwhile.
/// Catalogs that the role may not read become Catalog::unreadable. Errors: as Connection::query.
Result<Catalog> read(pg::Connection& connection, const ReadOptions& options = {});

}  // namespace candor::catalog
