/// candor capture: what a migration program does, as SQL migrations.
#include "engine/capture.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/ascii.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/format.h"
#include "cli/option_set.h"
#include "cli/program.h"

namespace candor::cli {

namespace {

namespace fs = std::filesystem;

struct Options {
  std::string folder = "migrations", each;
  engine::CaptureOptions capture;
  bool partial = false, unproven = false;
};

/// Files that are there already and say the same are kept; anything else in the folder is in the way.
Result<std::vector<const engine::CapturedFile*>> files_to_write(const fs::path& folder,
                                                                const engine::Captured& captured) {
  std::vector<const engine::CapturedFile*> missing;
  for (const engine::CapturedFile& file : captured.files) {
    std::error_code ignored;
    if (!fs::exists(folder / file.file, ignored)) {
      missing.push_back(&file);
      continue;
    }
    const auto text = read_file(folder / file.file);
    if (!text) return std::unexpected(text.error());
    if (*text != file.text)
      return fail(
          codes::folder_in_use,
          fmt::format("{} says otherwise than what was captured", printable((folder / file.file).string())),
          "move it away, or name another folder with --out");
  }
  return missing;
}

/// A folder of the program's own files would be no folder of migrations any more.
Result<> require_folder(const fs::path& folder) {
  std::error_code failure;
  if (!fs::exists(folder, failure)) return {};
  const auto names = list_directory(folder);
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names)
    if (!name.ends_with(".sql") && name != "candor.lock" && !name.starts_with('.'))
      return fail(codes::folder_in_use,
                  fmt::format("{} holds {}", printable(folder.string()), printable(name)),
                  "name an empty folder with --out");
  return {};
}

Result<> write_files(const fs::path& folder, const std::vector<const engine::CapturedFile*>& files) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure)
    return fail(codes::file_unwritable,
                fmt::format("{} cannot be made: {}", printable(folder.string()), failure.message()),
                "name another folder with --out");
  for (const engine::CapturedFile* file : files)
    if (auto written = write_file_atomically(folder / file->file, file->text); !written) return written;
  return {};
}

/// `{url}` and `{to}` written out.
std::vector<std::string> arguments_of(std::vector<std::string> program, const std::string& url,
                                      const std::string& to) {
  for (std::string& argument : program)
    for (const auto& [mark, value] : {std::pair<std::string_view, const std::string&>{"{url}", url},
                                      std::pair<std::string_view, const std::string&>{"{to}", to}})
      for (std::size_t at = argument.find(mark); at != std::string::npos; at = argument.find(mark, at))
        argument.replace(at, mark.size(), value), at += value.size();
  return program;
}

/// The program's own files, one for each run.
Result<std::vector<std::string>> names_in(const std::string& folder) {
  if (folder.empty()) return std::vector<std::string>{""};
  auto names = list_directory(folder);
  if (!names) return pass(names);
  std::erase_if(*names, [&](const std::string& name) {
    std::error_code ignored;
    return name.starts_with('.') || !fs::is_regular_file(fs::path(folder) / name, ignored);
  });
  if (names->empty())
    return fail(codes::usage, fmt::format("{} holds no file", printable(folder)),
                "name the folder of the program's own migrations with --each");
  return names;
}

/// Runs the program, once or file by file; its exit code.
Result<int> run_program(Context& context, const Options& options, engine::Capture& capture) {
  const auto names = names_in(options.each);
  if (!names) return std::unexpected(names.error());
  const auto environment = server_environment(capture.url());
  if (!environment) return std::unexpected(environment.error());
  forget_other_servers();
  for (const std::string& name : *names) {
    auto code = run_beside(arguments_of(context.program(), capture.url(), name), *environment, true);
    if (!code || *code != 0) return code;
    if (options.each.empty()) continue;
    if (auto kept = capture.checkpoint(); !kept) return pass(kept);
  }
  return 0;
}

std::string verdict_of(const engine::Captured& captured) {
  if (!captured.differences.empty()) return "differs";
  return captured.rows.empty() ? "true" : "unproven";
}

