/// TypeORM: the name of the class, which ends in the stamp of 13 digits.
#include <cctype>

#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"
#include "history/ledgers/programs.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {
    {"id", Type::number}, {"timestamp", Type::number}, {"name", Type::text}};

ForeignFields fields(const ForeignTable&) {
  return {.key = column("name"),
          .version = column("timestamp"),
          .name = column("name"),
          .order = column("timestamp") + ", " + column("id")};
}

/// "1700000000000-create-users" holds the class CreateUsers1700000000000.
std::string class_of(std::string_view stem) {
  std::string name;
  bool upper = true;
  for (const char c : behind_digits(stem)) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalnum(letter) != 0) name += upper ? static_cast<char>(std::toupper(letter)) : c;
    upper = std::isalnum(letter) == 0;
  }
  return name + leading_digits(stem);
}

Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>& records) {
  return files_by(history, [&](const Migration& migration) {
    const std::string stem = stem_of(basename_of(migration));
    const std::string captured = captured_from(migration.path);
    ForeignFile file{
        .key = captured.empty() ? class_of(stem) : captured, .version = leading_digits(stem), .name = stem};
    for (const ForeignRecord& record : records)  // the class may be called otherwise than its file
      if (record.version == file.version) file.key = record.key;
    return file;
  });
}

std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  return {insert_once(marking.table, {text_value("name", marking.file().key),
                                      number_value("timestamp", marking.file().version)})};
}

}  // namespace

const ForeignTool typeorm{.name = "typeorm",
                          .title = "TypeORM",
                          .table = "migrations",
                          .columns = columns,
                          .exact = true,
                          .rules = {.loose = true},
                          .fields = fields,
                          .files = files,
                          .mark = mark};

}  // namespace candor::history::ledgers
