#include "pg/account.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace candor::pg {

Result<std::optional<Account>> server_account() {
  if (::geteuid() != 0) return std::nullopt;
  for (const char* name : {"postgres", "nobody"})
    if (const passwd* entry = ::getpwnam(name)) return Account{entry->pw_uid, entry->pw_gid, name};
  return fail(codes::server_start_failed,
              "PostgreSQL refuses to run as root, and neither the account postgres nor nobody exists",
              "run candor as an ordinary user, or add the account: useradd --system postgres");
}

Account account_of(uid_t uid, gid_t gid) {
  const passwd* entry = ::getpwuid(uid);
  return {uid, gid, entry != nullptr ? entry->pw_name : std::to_string(uid)};
}

bool become(const Account& account) {
  return ::setgroups(0, nullptr) == 0 && ::setgid(account.gid) == 0 && ::setuid(account.uid) == 0;
}

bool can_traverse(const Account& account, const std::filesystem::path& path) {
  std::filesystem::path prefix;
  for (const auto& part : path) {
    prefix /= part;
    struct stat status = {};
    if (::stat(prefix.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return false;
    const mode_t needed = status.st_uid == account.uid   ? S_IXUSR
                          : status.st_gid == account.gid ? S_IXGRP
                                                         : S_IXOTH;
    if ((status.st_mode & needed) == 0) return false;
  }
  return true;
}

uid_t owner_id(const std::optional<Account>& account) {
  return account ? account->uid : ::geteuid();
}

}  // namespace candor::pg
