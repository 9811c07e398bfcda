#include "pg/tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "pg/fd.h"

namespace candor::pg {
namespace {

constexpr int directory_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

void count(const struct stat& status, TreeSize& size) {
  ++size.files;
  size.bytes += static_cast<std::uint64_t>(status.st_size);
  size.times += static_cast<std::uint64_t>(status.st_mtim.tv_sec);
}

/// Where the file system can share blocks copy_file_range does so; where it cannot copy at all, we read and
/// write.
int copy_content(int from, int to) {
  for (;;) {
    const ssize_t size = ::copy_file_range(from, nullptr, to, nullptr, 1U << 30, 0);
    if (size == 0) return 0;
    if (size > 0) continue;
    if (errno != EXDEV && errno != ENOSYS && errno != EINVAL && errno != EOPNOTSUPP) return errno;
    break;
  }
  char buffer[65536];
  for (;;) {
    const ssize_t size = ::read(from, buffer, sizeof buffer);
    if (size == 0) return 0;
    if (size < 0) return errno;
    for (ssize_t done = 0; done < size;) {
      const ssize_t written = ::write(to, buffer + done, static_cast<std::size_t>(size - done));
      if (written < 0) return errno;
      done += written;
    }
  }
}

struct Copying {
  int from, to;
  TreeSize& copied;
};

int copy_entry(void* context, const char* name) {
  const Copying& copying = *static_cast<Copying*>(context);
  const Fd source(::openat(copying.from, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  struct stat status = {};
  if (!source || ::fstat(source.get(), &status) != 0) return errno;
  if (S_ISDIR(status.st_mode)) {
    if (::mkdirat(copying.to, name, status.st_mode & 0777) != 0) return errno;
    const Fd target(::openat(copying.to, name, directory_flags));
    return target ? copy_tree(source.get(), target.get(), copying.copied) : errno;
  }
  if (!S_ISREG(status.st_mode)) return EINVAL;
  count(status, copying.copied);
  const Fd target(::openat(copying.to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, status.st_mode & 0777));
  if (!target) return errno;
  return status.st_size == 0 ? 0 : copy_content(source.get(), target.get());
}

struct Measuring {
  int directory;
  TreeSize& size;
};

int measure_entry(void* context, const char* name) {
  const Measuring& measuring = *static_cast<Measuring*>(context);
  struct stat status = {};
  if (::fstatat(measuring.directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return errno;
  if (!S_ISDIR(status.st_mode)) {
    count(status, measuring.size);
    return 0;
  }
  const Fd inner(::openat(measuring.directory, name, directory_flags));
  return inner ? measure_tree(inner.get(), measuring.size) : errno;
}

int remove_entry(void* context, const char* name) {
  return remove_tree(*static_cast<int*>(context), name);
}

}  // namespace

int for_each_entry(int directory, int (*visit)(void* context, const char* name), void* context) {
  alignas(dirent64) char buffer[16384];
  for (;;) {
    const ssize_t size = ::getdents64(directory, buffer, sizeof buffer);
    if (size == 0) return 0;
    if (size < 0) return errno;
    for (ssize_t at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const dirent64*>(buffer + at);
      at += entry->d_reclen;
      const std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      if (const int error = visit(context, entry->d_name); error != 0) return error;
    }
  }
}

int copy_tree(int from, int to, TreeSize& copied) {
  Copying copying{from, to, copied};
  return for_each_entry(from, copy_entry, &copying);
}

int measure_tree(int directory, TreeSize& size) {
  Measuring measuring{directory, size};
  return for_each_entry(directory, measure_entry, &measuring);
}

int remove_tree(int parent, const char* name) {
  if (::unlinkat(parent, name, 0) == 0 || errno == ENOENT) return 0;
  if (errno != EISDIR && errno != EPERM) return errno;
  // Some file systems skip entries when others are removed while reading, and a dying server may add some.
  for (int attempt = 0; attempt < 5; ++attempt) {
    const Fd directory(::openat(parent, name, directory_flags));
    if (!directory) return errno == ENOENT ? 0 : errno;
    int inner = directory.get();
    if (const int error = for_each_entry(inner, remove_entry, &inner); error != 0) return error;
    if (::unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT) return 0;
    if (errno != ENOTEMPTY && errno != EEXIST) return errno;
  }
  return ENOTEMPTY;
}

int remove_tree(const char* path) {
  return remove_tree(AT_FDCWD, path);
}

}  // namespace candor::pg
