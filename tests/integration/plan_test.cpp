/// Plans, run on a real server: every one is proven by reading back.
#include "plan/plan.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "catalog/compare.h"
#include "catalog/read.h"
#include "engine/prove_plan.h"
#include "integration/server.h"
#include "integration/zoo.h"
#include "plan/print.h"
#include "plan/slice.h"

namespace candor {
namespace {

using catalog::Kind;
using catalog::ObjectId;

constexpr int home = 15;

/// A database with `sql` in it.
std::string database_with(std::string_view sql, int major = home) {
  const std::string url = test::test_url(major);
  pg::Connection connection = test::connect(url);
  const std::string script(sql);
  std::size_t start = 0;
  for (std::size_t at = script.find(";\n"); at != std::string::npos; at = script.find(";\n", start)) {
    test::must(connection.query(script.substr(start, at - start)), script.substr(start, at - start));
    start = at + 2;
  }
  return url;
}

catalog::Catalog read(const std::string& url) {
  pg::Connection connection = test::connect(url);
  return test::must(catalog::read(connection), "reading a catalog");
}

struct Planned {
  catalog::Catalog from, to;
  plan::Plan plan;
  engine::PlanProof proof;
};

/// What the plan has to do with is enough to prove it.
void expect_slice_proves(const Planned& planned, const plan::Options& options) {
  const plan::Slice slice = plan::slice_of(planned.from, planned.to, planned.plan, options.renames);
  pg::Connection connection = test::connect(test::test_url(planned.from.major));
  const auto proof =
      test::must(engine::prove_plan(connection, slice.from, slice.to, planned.plan, options), "proving");
  EXPECT_TRUE(proof.proven) << proof.why_not << "\n" << proof.detail << "\n" << plan::to_sql(planned.plan);
}

Planned planned(std::string_view from, std::string_view to, const plan::Options& options = {},
                int major = home) {
  Planned result{read(database_with(from, major)), read(database_with(to, major)), {}, {}};
  result.plan = plan::make_plan(result.from, result.to, major, options);
  pg::Connection connection = test::connect(test::test_url(major));
  result.proof =
      test::must(engine::prove_plan(connection, result.from, result.to, result.plan, options), "proving");
  if (result.proof.proven) expect_slice_proves(result, options);
  return result;
}

std::string told(const Planned& planned) {
  return planned.proof.why_not + "\n" + planned.proof.detail + "\n" + plan::to_sql(planned.plan);
}

/// The differences between what a database holds and a catalog, as a count.
std::size_t differences(const catalog::Catalog& expected, const std::string& url) {
  return catalog::compare(expected, read(url), {}, {}).differences.size();
}

bool mentions(const plan::Plan& plan, std::string_view text) {
  return plan::to_sql(plan).find(text) != std::string::npos;
}

/// In which transaction a statement that holds `text` stands; -1: in none.
int transaction_of(const plan::Plan& plan, std::string_view text) {
  for (std::size_t i = 0; i < plan.transactions.size(); ++i)
    for (const plan::Step& step : plan.transactions[i].steps)
      if (step.sql.find(text) != std::string::npos) return static_cast<int>(i);
  return -1;
}

constexpr std::string_view linked_uuid = R"sql(
create table orgs (id uuid primary key default gen_random_uuid(), name text not null);
create table users (id uuid primary key, org_id uuid not null references orgs(id) on delete cascade, boss uuid references users(id));
create table logs (user_id uuid references users(id), org_id uuid, foreign key (org_id) references orgs(id));
create view members as select u.id, o.name from users u join orgs o on o.id = u.org_id;
create index users_org on users (org_id);
)sql";
constexpr std::string_view linked_text = R"sql(
create table orgs (id varchar(36) primary key default gen_random_uuid(), name text not null);
create table users (id varchar(36) primary key, org_id varchar(36) not null references orgs(id) on delete cascade, boss varchar(36) references users(id));
create table logs (user_id varchar(36) references users(id), org_id varchar(36), foreign key (org_id) references orgs(id));
create view members as select u.id, o.name from users u join orgs o on o.id = u.org_id;
create index users_org on users (org_id);
)sql";

const std::string makeable_zoo = std::string(test::zoo) + std::string(test::without_secrets);

class PlanOnMajor : public testing::TestWithParam<int> {};

TEST_P(PlanOnMajor, BuildsEveryKindFromNothing) {
  const Planned result = planned("", makeable_zoo, {}, GetParam());
  EXPECT_TRUE(result.proof.proven) << told(result);
  EXPECT_GT(result.proof.objects, 50U);
}

