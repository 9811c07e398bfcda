/// engine/script_mode.h: can a migration's file run in one transaction, and if not, in which units does it
/// run?
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"
#include "history/migration.h"
#include "sql/script.h"

namespace candor::engine {

struct ScriptMode {
  bool transactional = true;
  bool wrapped = false;  ///< one BEGIN … COMMIT around everything, or none that ends: they are left out
  bool touches_prepared =
      false;  ///< PREPARE, DEALLOCATE or DISCARD: our prepared statements may be gone after it
  std::size_t statements = 0;  ///< all of them, transaction control included
  std::string reason;          ///< why it is not transactional: "CREATE INDEX CONCURRENTLY … on line 3"
};

/// True if `statement` has to be parsed to know what it needs: most INSERTs, CREATE TABLEs … need not be.
bool needs_analysis(std::string_view statement);
/// analyse() where it is needed, else an Analysis that says "an ordinary statement".
sql::Analysis analyse_if_needed(std::string_view statement);

/// Walks the file once; nothing is kept of it. Errors: C0306, C0309 with their place.
Result<ScriptMode> mode_of(const history::Migration& migration, std::string_view text);

}  // namespace candor::engine
