/// candor explain: the page of an error code, from the pages that are built in.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/file.h"
#include "base/suggest.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/error_pages.h"
#include "cli/option_set.h"

namespace candor::cli {

namespace {

int list_codes(Context& context) {
  Json list = Json::array();
  for (const Code& code : all_codes()) {
    list.push_back({{"code", code.id}, {"title", code.title}, {"exit", code_of(code.exit)}});
    context.out.raw(fmt::format("{}  {}\n", code.id, code.title));
  }
  context.fields["codes"] = std::move(list);
  return 0;
}

Error unknown_code(const std::string& asked) {
  std::vector<std::string_view> ids;
  for (const Code& code : all_codes()) ids.push_back(code.id);
  std::string upper = asked;
  std::ranges::transform(upper, upper.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
  const std::string meant = closest(upper, ids);
  return {.code = codes::unknown_code,
          .message = fmt::format("there is no code {}", printable(asked)),
          .hint = meant.empty() ? "run `candor explain` to list all codes"
                                : fmt::format("did you mean `candor explain {}`?", meant)};
}

Result<int> explain(Context& context, const std::string& asked) {
  if (asked.empty()) return list_codes(context);
  const Code* code = find_code(asked);
  const auto pages = error_pages();
  const auto page = std::ranges::find_if(
      pages, [code](const ErrorPage& candidate) { return code != nullptr && candidate.code == code->id; });
  if (page == pages.end()) return std::unexpected(unknown_code(asked));
  context.fields["code"] = code->id;
  context.fields["title"] = code->title;
  context.fields["page"] = page->markdown;
  context.out.raw(page->markdown);
  return 0;
}

Runner add_options(OptionSet& set) {
  auto code = std::make_shared<std::string>();
  set.value("CODE", *code, "", "such as C0502; without it all codes are listed");
  return [code](Context& context) { return explain(context, *code); };
}

}  // namespace

constinit const Command explain_command{
    .name = "explain",
    .help = "print what an error code means and what to do",
    .details =
        "Example:\n"
        "  candor explain C0502",
    .add_options = add_options,
};

}  // namespace candor::cli
