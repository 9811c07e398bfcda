#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace candor {
namespace {

namespace fs = std::filesystem;

class File : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "candor-file-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  void TearDown() override { fs::remove_all(folder); }

  void put(const fs::path& path, std::string_view content) {
    std::ofstream(path, std::ios::binary) << content;
  }

  fs::path folder;
};

TEST_F(File, SmallAndMappedFilesReadAlike) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{4096}, std::size_t{3} << 20}) {
    std::string content(size, 'x');
    if (size > 2) content[size / 2] = '\0';
    put(folder / "f", content);
    auto text = FileText::open(folder / "f");
    ASSERT_TRUE(text) << size;
    EXPECT_EQ(text->view(), content);
    EXPECT_EQ(read_file(folder / "f").value(), content);

    FileText moved = std::move(*text);
    EXPECT_EQ(moved.view(), content) << "after a move";
    FileText other = FileText::open(folder / "f").value();
    other = std::move(moved);
    EXPECT_EQ(other.view(), content) << "after a move assignment";
  }
}

TEST_F(File, ReadsWhatHasNoSize) {
  EXPECT_NE(read_file("/proc/self/status").value().find("Pid:"), std::string::npos);
}

TEST_F(File, UnreadableFilesAreErrorsNotEmptyOnes) {
  const struct {
    const char* name;
    fs::path path;
    const char* says;
  } cases[] = {{"missing", folder / "nothing", "No such file"},
               {"a folder", folder, "directory"},
               {"a pipe that nobody writes to", folder / "pipe", "it is a pipe"},
               {"below a file", folder / "f" / "g", "Not a directory"}};
  put(folder / "f", "");
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  for (const auto& row : cases) {
    for (const Error& error : {FileText::open(row.path).error(), read_file(row.path).error()}) {
      EXPECT_EQ(error.code.id, "C0004") << row.name;
      EXPECT_NE(error.message.find(row.says), std::string::npos) << error.message;
      EXPECT_FALSE(error.hint.empty());
    }
  }
}

TEST_F(File, WritingReplacesWholeAndLeavesNothingBeside) {
  put(folder / "f", "old");
  chmod((folder / "f").c_str(), 0640);
  ASSERT_TRUE(write_file_atomically(folder / "f", "new"));
  EXPECT_EQ(read_file(folder / "f").value(), "new");
  struct stat info {};
  stat((folder / "f").c_str(), &info);
  EXPECT_EQ(info.st_mode & 0777, 0640u) << "the mode stays";
  ASSERT_TRUE(write_file_atomically(folder / "g", std::string(3 << 20, 'y')));
  EXPECT_EQ(list_directory(folder).value(), (std::vector<std::string>{"f", "g"}));
}

TEST_F(File, WritingFollowsALink) {
  put(folder / "real", "old");
  fs::create_symlink("real", folder / "link");
  ASSERT_TRUE(write_file_atomically(folder / "link", "new"));
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(read_file(folder / "real").value(), "new");
}

TEST_F(File, AFailedWriteChangesNothing) {
  fs::create_directory(folder / "d");
  put(folder / "d" / "inside", "kept");
  for (const fs::path& path : {folder / "d", folder / "missing" / "f", folder / "d" / "inside" / "f"}) {
    const auto written = write_file_atomically(path, "new");
    ASSERT_FALSE(written) << path;
    EXPECT_EQ(written.error().code.id, "C0005");
  }
  EXPECT_EQ(read_file(folder / "d" / "inside").value(), "kept");
  EXPECT_EQ(list_directory(folder).value(), std::vector<std::string>{"d"});
}

TEST_F(File, DirectoriesAreListedBytewise) {
  for (const char* name : {"b", "B", "a", "é", ".hidden"}) put(folder / name, "");
  EXPECT_EQ(list_directory(folder).value(), (std::vector<std::string>{".hidden", "B", "a", "b", "é"}));
  EXPECT_EQ(list_directory(folder / "nothing").error().code.id, "C0004");
  EXPECT_EQ(list_directory(folder / "a").error().code.id, "C0004");
}

TEST(Utf8, FaultsAreFoundWhereTheyAre) {
  constexpr std::size_t fine = std::string::npos;
  const struct {
    const char* name;
    std::string text;
    std::size_t bad_at;
  } cases[] = {
      {"empty", "", fine},
      {"ASCII", "select 1;\n\t", fine},
      {"two, three and four bytes", "é€😀", fine},
      {"the last character", "\xF4\x8F\xBF\xBF", fine},
      {"NUL", std::string("ab\0c", 4), 2},
      {"NUL among many", std::string("12345678") + '\0' + "1234567", 8},
      {"NUL after 0x01", std::string("1234567") + '\x01' + '\0' + "1234567", 8},
      {"Latin-1", "caf\xE9", 3},
      {"a stray continuation", "12345678\x80", 8},
      {"overlong slash", "\xC0\xAF", 0},
      {"overlong in three", "a\xE0\x80\x80", 1},
      {"surrogate", "\xED\xA0\x80", 0},
      {"above U+10FFFF", "\xF4\x90\x80\x80", 0},
      {"cut short", "abc\xE2\x82", 3},
  };
  for (const auto& row : cases) {
    std::size_t bad_at = fine;
    EXPECT_EQ(is_valid_utf8(row.text, &bad_at), row.bad_at == fine) << row.name;
    EXPECT_EQ(bad_at, row.bad_at) << row.name;
  }
}

TEST(Utf8, PrintableHidesWhatATerminalWouldObey) {
  const struct {
    std::string text, shown;
  } cases[] = {{"plain é 😀", "plain é 😀"}, {"a\nb\x1b[31m", "a\\x0Ab\\x1B[31m"},
               {"caf\xE9", "caf\\xE9"},    {"\x7F", "\\x7F"},
               {"\xC2\x9B", "\\xC2\\x9B"}, {std::string("\0", 1), "\\x00"}};
  for (const auto& row : cases) EXPECT_EQ(printable(row.text), row.shown);
}

}  // namespace
}  // namespace candor
