/// catalog/compare.h: is the live catalog what is expected? The comparison that gives verdicts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "catalog/catalog.h"

namespace candor::catalog {

/// `unproven` is never printed, counted or exited as true.
enum class Verdict : std::uint8_t { is_true, differs, unproven };

/// One line of a report.
struct Difference {
  enum class Nature : std::uint8_t {
    missing,   ///< expected, and not in the live catalog
    extra,     ///< in the live catalog, and not expected
    altered,   ///< an attribute has another value
    unproven,  ///< it cannot be known: text of another major, or a catalog that the role may not read
    notice,    ///< worth a line, no part of the verdict
  };
  ObjectId id;            ///< of a catalog that is not readable: its kind alone, all names empty
  std::string attribute;  ///< empty: the object itself
  std::string expected;   ///< the value; of a catalog that is not readable: how many objects, "3 objects"
  std::string found;      ///< the value; of a catalog that is not readable: the server's reason
  Nature nature{};
};

struct Comparison {
  std::size_t objects = 0;  ///< identities of both sides that took part: all but the ignored and varying
  std::vector<Difference> differences;  ///< missing, extra, altered; ordered by identity
  std::vector<Difference> unproven;     ///< likewise, after one line for each catalog that is not readable
  std::vector<Difference> notices;      ///< likewise
  std::size_t varying = 0;              ///< objects that are not the same, as `varies` declares

  /// Any difference decides for `differs`, then anything unproven for `unproven`.
  [[nodiscard]] Verdict verdict() const;
};

/// Whether one of the patterns (base/pattern.h) matches to_string(id), or the relation that the object
/// belongs to: "public.spatial_ref_sys" stands for the table and for its columns, constraints and indexes.
bool fits_any(const std::vector<std::string>& patterns, const ObjectId& id);

/// Patterns are meant as in fits_any().
struct CompareOptions {
  bool owners = false;
  bool grants = false;
  bool comments = false;
  /// Objects that take no part, on either side.
  std::vector<std::string> ignore;
  /// Likewise, one by one; what belongs to them takes part.
  std::unordered_set<ObjectId> left_out;
  /// Tables and views of others: what belongs to them and is not expected takes no part.
  std::unordered_set<ObjectId> of_others;
  /// Objects whose presence and attributes may vary: those that are the same on both sides are true, all
  /// others are counted in Comparison::varying, and never a difference.
  std::vector<std::string> varies;
};

/// Printed attributes as the live server prints them, by object and index into attributes_of(kind): from the
/// lock's form lines, or witnessed when the migration was applied.
using Forms = std::unordered_map<ObjectId, std::vector<std::pair<std::uint8_t, Text>>>;

/// Compares attribute by attribute, each as its Compare class says. Where the two majors differ, a printed
/// attribute whose text is another is judged by the form that is known for it; without one it is a difference
/// only if the two majors print alike (comparable()) or one side has no text at all, else unproven. Objects
/// of a kind in live.unreadable are never missing: what was not read is unproven.
Comparison compare(const Catalog& expected, const Catalog& live, const Forms& forms,
                   const CompareOptions& options);

}  // namespace candor::catalog
