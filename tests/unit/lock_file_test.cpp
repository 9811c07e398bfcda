#include "history/lock_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "catalog/diff.h"
#include "history/lock_format.h"
#include "objects.h"

namespace candor::history {
namespace {

using catalog::Catalog;
using catalog::id_of;
using catalog::Kind;
using catalog::object;

LockEntry entry(std::string version, std::string name, std::vector<catalog::Effect> effects = {}) {
  LockEntry result;
  result.version = Version(version);
  result.name = name;
  result.file = version + "_" + name + ".sql";
  result.checksum = "sha256:" + version;
  result.effects = std::move(effects);
  result.fingerprint = "sha256:f" + version;
  return result;
}

/// A lock in which every kind of line occurs.
LockFile sample() {
  const Catalog empty;
  const Catalog first(catalog::small_schema(), 15);
  auto objects = catalog::small_schema();
  std::erase_if(objects, [](const auto& o) { return o.id.kind == Kind::index; });
  for (auto& o : objects)
    if (o.id == id_of(Kind::column, "public.users.email"))
      o.values[catalog::attribute(Kind::column, "type")] = Text("text");
  objects.push_back(object(Kind::table, R"(public."a \"b\"\n🐘")", {{"comment", "one\ntwo -> three"}}));
  objects.push_back(object(Kind::function, R"x(public.g("\"char\""))x", {{"returns", "\"char\""}}));
  const Catalog second(objects, 15);

  LockFile lock;
  lock.server = 15;
  lock.other_servers = {13, 17};
  lock.given = diff(
      empty, Catalog({object(Kind::schema, "auth"), object(Kind::column, "auth.u.b", {{"position", "1"}}),
                      object(Kind::column, "auth.u.a", {{"position", "2"}})}));
  lock.entries = {entry("0001", "start", diff(empty, first)), entry("0002", "change", diff(first, second)),
                  entry("0003", "odd name", {})};
  lock.entries[0].tuples[15] = {{"pg_class", 3, 1, 0}, {"pg_attribute", 20, 0, 0}, {"pg_proc", 0, 0, 0}};
  lock.entries[0].tuples[17] = {{"pg_class", 3, 0, 2}};
  lock.entries[2].tuples[15] = {};
  lock.entries[0].forms[17] = {{id_of(Kind::view, "public.grown_ups"),
                                catalog::attribute(Kind::view, "definition"),
                                Text(" SELECT id\n   FROM users u;")}};
  lock.entries[2].file = "0003 ödd \"file\".sql";
  return lock;
}

std::string sample_text() {
  LockFile lock = sample();
  return serialise(lock);
}

std::string code_of(std::string_view text) {
  const auto lock = parse_lock(text, "candor.lock");
  return lock ? "read" : std::string(lock.error().code.id);
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

/// A text whose entries say what they say and are chained as if they always had: only the grammar can object.
std::string rechained(std::string text) {
  std::string chain;
  std::string lines;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at) + 1;
    const std::string line = text.substr(at, end - at);
    at = end;
    if (line == "\n") {
      if (chain.empty()) chain = lock_format::chain_of({}, lines);
      out += lines + line;
      lines.clear();
    } else if (line.starts_with("chain ")) {
      chain = lock_format::chain_of(chain, lines);
      out += lines + "chain " + chain + "\n";
      lines.clear();
    } else {
      lines += line;
    }
  }
  return out + lines;
}

