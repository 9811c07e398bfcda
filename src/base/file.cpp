#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace candor {

namespace {

constexpr std::size_t map_from = 1 << 20;

/// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }
  /// False if the kernel reports a write that failed late (NFS, quota).
  bool close() {
    const int fd = fd_;
    fd_ = -1;
    return ::close(fd) == 0;
  }

 private:
  int fd_;
};

std::string hint_for(int reason) {
  switch (reason) {
    case ENOENT:
      return "check the path";
    case EACCES:
    case EPERM:
      return "check the permissions";
    case ENOSPC:
    case EDQUOT:
      return "free some disk space";
    case EROFS:
      return "write to a file system that is not read-only";
    case EISDIR:
      return "name a file, not a folder";
    case ENOTDIR:
      return "name a folder, not a file";
    default:
      return "check the file and the disk it is on";
  }
}

std::unexpected<Error> system_error(const Code& code, std::string_view doing,
                                    const std::filesystem::path& path, int reason) {
  return std::unexpected(Error{
      .code = code,
      .message = fmt::format("cannot {} {}: {}", doing, printable(path.string()), std::strerror(reason)),
      .hint = hint_for(reason)});
}

std::unexpected<Error> unreadable(const std::filesystem::path& path, int reason) {
  return system_error(codes::file_unreadable, "read", path, reason);
}

std::unexpected<Error> unwritable(const std::filesystem::path& path, int reason) {
  return system_error(codes::file_unwritable, "write", path, reason);
}

/// A pipe with a name, whose other end nobody may ever open. What a shell hands over (/dev/fd/63) is none.
bool is_waiting_pipe(const std::filesystem::path& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISFIFO(info.st_mode) && !path.native().starts_with("/dev/") &&
         !path.native().starts_with("/proc/");
}

/// Opened for reading; the error is unreadable().
Result<int> open_for_reading(const std::filesystem::path& path) {
  if (is_waiting_pipe(path))
    return std::unexpected(
        Error{.code = codes::file_unreadable,
              .message = fmt::format("cannot read {}: it is a pipe", printable(path.string())),
              .hint = "put a file in its place"});
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return unreadable(path, errno);
  return file;
}

/// Reads to the end. `expected` is what the file system says; pipes and /proc say 0. Returns errno, or 0.
int read_all(int fd, std::size_t expected, std::string& into) {
  into.resize(expected + 1);  // one more than expected: the read that fills it finds the end as well
  std::size_t size = 0;
  for (;;) {
    const ssize_t got = ::read(fd, into.data() + size, into.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
    if (size == into.size()) into.resize(2 * size + 4096);
  }
  into.resize(size);
  return 0;
}

int write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t put = ::write(fd, content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return errno;
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  return 0;
}

/// A symbolic link is followed: the file it leads to is replaced, not the link.
std::filesystem::path final_target(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_symlink(path, ignored)) return path;
  std::filesystem::path target = std::filesystem::weakly_canonical(path, ignored);
  return ignored ? path : target;
}

/// Gives the new file the mode and, where allowed, the owner of the one it will replace.
void take_after(int fd, const std::filesystem::path& old) {
  struct stat info {};
  if (::stat(old.c_str(), &info) != 0) return;
  [[maybe_unused]] const int owner = ::fchown(fd, info.st_uid, info.st_gid);
  ::fchmod(fd, info.st_mode & 07777);
}

/// Fills `beside` and moves it over `target`. Returns errno, or 0.
int write_and_rename(Descriptor& beside, const std::filesystem::path& beside_path,
                     const std::filesystem::path& target, std::string_view content) {
  take_after(beside.get(), target);
  if (const int reason = write_all(beside.get(), content)) return reason;
  if (::fsync(beside.get()) != 0) return errno;
  if (!beside.close()) return errno;
  return ::rename(beside_path.c_str(), target.c_str()) == 0 ? 0 : errno;
}

/// Makes a rename survive a power cut. Some file systems cannot sync a folder; the content is whole either
/// way.
void sync_folder(const std::filesystem::path& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.valid()) ::fsync(opened.get());
}

}  // namespace

Result<FileText> FileText::open(const std::filesystem::path& path) {
  const auto opened = open_for_reading(path);
  if (!opened) return std::unexpected(opened.error());
  const Descriptor file(*opened);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return unreadable(path, errno);
  if (S_ISDIR(info.st_mode)) return unreadable(path, EISDIR);

  FileText text;
  const std::size_t size = static_cast<std::size_t>(info.st_size);
  if (S_ISREG(info.st_mode) && size > map_from) {
    void* const memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (memory == MAP_FAILED) return unreadable(path, errno);
    text.mapped_ = memory;
    text.size_ = size;
  } else if (const int reason = read_all(file.get(), size, text.small_)) {
    return unreadable(path, reason);
  }
  return text;
}

FileText::FileText(FileText&& other) noexcept
    : small_(std::move(other.small_)),
      mapped_(std::exchange(other.mapped_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

FileText& FileText::operator=(FileText&& other) noexcept {
  std::swap(small_, other.small_);
  std::swap(mapped_, other.mapped_);
  std::swap(size_, other.size_);
  return *this;
}

FileText::~FileText() {
  if (mapped_ != nullptr) ::munmap(mapped_, size_);
}

std::string_view FileText::view() const {
  return mapped_ != nullptr ? std::string_view(static_cast<const char*>(mapped_), size_) : small_;
}

Result<std::string> read_file(const std::filesystem::path& path) {
  const auto opened = open_for_reading(path);
  if (!opened) return std::unexpected(opened.error());
  const Descriptor file(*opened);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return unreadable(path, errno);
  std::string content;
  const auto expected = S_ISREG(info.st_mode) ? static_cast<std::size_t>(info.st_size) : 0;
  if (const int reason = read_all(file.get(), expected, content)) return unreadable(path, reason);
  return content;
}

Result<> write_file_atomically(const std::filesystem::path& path, std::string_view content) {
  const std::filesystem::path target = final_target(path);
  const std::filesystem::path folder = target.has_parent_path() ? target.parent_path() : ".";
  if (std::error_code ignored; std::filesystem::is_directory(target, ignored))
    return unwritable(path, EISDIR);

  for (int attempt = 0;; ++attempt) {
    const std::filesystem::path beside_path = folder / fmt::format(".candor-{}-{}.tmp", ::getpid(), attempt);
    Descriptor beside(::open(beside_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!beside.valid() && errno == EEXIST && attempt < 1000) continue;
    if (!beside.valid()) return unwritable(path, errno);
    if (const int reason = write_and_rename(beside, beside_path, target, content)) {
      ::unlink(beside_path.c_str());
      return unwritable(path, reason);
    }
    sync_folder(folder);
    return {};
  }
}

Result<std::vector<std::string>> list_directory(const std::filesystem::path& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), &::closedir);
  if (folder == nullptr) return unreadable(path, errno);
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(folder.get());
    if (entry == nullptr && errno != 0) return unreadable(path, errno);
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace candor
