/// candor init: a project's first files.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <system_error>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/option_set.h"
#include "history/format.h"

namespace candor::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view settings_text =
    R"toml(# Candor's settings. What is behind a # is the default.

# url = "postgresql://user@localhost:5432/app"   # DATABASE_URL and --url override it; keep passwords out of here
dir = {dir}
format = {format}

# drift = "touched"            # before applying: stop if pending migrations touch what differs; or "strict", "warn"
# unproven = "refuse"          # "accept": printed all the same, but exit 0
# compare = []                 # also compare "owners", "grants", "comments"
# ignore = []                  # objects that no migration makes: ["public.spatial_ref_sys", "partman.*"]

# lock_timeout = "3s"          # per attempt to get a table's lock
# lock_retries = 8             # attempts after the first
# statement_timeout = "0"      # none
# wait_for_runner = 600        # seconds

[ledger]
# schema = "candor"

[shadow]
# setup = "shadow.sql"         # run in every shadow first: what migrations take for granted
# url = "postgresql://…"       # a server to make scratch databases on, instead of the embedded one
)toml";

struct Options {
  std::string format = "native";
};

Result<> known_format(std::string_view name) {
  std::string names;
  for (const history::Format* format : history::all_formats()) {
    if (format->name == name) return {};
    names += fmt::format("{}{}", names.empty() ? "" : ", ", format->name);
  }
  return fail(codes::format_unknown, fmt::format("there is no format \"{}\"", printable(name)),
              fmt::format("choose one of: {}", names));
}

std::string toml_string(std::string_view text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string settings_for(const fs::path& dir, std::string_view format) {
  std::string text(settings_text);
  for (const auto& [mark, value] :
       {std::pair("{dir}", toml_string(dir.string())), {"{format}", toml_string(format)}})
    text.replace(text.find(mark), std::string_view(mark).size(), value);
  return text;
}

Result<> make_folder(const fs::path& folder) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (!failure && fs::is_directory(folder)) return {};
  return fail(
      codes::file_unwritable,
      fmt::format("making {}: {}", printable(folder.string()), failure ? failure.message() : "not a folder"),
      "make the folder writable, or choose another with --dir");
}

/// Adds `.candor/` to .gitignore unless a line says so already. True if it was added.
Result<bool> ignore_home(const fs::path& file) {
  constexpr std::string_view entry = ".candor/";
  std::string text;
  if (std::error_code none; fs::exists(file, none)) {
    auto read = read_file(file);
    if (!read) return pass(read);
    text = std::move(*read);
  }
  if (("\n" + text + "\n").find(fmt::format("\n{}\n", entry)) != std::string::npos) return false;
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  text += fmt::format("{}\n", entry);
  if (auto written = write_file_atomically(file, text); !written) return pass(written);
  return true;
}

void made(Context& context, std::string_view what) {
  context.fields["created"].push_back(what);
  context.out.line(fmt::format("created {}", printable(what)));
}

Result<int> init(Context& context, const Options& options) {
  if (auto known = known_format(options.format); !known) return pass(known);
  const fs::path settings = context.options().config.empty() ? "candor.toml" : context.options().config;
  const fs::path dir = context.options().dir.empty() ? "migrations" : context.options().dir;
  if (std::error_code none; fs::exists(fs::symlink_status(settings, none)))
    return fail(codes::already_exists, fmt::format("{} exists already", printable(settings.string())),
                "run `candor new NAME` to add a migration, or remove the file to begin anew");

  context.fields["created"] = Json::array();
  std::error_code none;
  const bool had_folder = fs::is_directory(dir, none);
  if (auto folder = make_folder(dir); !folder) return pass(folder);
  if (!had_folder) made(context, dir.string() + "/");
  const fs::path shown_dir = dir.is_absolute() ? dir : fs::relative(dir, settings.parent_path(), none);
  if (auto written =
          write_file_atomically(settings, settings_for(shown_dir.empty() ? dir : shown_dir, options.format));
      !written)
    return pass(written);
  made(context, settings.string());
  const fs::path ignore = settings.parent_path() / ".gitignore";
  const auto ignored = ignore_home(ignore);
  if (!ignored) return std::unexpected(ignored.error());
  if (*ignored) {
    context.fields["created"].push_back(ignore.string());
    context.out.line(fmt::format("added .candor/ to {}", printable(ignore.string())));
  }
  context.out.line("next: candor new create_users, write its SQL, then candor lock and candor up");
  return 0;
}

Runner add_options(OptionSet& set) {
  auto options = std::make_shared<Options>();
  set.value("--format", options->format, "FORMAT", "how migrations are named: native (the default), updown");
  return [options](Context& context) { return init(context, *options); };
}

}  // namespace

constinit const Command init_command{
    .name = "init",
    .help = "make a migrations folder and a candor.toml",
    .details =
        "Example:\n"
        "  candor init && candor new create_users",
    .add_options = add_options,
};

}  // namespace candor::cli
