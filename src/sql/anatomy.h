/// sql/anatomy.h: what a statement names and does, for those who sort statements that somebody else sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace candor::sql {

struct Anatomy {
  enum class Nature : std::uint8_t {
    other,
    unknown,
    select,
    set,
    insert,
    update,
    remove,
    lock,
    copy_in,
    control
  };
  Nature nature = Nature::other;  ///< unknown: not in the grammar of PostgreSQL 15, or over 1 MiB
  /// Schema (empty: none given) and name of all relations that it names, where it names tables as such.
  std::vector<std::pair<std::string, std::string>> relations;
  /// The names, without schema, of the functions that it calls.
  std::vector<std::string> functions;
  bool writes = false;        ///< a SELECT that writes or locks: INTO, FOR UPDATE, a WITH that changes rows
  bool temporary = false;     ///< it makes a temporary table, view or sequence
  bool has_password = false;  ///< CREATE or ALTER ROLE … PASSWORD '…'
  std::string setting;        ///< of SET: its name
  /// Of control: "begin", "commit", "rollback", "savepoint", "release", "rollback to".
  std::string control;
  std::string savepoint;
  /// Of INSERT … VALUES with one row, and of UPDATE: column and value. A value is a constant's text, or the
  /// number of a parameter.
  struct Value {
    std::string column;
    std::optional<std::string> constant;
    int parameter = 0;
  };
  std::vector<Value> values;
};

/// Thread-safe; never fails.
Anatomy anatomy_of(std::string_view statement);

}  // namespace candor::sql
