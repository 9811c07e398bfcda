/// history/formats/structure_sql.h: what Rails' db/structure.sql says of the migrations that are in it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "history/migration.h"

namespace candor::history {

constexpr std::string_view structure_name = "structure.sql";

/// The versions that the text writes into schema_migrations, ascending (ActiveRecord, SchemaStatements,
/// dump_schema_information). None: it is not Rails'.
std::vector<Version> versions_in_structure(std::string_view text);
/// Those of a history that the format has read. None: its file cannot be read any more.
std::vector<Version> versions_in_structure(const History& history);

}  // namespace candor::history
