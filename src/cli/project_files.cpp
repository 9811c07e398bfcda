#include "cli/project_files.h"

namespace candor::cli {

Result<ProjectFiles> open_files(const Context& context) {
  auto settings = context.settings_with_folder();
  if (!settings) return pass(settings);
  auto project = engine::open_project(*settings);
  if (project) return ProjectFiles{std::move(*project), std::nullopt};
  if (!project.error().code.id.starts_with("C04")) return pass(project);

  auto history = history::read_history(settings->dir, engine::folder_options(*settings));
  if (!history) return pass(history);
  std::filesystem::path lock_path = engine::lock_path_of(*settings, history->format);
  engine::Project bare{.settings = *settings,
                       .history = std::move(*history),
                       .lock_path = std::move(lock_path),
                       .lock = std::nullopt,
                       .lock_findings = {}};
  return ProjectFiles{std::move(bare), std::move(project.error())};
}

}  // namespace candor::cli
