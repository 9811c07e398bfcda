#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <limits>
#include <span>

#include "base/quoted.h"
#include "history/lock_file.h"
#include "history/lock_format.h"

namespace candor::history {

namespace {

using catalog::Change;
using catalog::Effect;
using catalog::Kind;

void append_effect(std::string& out, const Effect& effect) {
  out.push_back(static_cast<char>(effect.change));
  out.push_back(' ');
  out.append(catalog::name_of(effect.id.kind));
  out.push_back(' ');
  catalog::append_id(out, effect.id);
  const auto attributes = catalog::attributes_of(effect.id.kind);
  const auto append_name = [&](std::size_t attribute) {
    out.push_back(' ');
    out.append(attributes[attribute].name);
    out.push_back('=');
  };
  if (effect.change == Change::added) {
    for (std::size_t i = 0; i < effect.values.size(); ++i) {
      if (effect.values[i].empty()) continue;
      append_name(i);
      append_word(out, effect.values[i].view());
    }
  } else if (effect.change == Change::altered) {
    for (const catalog::AttributeChange& change : effect.attributes) {
      append_name(change.attribute);
      append_word(out, change.from.view());
      out.append("->");
      append_word(out, change.to.view());
    }
  }
}

/// Where the column stands in its table; without a position: behind all that have one.
int position_of(const Effect& column, std::size_t attribute) {
  int position = std::numeric_limits<int>::max();
  if (attribute < column.values.size()) {
    const std::string_view text = column.values[attribute].view();
    std::from_chars(text.data(), text.data() + text.size(), position);
  }
  return position;
}

/// Columns added side by side are listed as they stand in their table, as a CREATE TABLE would; all else as
/// it is.
std::vector<const Effect*> in_reading_order(const std::vector<Effect>& effects) {
  std::vector<const Effect*> result;
  result.reserve(effects.size());
  for (const Effect& effect : effects) result.push_back(&effect);

  const auto attributes = catalog::attributes_of(Kind::column);
  const auto position = static_cast<std::size_t>(
      std::find_if(attributes.begin(), attributes.end(), [](const auto& a) { return a.name == "position"; }) -
      attributes.begin());
  const auto side_by_side = [](const Effect* a, const Effect* b) {
    return b->change == Change::added && b->id.kind == Kind::column && a->id.relation == b->id.relation &&
           a->id.schema == b->id.schema;
  };
  for (auto first = result.begin(); first != result.end();) {
    auto last = std::next(first);
    if ((*first)->change == Change::added && (*first)->id.kind == Kind::column) {
      while (last != result.end() && side_by_side(*first, *last)) ++last;
      std::stable_sort(first, last, [position](const Effect* a, const Effect* b) {
        return position_of(*a, position) < position_of(*b, position);
      });
    }
    first = last;
  }
  return result;
}

void append_effects(std::string& out, const std::vector<Effect>& effects) {
  for (const Effect* effect : in_reading_order(effects)) {
    append_effect(out, *effect);
    out.push_back('\n');
  }
}

void append_field(std::string& out, std::string_view keyword, std::string_view value) {
  out.append(keyword);
  out.push_back(' ');
  append_word(out, value);
  out.push_back('\n');
}

void append_tuples(std::string& out, int major, std::vector<TupleCount> counts) {
  std::sort(counts.begin(), counts.end(),
            [](const TupleCount& a, const TupleCount& b) { return a.catalog < b.catalog; });
  fmt::format_to(std::back_inserter(out), "tuples {}", major);
  for (const TupleCount& count : counts) {
    if (count.inserted == 0 && count.updated == 0 && count.deleted == 0) continue;
    out.push_back(' ');
    append_word(out, count.catalog);
    fmt::format_to(std::back_inserter(out), "={}/{}/{}", count.inserted, count.updated, count.deleted);
  }
  out.push_back('\n');
}

void append_forms(std::string& out, int major, std::vector<Form> forms) {
  std::sort(forms.begin(), forms.end(), [](const Form& a, const Form& b) {
    return a.id == b.id ? a.attribute < b.attribute : a.id < b.id;
  });
  for (const Form& form : forms) {
    fmt::format_to(std::back_inserter(out), "form {} {} ", major, catalog::name_of(form.id.kind));
    catalog::append_id(out, form.id);
    out.push_back(' ');
    out.append(catalog::attributes_of(form.id.kind)[form.attribute].name);
    out.push_back('=');
    append_word(out, form.text.view());
    out.push_back('\n');
  }
}

/// All lines that the entry's chain covers.
void append_entry(std::string& out, const LockEntry& entry) {
  out.append("migration ");
  append_word(out, entry.version.text());
  out.push_back(' ');
  append_word(out, entry.name);
  out.push_back('\n');
  append_field(out, "file", entry.file);
  append_field(out, "checksum", entry.checksum);
  append_effects(out, entry.effects);
  for (const auto& [major, counts] : entry.tuples) append_tuples(out, major, counts);
  for (const auto& [major, forms] : entry.forms) append_forms(out, major, forms);
  append_field(out, "fingerprint", entry.fingerprint);
}

}  // namespace

std::string to_line(const Effect& effect) {
  std::string line;
  append_effect(line, effect);
  return line;
}

std::string serialise(LockFile& lock) {
  std::string out = fmt::format("candor.lock {}\nserver {}\n", lock_format::version, lock.server);
  if (!lock.other_servers.empty())
    fmt::format_to(std::back_inserter(out), "other-servers {}\n", fmt::join(lock.other_servers, " "));
  append_effects(out, lock.given);
  std::string chain = lock_format::chain_of({}, out);
  for (LockEntry& entry : lock.entries) {
    out.push_back('\n');
    const std::size_t start = out.size();
    append_entry(out, entry);
    chain = lock_format::chain_of(chain, std::string_view(out).substr(start));
    entry.chain = chain;
    append_field(out, "chain", chain);
  }
  fmt::format_to(std::back_inserter(out), "\nend {}\n", lock.entries.size());
  return out;
}

}  // namespace candor::history
