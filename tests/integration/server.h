/// tests/integration/server.h: a real PostgreSQL for every test: one throw-away server per process and major,
/// a fresh database per call.
#pragma once

#include <fmt/format.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <string>

#include "pg/cluster.h"
#include "pg/connection.h"

namespace candor::test {

/// Stops the test program: without a server nothing that follows would prove anything.
template <class T>
T must(Result<T> result, std::string_view doing) {
  if (result) return std::move(*result);
  std::cerr << doing << ": " << result.error().code.id << ' ' << result.error().message << '\n'
            << result.error().detail << '\n';
  std::exit(1);
}

/// The process's server of `major` (nullopt: the newest found), started on first use.
inline pg::Cluster& test_cluster(std::optional<int> major = {}) {
  static std::map<std::optional<int>, pg::Cluster> clusters;
  const auto found = clusters.find(major);
  if (found != clusters.end()) return found->second;
  return clusters.emplace(major, must(pg::Cluster::start({.major = major}), "starting a test server"))
      .first->second;
}

/// A connection string of a new, empty database: "t1", "t2", …
inline std::string test_url(std::optional<int> major = {}) {
  static int databases = 0;
  const std::string name = fmt::format("t{}", ++databases);
  pg::Cluster& cluster = test_cluster(major);
  pg::Connection server = must(pg::Connection::open({.url = cluster.url()}), "connecting to the test server");
  must(server.query(fmt::format("create database {}", name)), "creating a test database");
  return cluster.url(name);
}

inline pg::Connection connect(const std::string& url) {
  return must(pg::Connection::open({.url = url}), "connecting to a test database");
}

/// The first value of a query that must succeed.
inline std::string value_of(pg::Connection& connection, std::string_view sql) {
  const pg::Rows rows = must(connection.query(sql), sql);
  return rows.empty() ? "(no rows)" : std::string(rows.at(0, 0));
}

}  // namespace candor::test