void print_rows(Context& context, const engine::Captured& captured) {
  if (captured.rows.empty()) return;
  std::string lines;
  for (const engine::RowDifference& row : captured.rows)
    lines += fmt::format("{}{}: {}", lines.empty() ? "" : "\n", row.table,
                         row.columns.empty()
                             ? fmt::format("{} rows, and {} after the replay", row.expected, row.found)
                             : row.columns);
  context.report(Finding{
      Severity::warning,
      Error{
          .code = codes::rows_differ,
          .message = fmt::format("rows of {} differ", counted(captured.rows.size(), "table")),
          .detail = std::move(lines),
          .hint =
              "look whether these values are made at run time (now(), random()): a replay cannot repeat them"}});
}

/// The proof is of what was captured; a lock will take in whatever lies in the folder.
void print_others(Context& context, const engine::CaptureOptions& options, const engine::Captured& captured) {
  std::vector<std::string> others;
  for (const engine::EarlierFile& file : options.earlier)
    if (std::ranges::find(captured.files, file.file, &engine::CapturedFile::file) == captured.files.end())
      others.push_back(printable(file.file));
  if (others.empty()) return;
  constexpr std::size_t most = 5;
  const std::size_t more = others.size() - std::min(others.size(), most);
  others.resize(others.size() - more);
  context.report(
      Finding{Severity::warning,
              Error{.code = codes::folder_in_use,
                    .message = fmt::format("the folder holds {} that the program did not make now: {}{}",
                                           counted(others.size() + more, "file"), fmt::join(others, ", "),
                                           more > 0 ? fmt::format(" and {} more", more) : ""),
                    .hint = "look whether they belong to the history: nothing of them was compared"}});
}

/// What stayed in force and is in no file.
void print_left_behind(Context& context, const engine::Captured& captured) {
  if (captured.left_behind == 0) return;
  context.out.line(fmt::format("left out: {} behind {}, which no migration records",
                               counted(captured.left_behind, "statement"),
                               printable(captured.files.back().name)));
}

void fill_json(Context& context, const engine::Captured& captured, int exit_code) {
  Json files = Json::array();
  for (const engine::CapturedFile& file : captured.files)
    files.push_back({{"file", file.file}, {"migration", file.name}, {"statements", file.statements}});
  context.fields["tool"] = captured.tool;
  context.fields["files"] = std::move(files);
  context.fields["verdict"] = verdict_of(captured);
  context.fields["differences"] = captured.differences;
  context.fields["statements_received"] = captured.received;
  context.fields["statements_left_behind"] = captured.left_behind;
  context.fields["compared_after"] = captured.compared;
  context.fields["objects_compared"] = captured.objects;
  context.fields["program_exit_code"] = exit_code;
}

int print_verdict(Context& context, const engine::Captured& captured) {
  const Paint paint = context.paint();
  const std::string replayed = "replayed in a fresh database, the files make";
  if (!captured.differences.empty()) {
    context.out.line(
        fmt::format("{}: {} something else than the program", paint(Style::bad, "differs"), replayed));
    for (const std::string& line : captured.differences) context.out.line("  " + line);
    return 1;
  }
  const std::string when = captured.compared > 1
                               ? fmt::format(", compared after {}", counted(captured.compared, "migration"))
                               : std::string();
  if (captured.rows.empty()) {
    context.out.line(fmt::format("{}: {} the same {}{}, and the same rows in {}", paint(Style::good, "true"),
                                 replayed, counted(captured.objects, "object"), when,
                                 counted(captured.tables_with_rows, "table")));
    return captured.left_behind > 0 ? 1 : 0;
  }
  context.out.line(fmt::format("{}: {} the same {}{}; rows of {} differ", paint(Style::doubtful, "unproven"),
                               replayed, counted(captured.objects, "object"), when,
                               counted(captured.rows.size(), "table")));
  return 1;
}

/// It stands in URLs and connection strings.
Result<> require_role_name(const std::string& role) {
  const auto plain = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  };
  const bool sound = !role.empty() && role.size() < 64 && std::ranges::all_of(role, plain);
  if (sound && !role.starts_with("pg_")) return {};
  return fail(codes::usage,
              sound ? fmt::format("{} is a role that every server has", role)
                    : fmt::format("\"{}\" cannot be the program's role", printable(role)),
              "name it with letters, digits, '_' and '-'; without --role it is \"capture\"");
}

