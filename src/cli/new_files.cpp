#include "cli/new_files.h"

#include <fmt/format.h>

#include <algorithm>

namespace candor::cli {
namespace {

namespace fs = std::filesystem;

/// `name/up.sql` rather than `name.up.sql`, as the last migration has it.
bool uses_folders(const history::History& history) {
  if (history.format == "diesel" || history.format == "hasura") return true;
  return !history.migrations.empty() && fs::path(history.migrations.back().file).has_parent_path();
}

bool is_one_of(std::string_view format, std::initializer_list<std::string_view> formats) {
  return std::ranges::find(formats, format) != formats.end();
}

}  // namespace

Result<std::vector<NewFile>> new_files(const history::History& history, const std::string& stem,
                                       std::string_view up, std::string_view down) {
  const fs::path& folder = history.folder;
  const std::string_view format = history.format;
  const std::string up_text(up), down_text(down);
  const bool sqlx_pairs =
      format == "sqlx" && !history.migrations.empty() && history.migrations.back().file.ends_with(".up.sql");
  if (is_one_of(format, {"native", "supabase", "sqlx"}) && !sqlx_pairs)
    return std::vector<NewFile>{{folder / (stem + ".sql"), up_text}};
  if (sqlx_pairs || is_one_of(format, {"updown", "golang-migrate", "diesel", "hasura"})) {
    const bool folders = uses_folders(history);
    std::vector<NewFile> files{{folders ? folder / stem / "up.sql" : folder / (stem + ".up.sql"), up_text}};
    if (!down.empty())
      files.push_back({folders ? folder / stem / "down.sql" : folder / (stem + ".down.sql"), down_text});
    return files;
  }
  if (format == "prisma") return std::vector<NewFile>{{folder / stem / "migration.sql", up_text}};
  if (format == "goose")
    return std::vector<NewFile>{
        {folder / (stem + ".sql"), fmt::format("-- +goose Up\n{}\n-- +goose Down\n{}", up, down)}};
  if (format == "dbmate")
    return std::vector<NewFile>{
        {folder / (stem + ".sql"), fmt::format("-- migrate:up\n{}\n-- migrate:down\n{}", up, down)}};
  return fail(codes::format_unknown,
              fmt::format("Candor writes no new migration into a folder of {}", format),
              "make it with the tool itself");
}

}  // namespace candor::cli
