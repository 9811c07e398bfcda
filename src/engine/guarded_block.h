/// engine/guarded_block.h: a DO block that reads a state in pg_catalog before it acts. Private to
/// guarded_*.cpp.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "catalog/object.h"

namespace candor::engine {

/// What a missing object's state is called in the file.
constexpr std::string_view missing = "missing";

/// What is done in these states: statements of PL/pgSQL, indented lines.
struct Branch {
  std::vector<std::string> states;
  std::string statements;
};

struct Block {
  std::string state;  ///< an SQL expression
  std::vector<Branch> branches;
  std::string what;       ///< for people: what the state is of
  std::string forbidden;  ///< an SQL condition: in another state an error on every major; empty: none
  int major = 0;          ///< on which any other state is an error: there, states read like this
};

/// The statement, with its semicolon.
std::string to_sql(const Block& block);

/// "    ALTER TABLE …;\n" for each.
std::string statement_lines(const std::vector<std::string>& statements);

/// "    NULL;  -- as it should be\n".
std::string do_nothing(std::string_view why);

/// C0713, with the way out.
std::unexpected<Error> not_writable(std::string why, std::string detail = {});

}  // namespace candor::engine
