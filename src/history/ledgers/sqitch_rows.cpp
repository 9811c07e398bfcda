#include "history/ledgers/sqitch_rows.h"

#include <algorithm>

#include "history/formats/sums.h"
#include "history/ledgers/common.h"
#include "pg/connection.h"

namespace candor::history {

namespace {

std::string id_of(std::string_view object, std::string info) {
  return digest_hex("sha1", fmt::format("{} {}{}{}", object, info.size(), '\0', info));
}

std::string head_of(const SqitchPlan& plan) {
  return fmt::format("project {}\n{}", plan.project,
                     plan.uri.empty() ? "" : fmt::format("uri {}\n", plan.uri));
}

std::string planned(const SqitchLine& line) {
  return fmt::format("planner {} <{}>\ndate {}", line.planner, line.mail, line.date);
}

std::string note_of(const SqitchLine& line) {
  return line.note.empty() ? "" : fmt::format("\n\n{}", line.note);
}

std::string list_of(std::string_view word, char sign, const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += fmt::format("\n  {} {}", sign, name);
  return list.empty() ? list : fmt::format("\n{}{}", word, list);
}

std::string tag_id(const SqitchPlan& plan, const SqitchLine& tag, const std::string& change) {
  return id_of("tag", fmt::format("{}tag {}\nchange {}\n{}{}", head_of(plan), tag.name, change, planned(tag),
                                  note_of(tag)));
}

/// "users", "users@v1" or "@v1" of this project; another project's changes are not known. Up to `index`.
pg::Param id_of_dependency(const SqitchPlan& plan, const std::vector<std::string>& ids, std::size_t index,
                           std::string_view wanted) {
  const std::size_t at = wanted.find('@');
  const std::string_view name = wanted.substr(0, at);
  const std::string_view tag = at == std::string_view::npos ? std::string_view() : wanted.substr(at);
  pg::Param found, last_of_name;
  for (std::size_t i = 0; i < index; ++i) {
    const SqitchChange& change = plan.changes[i];
    if (name.empty() || change.name == name) last_of_name = ids[i];
    if (tag.empty()) found = last_of_name;
    if (std::ranges::find(change.tags, tag, &SqitchLine::name) != change.tags.end()) found = last_of_name;
  }
  return found;
}

}  // namespace

std::vector<std::string> sqitch_ids(const SqitchPlan& plan) {
  std::vector<std::string> ids;
  for (const SqitchChange& change : plan.changes)
    ids.push_back(id_of("change", fmt::format("{}change {}\n{}{}{}{}{}", head_of(plan), change.name,
                                              ids.empty() ? "" : fmt::format("parent {}\n", ids.back()),
                                              planned(change), list_of("requires", '+', change.requires_),
                                              list_of("conflicts", '-', change.conflicts), note_of(change))));
  return ids;
}

std::vector<ForeignStatement> sqitch_rows(const SqitchPlan& plan, const std::vector<std::string>& ids,
                                          std::size_t index, const std::string& script_hash) {
  const SqitchChange& change = plan.changes[index];
  const std::string& id = ids[index];
  std::vector<std::string> tags;
  for (const SqitchLine& tag : change.tags) tags.push_back(tag.name);
  const auto by = [&](const SqitchLine& line, pg::Params params) {
    for (const std::string_view value : {sqitch_committer, sqitch_committer_mail, std::string_view(line.date),
                                         std::string_view(line.planner), std::string_view(line.mail)})
      params.emplace_back(std::string(value));
    return params;
  };
  std::vector<ForeignStatement> rows;
  rows.push_back(
      {"INSERT INTO {schema}.changes (change_id, script_hash, change, project, note, committer_name,"
       " committer_email, planned_at, planner_name, planner_email) VALUES ($1, $2, $3, $4, $5, $6, $7,"
       " $8::pg_catalog.timestamptz, $9, $10) ON CONFLICT (change_id) DO NOTHING",
       by(change, {id, script_hash, change.name, plan.project, change.note})});
  for (const std::string& name : change.requires_)
    rows.push_back(
        {"INSERT INTO {schema}.dependencies (change_id, type, dependency, dependency_id)"
         " VALUES ($1, 'require', $2, $3) ON CONFLICT DO NOTHING",
         {id, name, id_of_dependency(plan, ids, index, name)}});
  for (const std::string& name : change.conflicts)
    rows.push_back(
        {"INSERT INTO {schema}.dependencies (change_id, type, dependency)"
         " VALUES ($1, 'conflict', $2) ON CONFLICT DO NOTHING",
         {id, name}});
  for (const SqitchLine& tag : change.tags)
    rows.push_back(
        {"INSERT INTO {schema}.tags (tag_id, tag, project, change_id, note, committer_name,"
         " committer_email, planned_at, planner_name, planner_email) VALUES ($1, $2, $3, $4, $5, $6, $7,"
         " $8::pg_catalog.timestamptz, $9, $10) ON CONFLICT (tag_id) DO NOTHING",
         by(tag, {tag_id(plan, tag, id), tag.name, plan.project, id, tag.note})});
  rows.push_back(
      {"INSERT INTO {schema}.events (event, change_id, change, project, note, requires, conflicts, tags,"
       " committer_name, committer_email, planned_at, planner_name, planner_email)"
       " VALUES ('deploy', $1, $2, $3, $4, $5::pg_catalog.text[], $6::pg_catalog.text[],"
       " $7::pg_catalog.text[], $8, $9, $10::pg_catalog.timestamptz, $11, $12)",
       by(change, {id, change.name, plan.project, change.note, pg::array_literal(change.requires_),
                   pg::array_literal(change.conflicts), pg::array_literal(tags)})});
  return rows;
}

}  // namespace candor::history