TEST_P(PlanOnMajor, GoesBackToNothing) {
  const Planned result = planned(makeable_zoo, "", {}, GetParam());
  EXPECT_TRUE(result.proof.proven) << told(result);
  EXPECT_TRUE(result.plan.drops_data());
}

TEST_P(PlanOnMajor, RetypesAllThatForeignKeysLink) {
  const Planned result = planned(linked_uuid, linked_text, {}, GetParam());
  EXPECT_TRUE(result.proof.proven) << told(result);
  ASSERT_EQ(result.plan.transactions.size(), 1U) << plan::to_sql(result.plan);
  const auto& steps = result.plan.transactions[0].steps;
  EXPECT_EQ(std::ranges::count_if(steps, &plan::Step::rewrites), 6);
}

INSTANTIATE_TEST_SUITE_P(Majors, PlanOnMajor, testing::Values(13, 15, 18),
                         [](const auto& named) { return std::to_string(named.param); });

TEST(Plan, KeepsRowsWhenItRetypes) {
  const std::string url = database_with(linked_uuid);
  pg::Connection connection = test::connect(url);
  for (
      const char* const sql :
      {"insert into orgs values ('8c5d9a52-3d0f-4e15-9d7c-7a3f6a3c1d11', 'one')",
       "insert into users values ('8c5d9a52-3d0f-4e15-9d7c-7a3f6a3c1d22', '8c5d9a52-3d0f-4e15-9d7c-7a3f6a3c1d11')",
       "insert into logs values ('8c5d9a52-3d0f-4e15-9d7c-7a3f6a3c1d22', '8c5d9a52-3d0f-4e15-9d7c-7a3f6a3c1d11')"})
    test::must(connection.query(sql), sql);
  const catalog::Catalog to = read(database_with(linked_text));
  const plan::Plan plan = plan::make_plan(read(url), to, home);
  ASSERT_TRUE(engine::run_plan(connection, plan));
  EXPECT_EQ(differences(to, url), 0U);
  EXPECT_EQ(
      test::value_of(connection, "select m.id || m.name from members m join logs l on l.user_id = m.id"),
      "8c5d9a52-3d0f-4e15-9d7c-7a3f6a3c1d22one");
}

TEST(Plan, WhatDependsOnAColumnGoesAndComesBack) {
  constexpr std::string_view around = R"sql(
create function noop() returns trigger language plpgsql as 'begin return new; end';
create view v1 as select id, amount from bills;
create view v2 as select sum(amount) as total from v1;
comment on view v2 is 'all of it';
create trigger t before update of amount on bills for each row when (new.amount > 0) execute function noop();
alter table bills enable row level security;
create policy p on bills using (amount > 0);
create rule r as on delete to bills where old.amount > 5 do instead nothing;
)sql";
  const Planned result = planned(
      fmt::format(
          "create table bills (id int primary key, amount int, twice int generated always as (amount * 2) stored);\n{}",
          around),
      fmt::format(
          "create table bills (id int primary key, amount bigint, twice bigint generated always as (amount * 2) stored);\n{}",
          around));
  EXPECT_TRUE(result.proof.proven) << told(result);
  EXPECT_TRUE(mentions(result.plan, "COMMENT ON VIEW \"public\".\"v2\"")) << told(result);
}

TEST(Plan, TablesWithRowsAreTreatedWithCare) {
  constexpr std::string_view from =
      "create table a (id int primary key);\ncreate table b (id int, a_id int, note text);\n";
  constexpr std::string_view to = R"sql(
create table a (id int primary key);
create table b (id int primary key, a_id int not null references a(id), note text, unique (note), constraint positive check (id > 0));
create index b_a on b (a_id);
)sql";
  const Planned result = planned(from, to);
  EXPECT_TRUE(result.proof.proven) << told(result);
  EXPECT_TRUE(mentions(result.plan, "CREATE INDEX CONCURRENTLY \"b_a\"")) << told(result);
  EXPECT_TRUE(mentions(result.plan, "CREATE UNIQUE INDEX CONCURRENTLY \"b_pkey\""));
  EXPECT_TRUE(mentions(result.plan, "UNIQUE USING INDEX \"b_note_key\""));
  const int added = transaction_of(result.plan, "FOREIGN KEY");
  EXPECT_TRUE(mentions(result.plan, "NOT VALID"));
  EXPECT_GT(transaction_of(result.plan, "VALIDATE CONSTRAINT \"b_a_id_fkey\""), added);
  EXPECT_LT(transaction_of(result.plan, "VALIDATE CONSTRAINT \"a_id_is_not_null\""),
            transaction_of(result.plan, "\"a_id\" SET NOT NULL"));

  plan::Options simple;
  simple.simple = true;
  const Planned shorter = planned(from, to, simple);
  EXPECT_TRUE(shorter.proof.proven) << told(shorter);
  EXPECT_EQ(shorter.plan.transactions.size(), 1U);
  EXPECT_LT(shorter.plan.steps(), result.plan.steps());
}

