/// engine/schema_source.h: a schema by name: a database, a version of the history, SQL files, nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "engine/project.h"
#include "pg/connection.h"

namespace candor::engine {

struct SchemaSource {
  enum class Nature : std::uint8_t { empty, version, database, files };
  Nature nature = Nature::empty;
  std::string text;                          ///< as it was given
  std::string version;                       ///< version: "head" or a version
  std::vector<std::filesystem::path> files;  ///< files: in the order in which they run

  /// For people: without a password.
  [[nodiscard]] std::string name() const;
};

/// "empty", "@head", "@0021", a connection string, a file or a folder of SQL files (in the order of their
/// names; down files are left out). Errors: C0001 it is none of these · C0004.
Result<SchemaSource> parse_source(const std::string& text);

/// What a source says of the server that its texts come from: a database's or the lock's major. nullopt:
/// whatever the shadow is.
Result<std::optional<int>> major_of(const SchemaSource& source, const Project* project);

/// The source's catalog, as a server of `major` prints it. Files run in a shadow of their own; so does the
/// history when the lock was made with another major. `project` is needed for versions alone.
/// Errors: as Connection::open, read, Shadow::open · C0314 no such version · C0401 no lock · C0411 a
/// statement failed.
Result<catalog::Catalog> read_source(const SchemaSource& source, const Project* project,
                                     const Settings& settings, std::optional<int> major,
                                     std::vector<Finding>& findings);

}  // namespace candor::engine
