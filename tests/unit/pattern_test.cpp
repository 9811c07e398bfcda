#include "base/pattern.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

struct Case {
  std::string_view pattern;
  std::string_view text;
  bool fits;
};

TEST(Pattern, StarsStandForAnyRun) {
  const Case cases[] = {
      {"", "", true},
      {"", "a", false},
      {"a", "", false},
      {"*", "", true},
      {"*", "anything.at all", true},
      {"**", "", true},
      {"public.users", "public.users", true},
      {"public.users", "public.users2", false},
      {"public.users", "xpublic.users", false},
      {"public.v1_dag_*", "public.v1_dag_20260101", true},
      {"public.v1_dag_*", "public.v1_dag_", true},
      {"public.v1_dag_*", "public.v1_dag", false},
      {"*.id", "public.users.id", true},
      {"*.id", "public.users.idx", false},
      {"a*b*c", "a.b.b.c", true},
      {"a*b*c", "a.c.b", false},
      {"*ab", "aab", true},
      {"*aab", "aaaab", true},
      {"a*", "b", false},
      {"a?c", "abc", false},
      {"a?c", "a?c", true},
      {"[a]", "a", false},
  };
  for (const Case& c : cases) EXPECT_EQ(matches(c.pattern, c.text), c.fits) << c.pattern << " on " << c.text;
}

TEST(Pattern, ManyStarsEndInTime) {
  std::string pattern;
  for (int i = 0; i < 30; ++i) pattern += "*a";
  EXPECT_FALSE(matches(pattern + "b", std::string(5000, 'a')));
}

}  // namespace
}  // namespace candor
