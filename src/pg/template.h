/// pg/template.h: an initialised data directory, made once per user and server programs, that servers copy.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "pg/account.h"
#include "pg/cluster.h"
#include "pg/tree.h"

namespace candor::pg {

struct Template {
  std::string data;  ///< the data directory to be copied
  TreeSize size;     ///< what a whole copy holds
};

/// The template of these programs; made by initdb when there is none, or when it is no longer whole. Any
/// number of processes may call this at once: one makes it, the others wait. Errors: C0108 initdb failed ·
/// C0005 · C0112 · C0008.
Result<Template> find_template(const Binaries& binaries, const std::optional<Account>& account);

/// Moves a template that turned out to be damaged out of the way; find_template then makes a new one.
Result<> discard_template(const Template& damaged);

}  // namespace candor::pg
