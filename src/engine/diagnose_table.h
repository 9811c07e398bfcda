/// engine/diagnose_table.h: one relation, part by part: what is expected, by which migration, and what is
/// there.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/diagnose.h"
#include "plan/plan.h"

namespace candor::engine {

struct PartStanding {
  enum class State : std::uint8_t { same, missing, extra, altered, unproven };
  catalog::ObjectId id;
  State state{};
  std::optional<catalog::Object> expected, found;
  std::vector<catalog::Difference> differences;    ///< altered: by attribute; unproven: likewise
  const history::LockEntry* made_by = nullptr;     ///< null: no migration up to the expected version
  const history::LockEntry* changed_by = nullptr;  ///< the last that altered it; null: none
  std::vector<plan::Step> fix;  ///< what would put it right; a part that is made with its table has none
};

struct TableDiagnosis {
  catalog::ObjectId relation;
  const history::LockEntry* at = nullptr;  ///< the version whose state is expected; null: before the first
  std::vector<plan::Step> also;            ///< what has to go and come back elsewhere for the fixes
  std::vector<PartStanding> parts;         ///< the relation, its columns in their order, then all else
  [[nodiscard]] bool is_true() const;
};

/// `name`: "users" or "public.users". `at`: the version to expect; else the ledger's where it can be read and
/// claims any, else where the database stands or nearly stands. Errors: C0709 no such relation · C0314 no
/// such version · C0402. REQUIRES: `diagnosis` is of this project.
Result<TableDiagnosis> diagnose_table(const Project& project, const Diagnosis& diagnosis,
                                      std::string_view name, const std::optional<history::Version>& at);

}  // namespace candor::engine
