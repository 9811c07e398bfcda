#include "history/captured.h"

#include "base/file.h"
#include "history/migration.h"

namespace candor::history {

std::string captured_from(const std::filesystem::path& path) {
  const auto file = FileText::open(path);
  if (!file) return {};
  std::string_view line = without_byte_order_mark(file->view());
  line = line.substr(0, line.find_first_of("\r\n"));
  return line.starts_with(captured_mark) ? std::string(line.substr(captured_mark.size())) : std::string();
}

}  // namespace candor::history
