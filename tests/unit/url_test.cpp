#include <gtest/gtest.h>

#include "pg/connection.h"
#include "pg/session.h"

namespace candor::pg {
namespace {

TEST(Url, WithoutPassword) {
  const struct {
    std::string url, shown;
  } cases[] = {
      {"postgresql://bob:s3cret@host:5433/app", "postgresql://bob:***@host:5433/app"},
      {"postgres://bob@host/app", "postgres://bob@host/app"},
      {"postgres://bob:@host/app", "postgres://bob:***@host/app"},
      {"postgres:///app?host=/run/pg&password=s3cret&user=bob",
       "postgres:///app?host=/run/pg&password=***&user=bob"},
      {"postgres://bob:s3%40cret@host/app?sslpassword=s3cret", "postgres://bob:***@host/app?sslpassword=***"},
      {"postgres://bob:s?cret@host/app?sslmode=disable", "postgres://bob:***@host/app?sslmode=disable"},
      {"postgres://host/app?%70assword=s3cret", "postgres://host/app?%70assword=***"},
      {"host=h password=s3cret dbname=app", "password=*** dbname=app host=h"},
      {"host=h password='s3 c\\'ret' dbname='my app'", "password=*** dbname='my app' host=h"},
      {"app", "app"},
      {"", ""},
      {"postgres://bob:s3/cret@host/app", "(connection string)"},
      {"postgres://bob:s3@cret@host/app", "(connection string)"},
      {"postgres://bob:s3%zzcret@host/app", "(connection string)"},
      {"mysql://bob:s3cret@host/app", "(connection string)"},
      {"host=h password=s3 cret", "(connection string)"},
      {"dbname=postgres://bob:s3cret@host/app", "(connection string)"},
  };
  for (const auto& row : cases) EXPECT_EQ(without_password(row.url), row.shown) << row.url;
}

TEST(Url, WhatCannotBeParsedIsRefusedWithoutShowingAnyOfThePassword) {
  const std::string urls[] = {
      "postgres://bob:s3/cret@host/app",      // host bob, port s3, database cret@host/app
      "postgres://bob:123/cret@host/app",     // host bob, port 123, database cret@host/app
      "postgres://bob:s3@cret@host/app",      // host cret@host
      "postgres://bob:s3%zzcret@host/app",    // malformed encoding
      "postgres://bob:s3%00cret@host/app",    // a NUL byte
      "postgres://bob:s3[cret@[host/app",     // an IPv6 address that does not end
      "postgres://bob:a/s3?cret=1@host/app",  // parameter "cret"
      "mysql://bob:s3cret@host/app",
      "jdbc:postgresql://host/app?user=bob&password=s3cret",
      "postgresql+psycopg2://bob:s3cret@host/app",
      "bob:s3cret@host/app",
      "host=h password=x s3 cret",
      "host=h password=x s3=cret",
      "host=h password='s3cret",
      "host=h password=s3\" cret=\"host\"",
      "host=h password=\"host\"s3cret\" cret",
      "dbname=postgres://bob:s3cret@host/app",
      std::string("host=h password=s3\0cret", 23),
  };
  for (const std::string& url : urls) {
    const auto parsed = parse_url(url);
    ASSERT_FALSE(parsed) << url;
    const Error& error = parsed.error();
    EXPECT_EQ(error.code.id, "C0104") << url;
    EXPECT_FALSE(error.hint.empty()) << url;
    for (const std::string& text : {error.message, error.detail, error.hint}) {
      EXPECT_EQ(text.find("s3"), std::string::npos) << url << " -> " << text;
      EXPECT_EQ(text.find("cret"), std::string::npos) << url << " -> " << text;
    }
  }
}

TEST(Url, AnUnknownParameterIsNamed) {
  const auto parsed = parse_url("postgresql://bob:s3cret@host/app?schema=public");
  ASSERT_FALSE(parsed);
  EXPECT_NE(parsed.error().message.find("\"schema\""), std::string::npos) << parsed.error().message;
}

TEST(Arrays, LiteralsAndTheirElements) {
  const struct {
    std::vector<std::string> elements;
    std::string literal;
  } cases[] = {
      {{}, "{}"},
      {{"a", "b"}, R"({"a","b"})"},
      {{""}, R"({""})"},
      {{"NULL", "a,b", "{x}", "q\"uote", "back\\slash", " ", "é\n"},
       "{\"NULL\",\"a,b\",\"{x}\",\"q\\\"uote\",\"back\\\\slash\",\" \",\"é\n\"}"},
  };
  for (const auto& row : cases) {
    EXPECT_EQ(array_literal(row.elements), row.literal);
    EXPECT_EQ(parse_array(row.literal), row.elements) << row.literal;
  }
  EXPECT_EQ(parse_array("{a,NULL,\"NULL\",b c}"), (std::vector<std::string>{"a", "", "NULL", "b c"}));
  EXPECT_EQ(parse_array("[0:1]={a,b}"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(parse_array(""), std::vector<std::string>{});
}

}  // namespace
}  // namespace candor::pg
