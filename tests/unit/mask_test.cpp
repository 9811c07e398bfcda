#include "pg/mask.h"

#include <gtest/gtest.h>

namespace candor::pg {
namespace {

TEST(MaskPasswords, WhereverAConnectionStringStands) {
  const struct {
    const char *line, *shown;
  } lines[] = {
      {"dir = \"migrations\"", "dir = \"migrations\""},
      {"url = \"postgres://u@h/d\"", "url = \"postgres://u@h/d\""},
      {"url = \"postgres://h:5432/d\"", "url = \"postgres://h:5432/d\""},
      {"url = postgresql://u:S3cret@h/d", "url = postgresql://u:***@h/d"},
      {"urll = [\"postgresql://u:S3 c'r@t@h/d\"]", "urll = [\"postgresql://u:***@h/d\"]"},
      {"url = \"host=h password=S3cret dbname=d\"", "url = \"host=h password=***"},
      {"PGPASSWORD = 'S3cret'", "PGPASSWORD =***"},
  };
  for (const auto& one : lines) EXPECT_EQ(mask_passwords(one.line), one.shown);
}

}  // namespace
}  // namespace candor::pg
