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

/// The relation's name, whether an object is that relation or a part of it.
Text group_name(const ObjectId& id) {
  return id.relation.empty() ? id.name : id.relation;
}

bool has_parts(Kind kind) {
  return std::ranges::find(catalog::relation_kinds(), kind) != catalog::relation_kinds().end();
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

Dependencies::Dependencies(const catalog::World& world) : world_(world), catalog_(world.catalog()) {
  look_around();
}

bool Dependencies::in_one_group(Place a, Place b) const {
  const ObjectId &one = object(a).id, &other = object(b).id;
  return one.schema == other.schema && group_name(one) == group_name(other);
}

/// In one walk: looking each object's schema and relation up would cost more than all else.
void Dependencies::look_around() {
  const Place none = static_cast<Place>(size());
  around_.reserve(size());
  Place schema = none, relation = none;
  for (Place place = 0; place < size(); ++place) {
    const ObjectId& id = object(place).id;
    if (id.kind == Kind::schema) schema = place;
    if (has_parts(id.kind)) relation = place;
    const bool in_schema = schema != none && id.schema == object(schema).id.name;
    const bool in_relation = !id.relation.empty() && relation != none && in_one_group(place, relation);
    around_.push_back({in_schema ? schema : none, in_relation ? relation : none});
  }
}

std::size_t Dependencies::HashOfName::operator()(const QualifiedName& name) const {
  const std::hash<std::string_view> hash;
  return hash(name.schema) * 31 + hash(name.name);
}

const Needs& Dependencies::needs(Place place) const {
  const auto [at, is_new] = needs_.try_emplace(place);
  if (is_new) resolve(place, at->second);
  return at->second;
}

const std::vector<Place>& Dependencies::dependents(Place asked) const {
  if (dependents_.empty()) link_across();
  const Place relation = has_parts(object(asked).id.kind) ? asked : around_[asked].relation;
  if (object(asked).id.kind == Kind::schema)
    link_schema(asked);
  else if (relation < size())
    link_group(relation);
  return dependents_[asked];
}

/// Every link but those to an object's schema and within its relation: a text without a dot names no other.
void Dependencies::link_across() const {
  dependents_.resize(size());
  catalog::References references;
  std::vector<Place> needed;
  ObjectId last;  // index after index names the same access method
  std::optional<Place> found;
  for (Place place = 0; place < size(); ++place) {
    refer(place, references);
    needed.clear();
    for (const auto* const ids : {&references.objects, &references.late_objects})
      for (const ObjectId& id : *ids) {
        if (id != last) found = place_of(last = id);
        if (found && *found != place) needed.push_back(*found);
      }
    for (const auto* const texts : {&references.texts, &references.late})
      for (const std::string_view text : *texts)
        if (text.find('.') != std::string_view::npos) scan(text, place, needed);
    if (groups_by_key(object(place))) add_primary_keys(needed);
    unique(needed);
    for (const Place need : needed) dependents_[need].push_back(place);
  }
}

void Dependencies::link_schema(Place schema) const {
  if (!linked_.insert(schema).second) return;
  for (Place place = 0; place < size(); ++place)
    if (around_[place].schema == schema) dependents_[schema].push_back(place);
  unique(dependents_[schema]);
}

void Dependencies::link_group(Place relation) const {
  if (!linked_.insert(relation).second) return;
  catalog::References references;
  Place place = relation + 1;
  for (; place < size() && in_one_group(relation, place); ++place) {
    if (around_[place].relation != relation) continue;  // a function of the relation's name
    refer(place, references);
    std::vector<Place> needed = {relation};
    for (const auto* const texts : {&references.texts, &references.late})
      for (const std::string_view text : *texts)
        if (text.find('.') == std::string_view::npos) scan(text, place, needed);
    for (const Place need : needed) dependents_[need].push_back(place);
  }
  for (Place member = relation; member < place; ++member) unique(dependents_[member]);
}

std::optional<Place> Dependencies::place_of(const ObjectId& id) const {
  const Object* const found = catalog_.find(id);
  if (found == nullptr) return std::nullopt;
  return static_cast<Place>(found - catalog_.objects().data());
}

std::optional<Place> Dependencies::relation_of(const ObjectId& id) const {
  if (id.relation.empty()) return std::nullopt;
  for (const Kind kind : catalog::relation_kinds())
    if (const auto place = place_of(ObjectId{.kind = kind, .schema = id.schema, .name = id.relation}))
      return place;
  return std::nullopt;
}

const Dependencies::Names& Dependencies::names() const {
  if (names_.empty()) {
    names_.reserve(size());
    for (Place place = 0; place < size(); ++place)
      if (const ObjectId& id = object(place).id; is_named_globally(id))
        names_.emplace(QualifiedName{id.schema.view(), id.name.view()}, place);
  }
  return names_;
}

void Dependencies::add_columns(Place relation, const std::vector<std::string_view>& sorted_words, Place own,
                               std::vector<Place>& found) const {
  // Behind the relation come its parts by their kinds, columns first.
  for (Place place = relation + 1; place < size() && object(place).id.kind == Kind::column; ++place)
    if (place != own && std::ranges::binary_search(sorted_words, object(place).id.name.view()))
      found.push_back(place);
}

void Dependencies::scan(std::string_view text, Place own, std::vector<Place>& found) const {
  if (text.empty()) return;
  const auto words = words_of(text);
  if (words.empty()) return;
  std::vector<Place> relations;  // that it names, and its own
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (!words[i].after_dot) continue;
    const auto [begin, end] = names().equal_range({words[i - 1].text, words[i].text});
    for (auto at = begin; at != end; ++at) {
      if (at->second == own) continue;
      found.push_back(at->second);
      if (has_parts(object(at->second).id.kind)) relations.push_back(at->second);
    }
  }
  if (around_[own].relation < size()) relations.push_back(around_[own].relation);
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

/// In `references`, whose memory is used again: this is asked of every object of a catalog.
void Dependencies::refer(Place place, catalog::References& references) const {
  for (auto* const list :
       {&references.objects, &references.whole, &references.late_objects, &references.finished})
    list->clear();
  for (auto* const list : {&references.texts, &references.loose, &references.late}) list->clear();
  const catalog::KindSql* const sql = catalog::spec_of(object(place).id.kind).ddl;
  if (sql != nullptr && sql->refer != nullptr)
    sql->refer(object(place), world_, references);
  else
    catalog::refer_to_all(object(place), references);
}

void Dependencies::resolve(Place place, Needs& needs) const {
  const Object& object = this->object(place);
  for (const Place around : {around_[place].schema, around_[place].relation})
    if (around < size()) needs.hard.push_back(around);

  catalog::References references;
  refer(place, references);
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