/// Run for each file, the program has to be told which.
Result<> require_target(const std::vector<std::string>& program, const std::string& each) {
  const bool is_told = std::ranges::any_of(
      program, [](const std::string& argument) { return argument.find("{to}") != std::string::npos; });
  if (each.empty() || is_told) return {};
  return fail(codes::usage, "--each runs the program once for each file, and its arguments hold no {to}",
              "write {to} where the program takes the name of the last migration to run");
}

Result<int> capture(Context& context, const Options& options) {
  if (auto named = require_role_name(options.capture.role); !named) return pass(named);
  if (auto each = require_target(context.program(), options.each); !each) return pass(each);
  const fs::path folder = options.folder;
  if (auto free = require_folder(folder); !free) return pass(free);
  auto settings = context.settings();
  if (!settings) return pass(settings);
  engine::CaptureOptions wanted = options.capture;
  wanted.setup = settings->shadow_setup;
  auto earlier = engine::earlier_files(folder);
  if (!earlier) return pass(earlier);
  wanted.earlier = std::move(*earlier);
  auto recording = engine::Capture::start(wanted);
  if (!recording) return pass(recording);
  auto code = run_program(context, options, *recording);
  if (!code) return pass(code);
  auto captured = recording->finish(*code, options.partial);
  if (!captured) return pass(captured);
  context.report(captured->findings);
  fill_json(context, *captured, *code);
  const Paint paint = context.paint();
  context.out.line(fmt::format("captured {} of {} from {}", counted(captured->files.size(), "migration"),
                               captured->tool, counted(captured->received, "statement")));
  const bool refused = has_error(captured->findings);
  print_rows(context, *captured);
  print_others(context, wanted, *captured);
  if (*code != 0)
    context.out.line(
        fmt::format("the program ended with exit code {}: what it did not finish is left out", *code));
  print_left_behind(context, *captured);
  const int exit_code = print_verdict(context, *captured);
  if ((!captured->differences.empty() || refused) && !options.unproven) {
    context.out.line("nothing was written");
    return 1;
  }
  auto missing = files_to_write(folder, *captured);
  if (!missing) return pass(missing);
  if (auto written = write_files(folder, *missing); !written) return pass(written);
  if (const std::string why = engine::why_numbered(captured->files); !why.empty() && !missing->empty())
    context.out.note(fmt::format("the files are numbered in the order in which they ran: {}", why));
  context.out.line(fmt::format("wrote {} to {}; next: candor lock --dir {}", counted(missing->size(), "file"),
                               printable(folder.string()), printable(folder.string())));
  return refused || *code != 0 ? 1 : exit_code;
}

Runner add_options(OptionSet& set) {
  auto options = std::make_shared<Options>();
  set.value("--out", options->folder, "DIR", "the folder for the SQL files").show_default();
  set.value("--each", options->each, "DIR",
            "run the program once for each file of DIR; {to} in its arguments is the file's name");
  set.repeatable("--tracking-table", options->capture.tracking_tables, "TABLE.COLUMN",
                 "where the program writes down what it ran, and the column with the name (repeatable)");
  set.value("--server", options->capture.server, "N", "PostgreSQL's major version (15 or newer)");
  set.value("--role", options->capture.role, "NAME",
            "the role that the program connects as; \"postgres\" is a superuser")
      .show_default();
  set.flag("--superuser", options->capture.superuser,
           "let the program be a superuser: for what only they may create");
  set.flag("--partial", options->partial, "keep what is complete when the program breaks off");
  set.flag("--unproven", options->unproven, "write the files even if they do not make the same");
  return [options](Context& context) { return capture(context, *options); };
}

}  // namespace

constinit const Command capture_command{
    .name = "capture",
    .help = "record what a migration program does, as SQL migrations",
    .details =
        "Examples:\n"
        "  candor capture -- npx sequelize-cli db:migrate\n"
        "  candor capture --each db/js -- npx sequelize-cli db:migrate --to {to}\n\n"
        "The program finds DATABASE_URL, PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE set, and {url} in its\n"
        "arguments replaced: a throw-away server on 127.0.0.1.",
    .add_options = add_options,
    .program = Command::Program::required,
};

}  // namespace candor::cli