TEST(LockFile, HasOneFactALine) {
  LockFile lock;
  lock.server = 15;
  lock.other_servers = {17};
  lock.given = diff(Catalog(), Catalog({object(Kind::schema, "auth")}));
  const Catalog from({object(Kind::schema, "public"), object(Kind::index, "public.users.old_idx"),
                      object(Kind::column, "public.users.email", {{"type", "character varying(50)"}})});
  const Catalog to({
      object(Kind::schema, "public"),
      object(Kind::column, "public.users.email", {{"type", "text"}, {"not_null", "true"}}),
      object(Kind::table, "public.sessions"),
      object(Kind::column, "public.sessions.b", {{"type", "bigint"}, {"position", "2"}}),
      object(Kind::column, "public.sessions.a", {{"type", "text"}, {"position", "10"}}),
      object(Kind::column, "public.sessions.c",
             {{"type", "uuid"}, {"default", "gen_random_uuid()"}, {"position", "1"}}),
      object(Kind::constraint, "public.sessions.sessions_pkey", {{"type", "primary_key"}}),
  });
  lock.entries.push_back(entry("0001", "add_sessions", diff(from, to)));
  lock.entries[0].tuples[15] = {{"pg_class", 3, 0, 0}, {"pg_attribute", 10, 2, 1}};
  lock.entries[0].forms[17] = {{id_of(Kind::view, "public.v"), catalog::attribute(Kind::view, "definition"),
                                Text(" SELECT id\n   FROM u;")}};
  const std::string text = serialise(lock);
  EXPECT_EQ(text,
            "candor.lock 1\n"
            "server 15\n"
            "other-servers 17\n"
            "+ schema auth\n"
            "\n"
            "migration 0001 add_sessions\n"
            "file 0001_add_sessions.sql\n"
            "checksum sha256:0001\n"
            "+ table public.sessions\n"
            "+ column public.sessions.c type=uuid default=gen_random_uuid() position=1\n"
            "+ column public.sessions.b type=bigint position=2\n"
            "+ column public.sessions.a type=text position=10\n"
            "+ constraint public.sessions.sessions_pkey type=primary_key\n"
            "~ column public.users.email type=\"character varying(50)\"->text not_null=\"\"->true\n"
            "- index public.users.old_idx\n"
            "tuples 15 pg_attribute=10/2/1 pg_class=3/0/0\n"
            "form 17 view public.v definition=\" SELECT id\\n   FROM u;\"\n"
            "fingerprint sha256:f0001\n"
            "chain " +
                lock.entries[0].chain +
                "\n"
                "\n"
                "end 1\n");
}

TEST(LockFile, ComesBackAsItWas) {
  LockFile lock = sample();
  const std::string text = serialise(lock);
  auto back = parse_lock(text, "candor.lock");
  ASSERT_TRUE(back.has_value()) << back.error().message << "\n" << back.error().where->text;
  EXPECT_EQ(back->server, 15);
  EXPECT_EQ(back->other_servers, (std::vector<int>{13, 17}));
  EXPECT_EQ(back->given.size(), 3U);
  EXPECT_EQ(back->given, lock.given);
  ASSERT_EQ(back->entries.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    const LockEntry& a = lock.entries[i];
    const LockEntry& b = back->entries[i];
    EXPECT_EQ(a.version.text(), b.version.text());
    EXPECT_EQ(a.name, b.name);
    EXPECT_EQ(a.file, b.file);
    EXPECT_EQ(a.checksum, b.checksum);
    EXPECT_EQ(a.effects, b.effects);
    EXPECT_EQ(a.fingerprint, b.fingerprint);
    EXPECT_EQ(a.chain, b.chain);
    EXPECT_FALSE(b.chain.empty());
  }
  EXPECT_EQ(back->entries[0].tuples[15],
            (std::vector<TupleCount>{{"pg_attribute", 20, 0, 0}, {"pg_class", 3, 1, 0}}));
  EXPECT_TRUE(back->entries[2].tuples.contains(15));
  ASSERT_EQ(back->entries[0].forms[17].size(), 1U);
  EXPECT_EQ(back->entries[0].forms[17][0].text, " SELECT id\n   FROM users u;");
  EXPECT_EQ(serialise(*back), text);
}

TEST(LockFile, OfNoMigrations) {
  LockFile lock;
  lock.server = 15;
  const std::string text = serialise(lock);
  EXPECT_EQ(text, "candor.lock 1\nserver 15\n\nend 0\n");
  EXPECT_EQ(code_of(text), "read");
}

TEST(LockFile, CutAnywhereIsMalformed) {
  const std::string text = sample_text();
  for (std::size_t size = 0; size < text.size(); ++size)
    ASSERT_EQ(code_of(text.substr(0, size)), "C0402") << size;
  const auto cut = parse_lock(text.substr(0, text.find("\nmigration 0002") + 1), "candor.lock");
  ASSERT_FALSE(cut.has_value());
  EXPECT_EQ(cut.error().message, "the lock file is truncated: it ends before its `end` line");
}

TEST(LockFile, NoDamagedByteGoesUnnoticed) {
  const std::string text = sample_text();
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char c : {'x', '0', ' ', '\n', '"', '\r', '\0', static_cast<char>(text[at] ^ 1),
                         static_cast<char>(text[at] ^ 0x80)}) {
      if (c == text[at]) continue;
      std::string damaged = text;
      damaged[at] = c;
      ASSERT_NE(code_of(damaged), "read") << "byte " << at << " made " << static_cast<int>(c);
    }
    std::string shorter = text;
    shorter.erase(at, 1);
    ASSERT_NE(code_of(shorter), "read") << "without byte " << at;
  }
}

