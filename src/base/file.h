/// base/file.h: files read, mapped and written so that nobody ever sees half of one.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace candor {

/// A whole file as read-only memory. Files over 1 MiB are mapped, smaller ones read. Errors: C0004.
class FileText {
 public:
  static Result<FileText> open(const std::filesystem::path& path);
  FileText(FileText&& other) noexcept;
  FileText& operator=(FileText&& other) noexcept;
  ~FileText();
  [[nodiscard]] std::string_view view() const;

 private:
  FileText() = default;
  std::string small_;
  void* mapped_ = nullptr;
  std::size_t size_ = 0;
};

Result<std::string> read_file(const std::filesystem::path& path);
/// Writes beside `path`, syncs, renames over it: readers see the old content or the new, never a part.
/// Errors: C0005; `path` is then unchanged.
Result<> write_file_atomically(const std::filesystem::path& path, std::string_view content);
/// Names of a directory's entries, sorted bytewise, without "." and "..". Errors: C0004.
Result<std::vector<std::string>> list_directory(const std::filesystem::path& path);

/// True if `text` is well-formed UTF-8 without NUL; else `*bad_at` is the byte offset of the first fault.
bool is_valid_utf8(std::string_view text, std::size_t* bad_at = nullptr);
/// A file name or other foreign text for printing: control characters and invalid bytes become \xNN.
std::string printable(std::string_view text);

}  // namespace candor