TEST(Plan, EnumValuesAreCommittedBeforeTheyAreUsed) {
  const Planned result =
      planned("create type mood as enum ('sad', 'happy');\ncreate table t (m mood);\n",
              "create type mood as enum ('sad', 'ok', 'happy');\ncreate table t (m mood default 'ok');\n");
  EXPECT_TRUE(result.proof.proven) << told(result);
  EXPECT_LT(transaction_of(result.plan, "ADD VALUE 'ok' BEFORE 'happy'"),
            transaction_of(result.plan, "SET DEFAULT"));
}

TEST(Plan, ATypeIsReplacedUnderItsColumns) {
  const Planned result = planned(R"sql(
create type mood as enum ('sad', 'meh', 'happy');
create table t (id int primary key, m mood not null default 'sad', more mood[]);
create function f(mood) returns int language sql as 'select 1';
create view v as select m from t;
create index t_m on t (m);
)sql",
                                 R"sql(
create type mood as enum ('happy', 'sad');
create table t (id int primary key, m mood not null default 'sad', more mood[]);
create function f(mood) returns int language sql as 'select 1';
create view v as select m from t;
create index t_m on t (m);
)sql");
  EXPECT_TRUE(result.proof.proven) << told(result);
}

TEST(Plan, CirclesAreBroken) {
  constexpr std::string_view circles = R"sql(
create table a (id int primary key, b_id int);
create table b (id int primary key, a_id int references a(id));
alter table a add foreign key (b_id) references b(id);
create view v as select 1 as x, 'a'::text as y;
create function f() returns setof v language sql as 'select 1, ''a''::text';
create or replace view v as select f.x, f.y from f();
)sql";
  const Planned up = planned("", circles);
  EXPECT_TRUE(up.proof.proven) << told(up);
  const Planned down = planned(
      "create table a (id int primary key, b_id int);\n"
      "create table b (id int primary key, a_id int references a(id));\n"
      "alter table a add foreign key (b_id) references b(id);\n",
      "");
  EXPECT_TRUE(down.proof.proven) << told(down);
}

TEST(Plan, PartitionsKeepTheirIndexesNames) {
  constexpr std::string_view to = R"sql(
create table m (id int not null, at date not null, v text, primary key (id, at)) partition by range (at);
create index m_v on m (v);
create table m1 partition of m for values from ('2024-01-01') to ('2025-01-01');
create table m2 (v text, at date not null, id int not null);
create index other_name on m2 (v);
alter table m attach partition m2 for values from ('2025-01-01') to ('2026-01-01');
create table m3 partition of m default partition by list (id);
create table m31 partition of m3 for values in (1);
)sql";
  const Planned from_nothing = planned("", to);
  EXPECT_TRUE(from_nothing.proof.proven) << told(from_nothing);
  const Planned one_more = planned(R"sql(
create table m (id int not null, at date not null, v text, primary key (id, at)) partition by range (at);
create index m_v on m (v);
create table m1 partition of m for values from ('2024-01-01') to ('2025-01-01');
)sql",
                                   to);
  EXPECT_TRUE(one_more.proof.proven) << told(one_more);
}

TEST(Plan, RenamesAreDoneOnlyWhenTheyAreGiven) {
  constexpr std::string_view from = R"sql(
create table users (id serial primary key, mail text not null unique, constraint users_mail_check check (mail <> ''));
create table posts (user_id int references users (id));
create view everybody as select users.id, users.mail from users;
)sql";
  constexpr std::string_view to = R"sql(
create table people (id serial primary key, email text not null unique, constraint people_email_check check (email <> ''));
create table posts (user_id int references people (id));
create view everybody as select people.id, people.email as mail from people;
)sql";
  const Planned without = planned(from, to);
  EXPECT_TRUE(without.proof.proven) << told(without);
  EXPECT_TRUE(without.plan.drops_data());
  const auto likely = plan::likely_renames(without.from, without.to);
  EXPECT_TRUE(likely.empty()) << describe(likely.front().from);

  plan::Options options;
  options.renames = {
      {{.kind = Kind::table, .schema = Text("public"), .name = Text("users")},
       {.kind = Kind::table, .schema = Text("public"), .name = Text("people")}},
      {{.kind = Kind::column, .schema = Text("public"), .relation = Text("people"), .name = Text("mail")},
       {.kind = Kind::column, .schema = Text("public"), .relation = Text("people"), .name = Text("email")}}};
  const Planned with = planned(from, to, options);
  EXPECT_TRUE(with.proof.proven) << told(with);
  EXPECT_FALSE(with.plan.drops_data()) << told(with);
}