TEST(LockFile, NoLineMayGoOrComeTwice) {
  const std::string text = sample_text();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at) + 1;
    const std::string line = text.substr(at, end - at);
    ASSERT_NE(code_of(text.substr(0, at) + text.substr(end)), "read") << "without " << line;
    ASSERT_NE(code_of(text.substr(0, end) + line + text.substr(end)), "read") << "twice " << line;
    at = end;
  }
}

TEST(LockFile, WindowsLineEndsAreRead) {
  std::string text;
  for (const char c : sample_text()) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  auto lock = parse_lock(text, "candor.lock");
  ASSERT_TRUE(lock.has_value()) << lock.error().message;
  EXPECT_EQ(serialise(*lock), sample_text());
}

TEST(LockFile, MalformedLinesAreNamed) {
  struct Case {
    std::string_view what;
    std::string_view with;
    std::string_view code;
    std::string_view message;
    int line;
    int column;
  };
  const Case cases[] = {
      {"candor.lock 1", "candor.lock 2", "C0404", "the lock file has version 2, this Candor knows 1", 1, 14},
      {"candor.lock 1", "candor.lock 0", "C0402", "there is no such version", 1, 14},
      {"candor.lock 1", "candor.luck 1", "C0402", "expected a line `candor.lock …`", 1, 1},
      {"candor.lock 1", "candor.lock one", "C0402", "expected a number", 1, 13},
      {"server 15", "server 15 16", "C0402", "there is more on the line than belongs there", 2, 10},
      {"server 15", "server 015", "C0402", "expected a number", 2, 8},
      {"\nmigration 0001", "migration 0001", "C0402", "there is more on the line than belongs there", 7, 1},
      {"migration 0001 start", "migration 0001", "C0402", "expected ' '", 8, 15},
      {"checksum", "checksam", "C0402", "expected a line `checksum …`", 10, 1},
      {"+ extension citext", "* extension citext", "C0402", "expected a line `fingerprint …`", 11, 1},
      {"+ extension citext", "+ extensions citext", "C0402", "expected a kind of object", 11, 3},
      {"+ extension citext", "+ extension Citext", "C0402", "expected an identity of the kind extension", 11,
       13},
      {"+ extension citext", "+ extension citext colour=red", "C0402",
       "expected an attribute of the kind extension", 11, 20},
      {"+ extension citext schema=public", "+ extension citext schema=", "C0402",
       "expected a word or a JSON string", 11, 27},
      {"+ extension citext schema=public", "+ extension citext schema=a schema=b", "C0402",
       "the attribute is given twice", 11, 36},
      {"+ extension citext schema=public\n", "+ extension citext\n+ extension citext\n", "C0402",
       "the migration has two effects on extension citext", 21, 1},
      {"+ schema public", "- schema public name=x", "C0402", "there is more on the line than belongs there",
       12, 16},
      {"+ schema public", "~ schema public", "C0402", "expected what was altered", 12, 16},
      {"type=\"character varying(50)\"->text", "type=\"character varying(50)\"=text", "C0402", "expected '-'",
       0, 0},
      {"pg_attribute=20/0/0", "pg_attribute=20/0", "C0402", "expected '/'", 0, 0},
      {"tuples 17 ", "tuples 15 ", "C0402", "the tuples of server 15 are given twice", 0, 0},
      {"file \"0003 ödd", "file 0003 ödd", "C0402", "there is more on the line than belongs there", 0, 10},
      {"end 3\n", "end 3\n\n", "C0402", "there is more after the end mark", 0, 0},
      {"end 3", "end 2", "C0403", "the end mark counts 2 migrations, but the file holds 3", 0, 0},
      {"server 15", "server 16", "C0403",
       "the chain of migration 0001 start does not fit its lines and the top of the file", 0, 0},
      {"not_null=true", "not_null=\"\"", "C0403",
       "the chain of migration 0001 start does not fit its lines and the top of the file", 0, 0},
      {"sha256:f0002", "sha256:f0009", "C0403", "the chain of migration 0002 change does not fit its lines",
       0, 0},
  };
  for (const Case& c : cases) {
    const auto lock = parse_lock(replaced(sample_text(), c.what, c.with), "db/candor.lock");
    ASSERT_FALSE(lock.has_value()) << c.with;
    EXPECT_EQ(lock.error().code.id, c.code) << c.with;
    EXPECT_EQ(lock.error().message, c.message) << c.with;
    EXPECT_FALSE(lock.error().hint.empty());
    ASSERT_TRUE(lock.error().where.has_value());
    EXPECT_EQ(lock.error().where->file, "db/candor.lock");
    if (c.line > 0) {
      EXPECT_EQ(lock.error().where->line, c.line) << c.with;
    }
    if (c.column > 0) {
      EXPECT_EQ(lock.error().where->column, c.column) << c.with;
    }
  }
  EXPECT_EQ(code_of(""), "C0402");
}

