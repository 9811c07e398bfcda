/// pg/tree.h: whole directory trees, copied, measured and removed by plain system calls.
///
/// Nothing here allocates memory, so that a child forked from a program with threads may call it. Symbolic
/// links are never followed. Every function returns 0 or an errno.
#pragma once

#include <cstdint>

namespace candor::pg {

/// What a tree holds, cheap to take while copying: a missing, shortened or rewritten file changes it.
struct TreeSize {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t times = 0;  ///< the sum of the files' modification times in seconds
  friend bool operator==(const TreeSize&, const TreeSize&) = default;
};

/// Copies regular files and directories below `from` into the empty directory `to` (both open directories).
int copy_tree(int from, int to, TreeSize& copied);
int measure_tree(int directory, TreeSize& size);
/// Removes `name` below the open directory `parent`, whatever it is; ENOENT counts as done.
int remove_tree(int parent, const char* name);
/// Calls remove_tree for a path.
int remove_tree(const char* path);

/// Calls visit(context, name) for each entry of an open directory, until one call returns not 0.
int for_each_entry(int directory, int (*visit)(void* context, const char* name), void* context);

}  // namespace candor::pg