TEST(Plan, ATablesPartsAreRenamedByEitherName) {
  constexpr std::string_view from = "create table a (id int primary key, mail text not null);\n";
  constexpr std::string_view to = "create table b (id int primary key, email text not null);\n";
  const auto column = [](const char* table, const char* name) {
    return catalog::ObjectId{
        .kind = Kind::column, .schema = Text("public"), .relation = Text(table), .name = Text(name)};
  };
  const plan::Rename table{{.kind = Kind::table, .schema = Text("public"), .name = Text("a")},
                           {.kind = Kind::table, .schema = Text("public"), .name = Text("b")}};
  for (const char* const name : {"a", "b"}) {
    plan::Options options;
    options.renames = {table, {column(name, "mail"), column("b", "email")}};
    const Planned with = planned(from, to, options);
    EXPECT_TRUE(with.proof.proven) << told(with);
    EXPECT_FALSE(with.plan.drops_data()) << told(with);
  }
}

TEST(Plan, LikelyRenamesAreAskedAbout) {
  const Planned result =
      planned("create table t (id int, a text, b int);\n", "create table t (id int, c text, b int);\n");
  const auto likely = plan::likely_renames(result.from, result.to);
  ASSERT_EQ(likely.size(), 1U);
  EXPECT_EQ(to_string(likely[0].to), "public.t.c");
}

TEST(Plan, AColumnThatMustNotBeNullNeedsAValue) {
  constexpr std::string_view from = "create table users (id int);\n";
  constexpr std::string_view to = "create table users (id int, password text not null);\n";
  const Planned without = planned(from, to);
  EXPECT_TRUE(without.plan.needs_fill());
  plan::Options options;
  options.fills["public.users.password"] = "'changeme'";
  const std::string url = database_with(std::string(from) + "insert into users values (1);\n");
  const plan::Plan plan = plan::make_plan(read(url), without.to, home, options);
  EXPECT_FALSE(plan.needs_fill());
  pg::Connection connection = test::connect(url);
  ASSERT_TRUE(engine::run_plan(connection, plan)) << plan::to_sql(plan);
  EXPECT_EQ(test::value_of(connection, "select password from users"), "changeme");
  EXPECT_EQ(differences(without.to, url), 0U);
}

TEST(Plan, AnAdditivePlanDropsNothing) {
  plan::Options options;
  options.additive = true;
  const Planned result =
      planned("create table t (id int, extra text);\ncreate table other (id int);\n",
              "create table t (id int, missing text);\ncreate index t_id on t (id);\n", options);
  EXPECT_TRUE(result.proof.proven) << told(result);
  EXPECT_FALSE(result.plan.drops_data());
  EXPECT_FALSE(mentions(result.plan, "DROP"));
  EXPECT_EQ(result.plan.extra.size(), 3U);  // the column, the table and its column
}

TEST(Plan, DroppingSaysWhatIsLost) {
  const Planned result =
      planned("create table t (id int, a text);\ncreate table u (id int);\n", "create table t (id int);\n");
  EXPECT_TRUE(result.proof.proven) << told(result);
  EXPECT_TRUE(mentions(result.plan, "HAZARD: drops column public.t.a: its values are lost"));
  EXPECT_TRUE(mentions(result.plan, "HAZARD: drops table public.u: its rows are lost"));
}

TEST(Plan, APlanThatDoesSomethingElseIsUnproven) {
  Planned result = planned("create table t (id int);\n", "create table t (id bigint, a text);\n");
  ASSERT_TRUE(result.proof.proven);
  result.plan.transactions.front().steps.pop_back();
  pg::Connection connection = test::connect(test::test_url(home));
  const auto proof =
      test::must(engine::prove_plan(connection, result.from, result.to, result.plan, {}), "proving");
  EXPECT_FALSE(proof.proven);
  EXPECT_EQ(proof.why_not, "the plan does not lead where it should");

  result.plan.transactions.front().steps.front().sql = "ALTER TABLE nothing ADD COLUMN a int";
  pg::Connection again = test::connect(test::test_url(home));
  const auto failed =
      test::must(engine::prove_plan(again, result.from, result.to, result.plan, {}), "proving");
  EXPECT_FALSE(failed.proven);
  EXPECT_EQ(failed.why_not, "a statement of the plan fails");
}

}  // namespace
}  // namespace candor
