/// pg/account.h: the account that a server runs under, which matters only to root: PostgreSQL refuses to run
/// as root.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.h"

namespace candor::pg {

struct Account {
  uid_t uid = 0;
  gid_t gid = 0;
  std::string name;
};

/// Nothing unless we are root: then `postgres`, else `nobody`. Errors: C0108 when there is neither.
Result<std::optional<Account>> server_account();
/// The account with this uid, under whatever name; for data that belong to someone already.
Account account_of(uid_t uid, gid_t gid);

/// Turns the calling process into the account for good; false with errno set. Safe between fork and exec.
bool become(const Account& account);

/// True if the account may pass through every directory from / down to `path` (by the mode bits alone).
bool can_traverse(const Account& account, const std::filesystem::path& path);

/// The owner of what a server makes: the account's uid, or ours.
uid_t owner_id(const std::optional<Account>& account);

}  // namespace candor::pg
