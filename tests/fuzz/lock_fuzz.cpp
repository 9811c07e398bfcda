/// A damaged lock file is refused or is no other than it was; what was written is read back.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/quoted.h"
#include "catalog/object.h"
#include "fuzz/mutate.h"
#include "history/lock_file.h"
#include "pg/connection.h"

namespace candor::fuzz {
namespace {

using catalog::Kind;

std::string sample_lock() {
  history::LockFile lock{.server = 15};
  for (int version = 1; version <= 3; ++version) {
    const Text table(version == 2 ? "we\nird \"one\"" : "t" + std::to_string(version));
    std::vector<Text> values(catalog::attributes_of(Kind::column).size());
    values[0] = Text("integer");
    history::LockEntry entry{.version = history::Version(std::to_string(version)),
                             .name = "make",
                             .file = std::to_string(version) + "_make.sql",
                             .checksum = "sha256:" + std::string(64, 'a'),
                             .fingerprint = "sha256:" + std::string(64, 'b')};
    entry.effects = {
        {.change = catalog::Change::added,
         .id = {.kind = Kind::column, .schema = Text("public"), .relation = table, .name = Text("id")},
         .values = values}};
    entry.tuples[15] = {{"pg_attribute", 1, 0, 0}};
    lock.entries.push_back(std::move(entry));
  }
  return history::serialise(lock);
}

std::string with_plain_ends(std::string text) {
  for (std::size_t at = 0; (at = text.find("\r\n", at)) != std::string::npos;) text.erase(at, 1);
  return text;
}

TEST(FuzzLock, IsRefusedOrUnchanged) {
  const std::string sample = sample_lock();
  ASSERT_TRUE(history::parse_lock(sample, "candor.lock"));
  std::size_t refused = 0, accepted = 0;
  try_many({sample},
           {"\n", "  + ", "\"", "\\u", "<<<<<<< ours\n", "migration ", "chain ", "\r\n", "é", "\xff"},
           [&](const std::string& text, std::uint64_t seed) {
             auto lock = history::parse_lock(text, "candor.lock");
             ++(lock ? accepted : refused);
             if (lock) {
               EXPECT_EQ(history::serialise(*lock), with_plain_ends(text)) << "seed " << seed;
             } else {
               EXPECT_FALSE(lock.error().hint.empty()) << "seed " << seed;
             }
             return true;
           });
  EXPECT_GT(refused, accepted);
  EXPECT_GT(accepted, 0U) << "some mutations change nothing";
}

TEST(FuzzLock, AnyIdentityIsReadBack) {
  try_many({""}, {"x"}, [](const std::string&, std::uint64_t seed) {
    Mutator random({""}, {"x"}, seed);
    catalog::ObjectId id{.kind = Kind::column,
                         .schema = Text(random.characters(20) + "s"),
                         .relation = Text("r" + random.characters(63)),
                         .name = Text(random.characters(5) + "\"" + random.characters(5))};
    const std::string line = catalog::to_string(id);
    EXPECT_EQ(line.find('\n'), std::string::npos) << "seed " << seed;
    catalog::ObjectId back;
    const bool read = catalog::parse_id(Kind::column, line, back);
    EXPECT_TRUE(read && back == id) << "seed " << seed << ": " << line;
    return read;
  });
}

TEST(FuzzLock, AnyArrayIsReadBack) {
  try_many({""}, {"x"}, [](const std::string&, std::uint64_t seed) {
    Mutator random({""}, {"x"}, seed);
    std::vector<std::string> elements(random.below(5));
    for (std::string& element : elements) element = random.bytes(12);
    EXPECT_EQ(pg::parse_array(pg::array_literal(elements)), elements) << "seed " << seed;
    return true;
  });
}

}  // namespace
}  // namespace candor::fuzz
