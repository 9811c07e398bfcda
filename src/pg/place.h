/// pg/place.h: directories and lock files of the embedded server, made for the account that it runs under.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.h"
#include "pg/account.h"
#include "pg/fd.h"

namespace candor::pg {

/// "what: the operating system's reason"; a full disk is named as such. Codes: C0005, C0112 for ENOSPC and
/// EDQUOT.
[[nodiscard]] std::unexpected<Error> system_failure(const std::string& what, int error_number);

/// Gives an open file or directory to the account, if there is one.
Result<> hand_over(int fd, const std::optional<Account>& account, const std::filesystem::path& path);
/// Makes the directory (not its parents) with mode 0700 for the account unless it exists. Errors: C0005, also
/// when it exists and belongs to someone else.
Result<> make_private_directory(const std::filesystem::path& path, const std::optional<Account>& account);
/// A new directory named `prefix` + six characters, mode 0700, for the account. Errors: C0005 · C0112.
Result<std::filesystem::path> make_unique_directory(const std::string& prefix,
                                                    const std::optional<Account>& account);

/// Opens the file, made when missing, for the account. Errors: C0005 · C0112.
Result<Fd> open_file(const std::filesystem::path& path, int flags, const std::optional<Account>& account);
/// Takes the exclusive lock of an open file without waiting.
bool try_lock(const Fd& file);

/// ext4 places a new directory near its parent, and looks for free inodes past every one that was freed in
/// the last minutes: after a few throw-away servers, copying 1,269 files takes 0.8-7 s instead of 0.06 s.
/// This flag (chattr +T) makes it spread the directories in `directory` over the disk, by a hash of their
/// names: give them random ones. Other file systems refuse it, and do not need it.
void spread_entries(const std::filesystem::path& directory);

/// Where Candor keeps what can be made again: $XDG_CACHE_HOME or ~/.cache; for root a place that the account
/// can reach, /var/cache unless $XDG_CACHE_HOME is one. "candor" is appended and made. Errors: C0005.
Result<std::filesystem::path> cache_directory(const std::optional<Account>& account);
/// Where sockets and throw-away servers live: "candor-<uid>" in $TMPDIR if that name is short and plain
/// enough for a socket, else in /tmp. Ours alone. Errors: C0005.
Result<std::filesystem::path> servers_directory(const std::optional<Account>& account);

}  // namespace candor::pg
