#include "catalog/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "base/counted.h"
#include "base/pattern.h"

namespace candor::catalog {

namespace {

using Nature = Difference::Nature;

/// One comparison in the making.
class Comparing {
 public:
  Comparing(const Catalog& expected, const Catalog& live, const Forms& forms, const CompareOptions& options)
      : expected_(expected), live_(live), forms_(forms), options_(options) {}

  Comparison run() &&;

 private:
  void only_expected(const Object& object);
  void only_live(const Object& object);
  void both(const Object& expected, const Object& live);
  void attribute(const Object& expected, const Object& live, std::size_t index);

  /// The nature of two different texts of a printed attribute; `wanted` becomes the known form, if there is
  /// one.
  Nature judge_printed(const ObjectId& id, std::size_t index, Text& wanted, Text found) const;
  const Text* form_of(const ObjectId& id, std::size_t index) const;
  bool takes_part(const Attribute& attribute) const;
  bool is_unreadable(Kind kind) const;
  bool is_left_out(const ObjectId& id) const;
  bool is_part_of_others(const ObjectId& id) const;
  void report(const ObjectId& id, std::string_view attribute, Text wanted, Text found, Nature nature);

  const Catalog& expected_;
  const Catalog& live_;
  const Forms& forms_;
  const CompareOptions& options_;
  Comparison result_;
  std::map<Kind, std::size_t>
      unread_;  ///< expected objects that are not there because their kind was not read
};

Comparison Comparing::run() && {
  auto e = expected_.objects().begin();
  auto l = live_.objects().begin();
  const auto e_end = expected_.objects().end();
  const auto l_end = live_.objects().end();
  while (e != e_end || l != l_end) {
    if (e != e_end && l != l_end && e->id == l->id) {
      both(*e++, *l++);
    } else if (l == l_end || (e != e_end && e->id < l->id)) {
      only_expected(*e++);
    } else {
      only_live(*l++);
    }
  }

  std::vector<Difference> unread;
  for (const Unreadable& kind : live_.unreadable) {
    const std::size_t count = unread_[kind.kind];
    unread.push_back({{.kind = kind.kind}, {}, counted(count, "object"), kind.reason, Nature::unproven});
  }
  result_.unproven.insert(result_.unproven.begin(), unread.begin(), unread.end());
  return std::move(result_);
}

bool Comparing::is_left_out(const ObjectId& id) const {
  return options_.left_out.contains(id) || fits_any(options_.ignore, id);
}

bool Comparing::is_part_of_others(const ObjectId& id) const {
  if (id.relation.empty() || options_.of_others.empty()) return false;
  return std::ranges::any_of(relation_kinds(), [&](Kind kind) {
    return options_.of_others.contains({.kind = kind, .schema = id.schema, .name = id.relation});
  });
}

void Comparing::only_expected(const Object& object) {
  if (is_left_out(object.id)) return;
  if (fits_any(options_.varies, object.id)) {
    ++result_.varying;
    return;
  }
  ++result_.objects;
  if (is_unreadable(object.id.kind)) {
    ++unread_[object.id.kind];
  } else {
    report(object.id, {}, {}, {}, Nature::missing);
  }
}

void Comparing::only_live(const Object& object) {
  if (is_left_out(object.id) || is_part_of_others(object.id)) return;
  if (fits_any(options_.varies, object.id)) {
    ++result_.varying;
    return;
  }
  ++result_.objects;
  report(object.id, {}, {}, {}, Nature::extra);
}

void Comparing::both(const Object& expected, const Object& live) {
  if (is_left_out(expected.id)) return;
  ++result_.objects;
  if (expected.values == live.values) return;

  const std::size_t differences = result_.differences.size();
  const std::size_t unproven = result_.unproven.size();
  const std::size_t count = attributes_of(expected.id.kind).size();
  for (std::size_t i = 0; i < count; ++i) attribute(expected, live, i);

  const bool same = differences == result_.differences.size() && unproven == result_.unproven.size();
  if (same || !fits_any(options_.varies, expected.id)) return;
  result_.differences.resize(differences);
  result_.unproven.resize(unproven);
  --result_.objects;
  ++result_.varying;
}

void Comparing::attribute(const Object& expected, const Object& live, std::size_t index) {
  const auto value = [index](const Object& object) {
    return index < object.values.size() ? object.values[index] : Text();
  };
  Text wanted = value(expected);
  const Text found = value(live);
  const Attribute& attribute = attributes_of(expected.id.kind)[index];
  if (wanted == found || !takes_part(attribute)) return;

  Nature nature = Nature::altered;
  if (attribute.compare == Compare::notice) {
    nature = Nature::notice;
  } else if (found == not_readable) {
    nature = Nature::unproven;
  } else if (attribute.printed != Printed::no && expected_.major != live_.major) {
    nature = judge_printed(expected.id, index, wanted, found);
    if (wanted == found) return;
  }
  report(expected.id, attribute.name, wanted, found, nature);
}

Nature Comparing::judge_printed(const ObjectId& id, std::size_t index, Text& wanted, Text found) const {
  if (const Text* form = form_of(id, index)) {
    wanted = *form;
    return Nature::altered;
  }
  // Having a text and having none is a matter of structure, whatever the text.
  if (wanted.empty() || found.empty()) return Nature::altered;
  const Printed printed = attributes_of(id.kind)[index].printed;
  return comparable(printed, expected_.major, live_.major) ? Nature::altered : Nature::unproven;
}

const Text* Comparing::form_of(const ObjectId& id, std::size_t index) const {
  const auto at = forms_.find(id);
  if (at == forms_.end()) return nullptr;
  for (const auto& [attribute, text] : at->second)
    if (attribute == index) return &text;
  return nullptr;
}

bool Comparing::takes_part(const Attribute& attribute) const {
  if (attribute.compare != Compare::configured) return true;
  const auto is = [&](std::string_view what) { return attribute.name.starts_with(what); };
  return (options_.owners && is("owner")) || (options_.grants && is("grants")) ||
         (options_.comments && is("comment"));
}

bool Comparing::is_unreadable(Kind kind) const {
  return std::any_of(live_.unreadable.begin(), live_.unreadable.end(),
                     [kind](const Unreadable& unreadable) { return unreadable.kind == kind; });
}

void Comparing::report(const ObjectId& id, std::string_view attribute, Text wanted, Text found,
                       Nature nature) {
  auto& list = nature == Nature::unproven ? result_.unproven
               : nature == Nature::notice ? result_.notices
                                          : result_.differences;
  list.push_back({id, std::string(attribute), wanted.str(), found.str(), nature});
}

}  // namespace

Verdict Comparison::verdict() const {
  if (!differences.empty()) return Verdict::differs;
  return unproven.empty() ? Verdict::is_true : Verdict::unproven;
}

bool fits_any(const std::vector<std::string>& patterns, const ObjectId& id) {
  if (patterns.empty()) return false;
  const std::string own = to_string(id);
  std::string relation;
  if (!id.relation.empty()) relation = to_string({Kind::table, id.schema, Text(), id.relation, Text()});
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return matches(pattern, own) || (!relation.empty() && matches(pattern, relation));
  });
}

Comparison compare(const Catalog& expected, const Catalog& live, const Forms& forms,
                   const CompareOptions& options) {
  return Comparing(expected, live, forms, options).run();
}

}  // namespace candor::catalog
