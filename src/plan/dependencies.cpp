#include "plan/dependencies.h"

#include <algorithm>

#include "catalog/kind.h"

namespace candor::plan {

using catalog::Kind;
using catalog::Object;
using catalog::ObjectId;

namespace {

bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool continues_name(char c) {
  return starts_name(c) || (c >= '0' && c <= '9') || c == '$';
}
bool is_operator_byte(char c) {
  return std::string_view("+-*/<>=~!@#%^&|`?").find(c) != std::string_view::npos;
}

std::string key_of(std::string_view schema, std::string_view name) {
  std::string key(schema);
  key += '\0';
  key += name;
  return key;
}

/// Names that stand for an object wherever they are written.
bool is_named_globally(const ObjectId& id) {
  return !id.schema.empty() && (id.relation.empty() || id.kind == Kind::index);
}

bool groups_by_key(const Object& object) {
  return (object.id.kind == Kind::view || object.id.kind == Kind::materialized_view) &&
         catalog::value(object, "definition").find("GROUP BY") != std::string_view::npos;
}

void unique(std::vector<Place>& places) {
  std::ranges::sort(places);
  places.erase(std::unique(places.begin(), places.end()), places.end());
}

}  // namespace

std::vector<Word> words_of(std::string_view sql) {
  std::vector<Word> words;
  for (std::size_t i = 0; i < sql.size();) {
    const bool after_dot = i > 0 && sql[i - 1] == '.' && !words.empty();
    if (sql[i] == '"') {
      Word word{.text = {}, .after_dot = after_dot, .begin = i};
      for (++i; i < sql.size(); ++i) {
        const char c = sql[i];
        const bool escaped =
            (c == '"' || c == '\\') && i + 1 < sql.size() && (sql[i + 1] == '"' || c == '\\');
        if (c == '"' && !escaped) break;
        if (escaped) ++i;
        word.text += sql[i];
      }
      ++i;
      word.end = std::min(i, sql.size());
      words.push_back(std::move(word));
    } else if (starts_name(sql[i]) || (after_dot && is_operator_byte(sql[i]))) {
      const bool name = starts_name(sql[i]);
      const std::size_t begin = i;
      while (i < sql.size() && (name ? continues_name(sql[i]) : is_operator_byte(sql[i]))) ++i;
      words.push_back({.text = std::string(sql.substr(begin, i - begin)),
                       .after_dot = after_dot,
                       .is_operator = !name,
                       .begin = begin,
                       .end = i});
    } else {
      ++i;
    }
  }
  return words;
}

Dependencies::Dependencies(const catalog::World& world)
    : world_(world), catalog_(world.catalog()), needs_(catalog_.size()), known_(catalog_.size()) {
  index_names();
}

const Needs& Dependencies::needs(Place place) const {
  if (!known_[place]) {
    known_[place] = true;
    resolve(place, needs_[place]);
  }
  return needs_[place];
}

const std::vector<Place>& Dependencies::dependents(Place asked) const {
  if (dependents_.empty()) {
    dependents_.resize(needs_.size());
    for (Place place = 0; place < needs_.size(); ++place) {
      const Needs& all = needs(place);
      for (const Place needed : all.hard) dependents_[needed].push_back(place);
      for (const Place needed : all.late) dependents_[needed].push_back(place);
    }
    for (auto& list : dependents_) unique(list);
  }
  return dependents_[asked];
}

std::optional<Place> Dependencies::place_of(const ObjectId& id) const {
  const Object* const found = catalog_.find(id);
  if (found == nullptr) return std::nullopt;
  return static_cast<Place>(found - catalog_.objects().data());
}

std::optional<Place> Dependencies::relation_of(const ObjectId& id) const {
  if (id.relation.empty()) return std::nullopt;
  const auto found = names_.find(key_of(id.schema.view(), id.relation.view()));
  if (found == names_.end()) return std::nullopt;
  for (const Place place : found->second) {
    const Kind kind = object(place).id.kind;
    if (kind == Kind::table || kind == Kind::foreign_table || kind == Kind::view ||
        kind == Kind::materialized_view || kind == Kind::domain)
      return place;
  }
  return std::nullopt;
}

void Dependencies::index_names() {
  for (Place place = 0; place < needs_.size(); ++place) {
    const ObjectId& id = object(place).id;
    if (is_named_globally(id)) names_[key_of(id.schema.view(), id.name.view())].push_back(place);
  }
  for (Place place = 0; place < needs_.size(); ++place)
    if (object(place).id.kind == Kind::column)
      if (const auto relation = relation_of(object(place).id)) columns_[*relation].push_back(place);
}

void Dependencies::add_columns(Place relation, const std::vector<std::string_view>& sorted_words, Place own,
                               std::vector<Place>& found) const {
  const auto columns = columns_.find(relation);
  if (columns == columns_.end()) return;
  for (const Place column : columns->second)
    if (column != own && std::ranges::binary_search(sorted_words, object(column).id.name.view()))
      found.push_back(column);
}

void Dependencies::scan(std::string_view text, Place own, std::vector<Place>& found) const {
  if (text.empty()) return;
  const auto words = words_of(text);
  std::vector<Place> relations;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (!words[i].after_dot) continue;
    const auto at = names_.find(key_of(words[i - 1].text, words[i].text));
    if (at == names_.end()) continue;
    for (const Place place : at->second) {
      if (place == own) continue;
      found.push_back(place);
      if (columns_.contains(place)) relations.push_back(place);
    }
  }
  const ObjectId& id = object(own).id;
  if (const auto relation = relation_of(id)) relations.push_back(*relation);
  if (relations.empty()) return;
  unique(relations);
  std::vector<std::string_view> sorted;
  sorted.reserve(words.size());
  for (const Word& word : words) sorted.emplace_back(word.text);
  std::ranges::sort(sorted);
  for (const Place relation : relations) add_columns(relation, sorted, own, found);
}

