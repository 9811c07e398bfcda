#include "plan/array_casts.h"

#include <gtest/gtest.h>

namespace candor::test {
namespace {

struct Case {
  const char* name;
  const char* sql;
  const char* kept;
};

const Case cases[] = {
    {"a cast array of varchar",
     "CHECK ((v)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
     "CHECK ((v)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying]::character varying[])::text[]))"},
    {"no cast of the whole", "CHECK (n = ANY (ARRAY[1, 2]))", "CHECK (n = ANY (ARRAY[1, 2]))"},
    {"elements of several types", "(ARRAY['a'::text, 'b'::name])::text[]",
     "(ARRAY['a'::text, 'b'::name])::text[]"},
    {"elements without a type", "(ARRAY[a, b])::text[]", "(ARRAY[a, b])::text[]"},
    {"already there", "(ARRAY['a'::name]::name[])::text[]", "(ARRAY['a'::name]::name[])::text[]"},
    {"a string that looks like it", "SELECT '(ARRAY[''a''::name])::text[]'",
     "SELECT '(ARRAY[''a''::name])::text[]'"},
    {"a name that looks like it", "\"(ARRAY['a'::name])::text[]\"", "\"(ARRAY['a'::name])::text[]\""},
    {"a function's body", "AS $f$ (ARRAY['a'::name])::text[] $f$", "AS $f$ (ARRAY['a'::name])::text[] $f$"},
    {"brackets and commas in elements", "(ARRAY['],('::name, 'b'::name])::text[]",
     "(ARRAY['],('::name, 'b'::name]::name[])::text[]"},
    {"never closed", "(ARRAY['a'::name", "(ARRAY['a'::name"},
    {"a lone quote", "(ARRAY['a", "(ARRAY['a"},
    {"a parameter", "$1 (ARRAY['a'::name])::text[]", "$1 (ARRAY['a'::name]::name[])::text[]"},
};

TEST(ArrayCasts, AreKept) {
  for (const Case& one : cases) EXPECT_EQ(plan::keep_array_casts(one.sql), one.kept) << one.name;
}

}  // namespace
}  // namespace candor::test
