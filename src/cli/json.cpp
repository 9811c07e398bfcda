#include "cli/json.h"

#include "base/version.h"
#include "cli/print_difference.h"
#include "cli/print_error.h"

namespace candor::cli {

namespace {

Json or_null(std::string_view text) {
  return text.empty() ? Json() : Json(text);
}

Json or_null(int number) {
  return number > 0 ? Json(number) : Json();
}

std::string_view to_string(catalog::Change change) {
  switch (change) {
    case catalog::Change::added:
      return "added";
    case catalog::Change::dropped:
      return "dropped";
    case catalog::Change::altered:
      break;
  }
  return "altered";
}

std::string_view to_string(engine::Proof proof) {
  switch (proof) {
    case engine::Proof::counted:
      return "counted";
    case engine::Proof::read:
      return "read";
    case engine::Proof::unproven:
      break;
  }
  return "unproven";
}

Json to_json(const engine::MigrationState& state) {
  Json json = {{"version", state.version.text()},
               {"name", state.name},
               {"status", state.row ? history::to_string(state.row->status) : "pending"},
               {"file", state.migration != nullptr ? Json(state.migration->file) : Json()}};
  if (!state.row) return json;
  json["finished_at"] = or_null(state.row->finished_at);
  json["execution_time_ms"] = state.row->execution_time_ms;
  json["sqlstate"] = or_null(state.row->error_code);
  json["error"] = or_null(state.row->error_message);
  json["statements_done"] = state.row->statements_done;
  return json;
}

}  // namespace

std::string_view to_string(catalog::Verdict verdict) {
  switch (verdict) {
    case catalog::Verdict::is_true:
      return "true";
    case catalog::Verdict::differs:
      return "differs";
    case catalog::Verdict::unproven:
      break;
  }
  return "unproven";
}

Json to_json(const Error& error) {
  const SourcePosition where = error.where.value_or(SourcePosition{});
  return {{"code", error.code.id},           {"title", error.code.title},
          {"message", error.message},        {"sqlstate", or_null(error.sqlstate)},
          {"detail", or_null(error.detail)}, {"file", or_null(where.file)},
          {"line", or_null(where.line)},     {"column", or_null(where.column)},
          {"hint", or_null(error.hint)}};
}

Json to_json(const Finding& finding) {
  Json json = {{"severity", to_string(finding.severity)}};
  json.update(to_json(finding.what));
  return json;
}

Json to_json(const catalog::Difference& difference) {
  return {{"nature", to_string(difference.nature)},      {"kind", catalog::name_of(difference.id.kind)},
          {"object", catalog::to_string(difference.id)}, {"attribute", or_null(difference.attribute)},
          {"expected", or_null(difference.expected)},    {"found", or_null(difference.found)}};
}

Json to_json(const catalog::Effect& effect) {
  const auto known = catalog::attributes_of(effect.id.kind);
  Json attributes = Json::object();
  for (std::size_t i = 0; i < effect.values.size(); ++i)
    if (!effect.values[i].empty()) attributes[std::string(known[i].name)] = effect.values[i].view();
  for (const catalog::AttributeChange& change : effect.attributes)
    attributes[std::string(known[change.attribute].name)] = {{"from", or_null(change.from.view())},
                                                             {"to", or_null(change.to.view())}};
  return {{"change", to_string(effect.change)},
          {"kind", catalog::name_of(effect.id.kind)},
          {"object", catalog::to_string(effect.id)},
          {"attributes", std::move(attributes)}};
}

Json to_json(const engine::Applied& applied) {
  return {{"version", applied.version.text()},
          {"name", applied.name},
          {"file", applied.file},
          {"proof", to_string(applied.proof)},
          {"compared", applied.compared},
          {"varying", applied.varying},
          {"unproven", applied.unproven},
          {"present_before", applied.present_before},
          {"transactional", applied.transactional},
          {"resumed", applied.resumed},
          {"attempts", applied.attempts},
          {"total_ms", applied.total_ms},
          {"proof_ms", applied.proof_ms},
          {"effects", to_json(applied.effects)}};
}

Json to_json(const engine::Verification& verification) {
  Json migrations = Json::array();
  for (const engine::MigrationState& state : verification.migrations) migrations.push_back(to_json(state));
  return {{"verdict", to_string(verification.verdict)},
          {"compared", verification.compared},
          {"version", verification.version ? Json(verification.version->text()) : Json()},
          {"applied", verification.applied},
          {"pending", verification.pending},
          {"objects", verification.comparison.objects},
          {"varying", verification.comparison.varying},
          {"differences", to_json(verification.comparison.differences)},
          {"unproven", to_json(verification.comparison.unproven)},
          {"notices", to_json(verification.comparison.notices)},
          {"server_major", verification.server_major},
          {"lock_major", or_null(verification.lock_major)},
          {"milliseconds", verification.milliseconds},
          {"migrations", std::move(migrations)}};
}

std::string serialise(const Document& document) {
  Json json = {{"candor", tool_version()},
               {"command", or_null(document.command)},
               {"exit", document.exit},
               {"ok", document.exit == 0},
               {"error", document.error != nullptr ? to_json(*document.error) : Json()},
               {"findings", document.findings != nullptr ? to_json(*document.findings) : Json::array()}};
  if (document.fields != nullptr) json.update(*document.fields);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace candor::cli
