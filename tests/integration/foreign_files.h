/// tests/integration/foreign_files.h: histories of files that no format has read.
#pragma once

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "integration/project.h"

namespace candor::test {

using Texts = std::vector<std::pair<std::string, std::string>>;

/// A history whose files are there, read by no format.
class Files {
 public:
  explicit Files(const Texts& files) {
    for (const auto& [name, text] : files) add(name, text);
  }
  void add(const std::string& name, const std::string& text) {
    const fs::path path = project_.folder() / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    const std::string stem = fs::path(name.substr(0, name.find('/'))).filename().string();
    const std::size_t begin = std::min(stem.find_first_of("0123456789"), stem.size());
    const std::size_t end = std::min(stem.find_first_not_of("0123456789._", begin), stem.size());
    std::string version = stem.substr(begin, end - begin);
    while (!version.empty() && (version.back() == '_' || version.back() == '.')) version.pop_back();
    history_.folder = project_.folder();
    history::Migration migration;
    migration.version = history::Version(version);
    migration.name = end < stem.size() ? stem.substr(end) : stem;
    if (migration.name.ends_with(".sql")) migration.name.resize(migration.name.size() - 4);
    migration.path = path;
    migration.file = name;
    history_.migrations.push_back(std::move(migration));
  }
  [[nodiscard]] const history::History& history() const { return history_; }
  [[nodiscard]] const TestProject& project() const { return project_; }

 private:
  TestProject project_;
  history::History history_;
};

}  // namespace candor::test