/// A query that groups by a primary key alone stands and falls with that key.
void Dependencies::add_primary_keys(std::vector<Place>& needs) const {
  for (std::size_t i = 0, count = needs.size(); i < count; ++i) {
    const ObjectId id = object(needs[i]).id;
    if (id.kind != Kind::table) continue;
    for (const Object* const part : world_.parts_of(id.schema, id.name))
      if (part->id.kind == Kind::constraint && catalog::value(*part, "type") == "primary_key")
        needs.push_back(*place_of(part->id));
  }
}

void Dependencies::resolve(Place place, Needs& needs) const {
  const Object& object = this->object(place);
  if (!object.id.schema.empty())
    if (const auto schema = place_of({.kind = Kind::schema, .name = object.id.schema}))
      needs.hard.push_back(*schema);
  if (const auto relation = relation_of(object.id)) needs.hard.push_back(*relation);

  catalog::References references;
  const catalog::KindSql* const sql = catalog::spec_of(object.id.kind).ddl;
  if (sql != nullptr && sql->refer != nullptr)
    sql->refer(object, world_, references);
  else
    catalog::refer_to_all(object, references);
  const auto add = [&](const std::vector<ObjectId>& ids, std::vector<Place>& list) {
    for (const ObjectId& id : ids)
      if (const auto found = place_of(id); found && *found != place) list.push_back(*found);
  };
  add(references.objects, needs.hard);
  add(references.whole, needs.whole);
  add(references.late_objects, needs.late);
  add(references.finished, needs.finished);
  for (const std::string_view text : references.texts) scan(text, place, needs.hard);
  for (const std::string_view text : references.loose) scan(text, place, needs.loose);
  for (const std::string_view text : references.late) scan(text, place, needs.late);
  if (groups_by_key(object)) add_primary_keys(needs.hard);
  for (auto* list : {&needs.hard, &needs.whole, &needs.loose, &needs.late, &needs.finished}) unique(*list);
}

}  // namespace candor::plan