TEST(LockFile, AFittingChainDoesNotExcuseTheGrammar) {
  EXPECT_EQ(rechained(sample_text()), sample_text());
  for (const auto& [what, with] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"+ schema public", "+ scheme public"},
           {"+ schema public", "+ schema \"public\""},
           {"+ schema public", "+ schema public "},
           {"not_null=true", "not_null=\"true\""},
           {"fingerprint sha256:f0002\n", ""},
           {"~ column", "! column"},
       })
    EXPECT_EQ(code_of(rechained(replaced(sample_text(), what, with))), "C0402") << with;
  // Attributes and effects in another order are read: a later version may list them so.
  const std::string other =
      rechained(replaced(sample_text(), "type=bigint not_null=true", "not_null=true type=bigint"));
  ASSERT_NE(other, sample_text());
  auto lock = parse_lock(other, "candor.lock");
  ASSERT_TRUE(lock.has_value()) << lock.error().message;
  EXPECT_EQ(serialise(*lock), sample_text());
}

TEST(LockFile, ConflictMarkersAreFoundBeforeAnythingElse) {
  for (const std::string_view marker : {"<<<<<<< HEAD", "=======", ">>>>>>> theirs", "||||||| base"}) {
    const std::string text = sample_text();
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      std::string damaged = text.substr(0, at) + std::string(marker) + "\n" + text.substr(at);
      ASSERT_EQ(code_of(damaged), "C0405") << damaged;
      // … also where a line above is wrong because of the merge.
      if (at > 0) {
        ASSERT_EQ(code_of(replaced(damaged, "server 15", "server 16")), "C0405");
      }
    }
  }
  const auto lock = parse_lock(replaced(sample_text(), "end 3", "=======\nend 3"), "candor.lock");
  ASSERT_FALSE(lock.has_value());
  EXPECT_EQ(lock.error().where->text, "=======");
}

/// The lines of a lock's last entry and of what follows.
std::string last_entry(LockFile lock) {
  const std::string text = serialise(lock);
  return text.substr(text.rfind("migration "));
}

TEST(LockFile, AMergeOfTwoBranchesIsNamedAsOne) {
  struct Case {
    const char* name;
    std::vector<LockEntry> base;
    std::string_view message;
  };
  const Case cases[] = {
      {"after a common migration",
       {entry("0001", "base"), entry("0002", "trunk")},
       "migrations 0003 ours and 0004 theirs were both locked right after 0002 trunk, in two branches that "
       "were then "
       "merged"},
      {"from the beginning",
       {},
       "migrations 0003 ours and 0004 theirs were both locked as the first, in two branches that were then "
       "merged"},
  };
  for (const Case& c : cases) {
    LockFile ours;
    ours.server = 15;
    ours.entries = c.base;
    LockFile theirs = ours;
    ours.entries.push_back(entry("0003", "ours"));
    ours.entries.push_back(entry("0005", "ours_again"));
    theirs.entries.push_back(entry("0004", "theirs"));
    const std::string text = serialise(ours);
    const auto lock = parse_lock(text.substr(0, text.rfind("end ")) + last_entry(theirs), "candor.lock");
    ASSERT_FALSE(lock.has_value()) << c.name;
    EXPECT_EQ(lock.error().code.id, "C0407") << c.name;
    EXPECT_EQ(lock.error().message, c.message);
    EXPECT_EQ(lock.error().hint, "run `candor lock` to replay them in one order");
  }
}

TEST(LockFile, OnDisk) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("candor-lock-test-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const auto path = folder / "candor.lock";
  const auto missing = read_lock(path);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code.id, "C0401");
  ASSERT_TRUE(write_file_atomically(path, sample_text()).has_value());
  EXPECT_TRUE(read_lock(path).has_value());
  EXPECT_EQ(read_lock(folder).error().code.id, "C0004");
  std::filesystem::remove_all(folder);
}

TEST(LockFile, FindsVersions) {
  LockFile lock = sample();
  EXPECT_EQ(lock.find(Version("2")), &lock.entries[1]);
  EXPECT_EQ(lock.find(Version("0004")), nullptr);
  std::swap(lock.entries[0], lock.entries[2]);
  for (const LockEntry& e : lock.entries) EXPECT_EQ(lock.find(e.version), &e);
}

}  // namespace
}  // namespace candor::history
