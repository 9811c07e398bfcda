/// Supabase: versions alone are compared; the statements beside them are the best evidence of what was run.
#include <algorithm>

#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {
    {"version", Type::text}, {"statements", Type::list}, {"name", Type::text}};

ForeignFields fields(const ForeignTable&) {
  return {.key = column("version"),
          .version = column("version"),
          .name = column("name"),
          .order = column("version")};
}

Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>&) {
  return files_by(history, [](const Migration& migration) {
    const std::string stem = stem_of(basename_of(migration));
    return ForeignFile{
        .key = leading_digits(stem), .version = leading_digits(stem), .name = behind_digits(stem)};
  });
}

/// The dashboard's stamps differ from the files' by seconds: every file then looks pending.
void judge(ForeignJudging& judging) {
  judge_by_rules(supabase, judging);
  for (std::size_t i = 0; i < judging.files.size(); ++i) {
    ForeignJudgement& judgement = judging.verdicts.migrations[i];
    if (judgement.record != nullptr || judging.files[i].name.empty()) continue;
    const auto same = std::ranges::find(judging.verdicts.unmatched, judging.files[i].name,
                                        [](const ForeignRecord* record) { return record->name; });
    if (same == judging.verdicts.unmatched.end()) continue;
    judgement.record = *same;
    judgement.verdict = ForeignJudgement::Verdict::would_rerun;
    judgement.reason =
        fmt::format("it is recorded as {}, the file's version is {}", (*same)->key, judging.files[i].key);
    judging.verdicts.unmatched.erase(same);
  }
}

std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  return {insert_once(marking.table,
                      {text_value("version", marking.file().key), text_value("name", marking.file().name)})};
}

}  // namespace

const ForeignTool supabase{.name = "supabase",
                           .title = "Supabase",
                           .table = "schema_migrations",
                           .columns = columns,
                           .own_schema = "supabase_migrations",
                           .rules = {.late = LateFile::refused, .missing_blocks = true},
                           .fields = fields,
                           .files = files,
                           .judge = judge,
                           .mark = mark};

}  // namespace candor::history::ledgers
