/// tests/integration/alter_case.h: two schemas that differ in as little as can be: in attributes of objects
/// that both have.
#pragma once

#include <cstdint>
#include <ostream>
#include <string_view>

namespace candor::test {

enum class Way : std::uint8_t {
  there_and_back,
  there,           ///< no statement leads back
  there_unproven,  ///< likewise; and what it starts from is known as a hash alone, and cannot be rebuilt
};

struct AlterCase {
  std::string_view name;    ///< of the test
  std::string_view setup;   ///< statements, in both
  std::string_view before;  ///< statements
  std::string_view after;   ///< statements
  std::string_view alters;  ///< all that differs: "column.type, table.options"
  int from = 13;            ///< the first major that has it
  Way way = Way::there_and_back;

  friend void PrintTo(const AlterCase& change, std::ostream* out) { *out << change.name; }
};

}  // namespace candor::test
