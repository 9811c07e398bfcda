/// tests/unit/folder.h: a folder that lives as long as the test, and findings as lines.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace candor::test {

using Files = std::vector<std::pair<std::string, std::string>>;
using Lines = std::vector<std::string>;

class Folder {
 public:
  /// `files`: names with their text; "name/" is a folder. They lie in the folder `below`.
  explicit Folder(const Files& files = {}, const char* below = "") {
    std::string name = (std::filesystem::temp_directory_path() / "candor-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    root_ = name;
    path_ = root_ / below;
    std::filesystem::create_directories(path_);
    for (const auto& [file, text] : files)
      if (file.ends_with('/'))
        std::filesystem::create_directories(path_ / file);
      else
        write(file, text);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(root_); }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  std::filesystem::path write(const std::filesystem::path& file,
                              std::string_view text = "select 1;\n") const {
    std::filesystem::create_directories((path_ / file).parent_path());
    std::ofstream(path_ / file, std::ios::binary) << text;
    return path_ / file;
  }

 private:
  std::filesystem::path root_, path_;
};

/// "E C0304 message", in order. Every finding says what to do.
inline Lines lines_of(const std::vector<Finding>& findings) {
  Lines lines;
  for (const Finding& finding : findings) {
    const char letter = finding.severity == Severity::error     ? 'E'
                        : finding.severity == Severity::warning ? 'W'
                                                                : 'N';
    lines.push_back(std::string(1, letter) + " " + std::string(finding.what.code.id) + " " +
                    finding.what.message);
    EXPECT_FALSE(finding.what.hint.empty()) << lines.back();
  }
  return lines;
}

}  // namespace candor::test
