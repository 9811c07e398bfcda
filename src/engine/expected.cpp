/// What the lock expects of a database, and what its ledger witnessed: the one side of every comparison.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "catalog/diff.h"
#include "engine/expectation.h"
#include "engine/prover.h"
#include "engine/verify.h"

namespace candor::engine {

namespace {

using history::LedgerRow;
using history::LockEntry;

/// The effect of `entry` that does not fit what the entries before it make; for the error message only.
std::string first_misfit(const history::LockFile& lock, const std::vector<const LockEntry*>& applied,
                         const LockEntry& entry) {
  const auto base = base_catalog(lock);
  if (!base) return {};
  catalog::CatalogBuilder builder(*base);
  for (const LockEntry* before : applied) {
    if (before == &entry) break;
    if (!builder.apply(before->effects)) break;
  }
  for (const catalog::Effect& effect : entry.effects)
    if (!builder.apply(std::vector{effect})) return history::to_line(effect);
  return {};
}

void forget(catalog::Forms& forms, const catalog::Effect& effect) {
  const auto at = forms.find(effect.id);
  if (at == forms.end()) return;
  if (effect.change != catalog::Change::altered) {
    forms.erase(at);
    return;
  }
  for (const catalog::AttributeChange& change : effect.attributes)
    std::erase_if(at->second, [&](const auto& form) { return form.first == change.attribute; });
}

void remember(catalog::Forms& forms, const history::Form& form) {
  auto& known = forms[form.id];
  std::erase_if(known, [&](const auto& other) { return other.first == form.attribute; });
  known.emplace_back(form.attribute, form.text);
}

bool changes(const catalog::Effect& effect, std::uint8_t attribute) {
  return effect.change != catalog::Change::altered ||
         std::ranges::find(effect.attributes, attribute, &catalog::AttributeChange::attribute) !=
             effect.attributes.end();
}

std::unexpected<Error> unreadable(const LedgerRow& row, std::string_view why) {
  return fail(codes::ledger_unexpected_row,
              fmt::format("what the ledger's row of version {} witnessed cannot be read: {}",
                          catalog::quoted(row.version.text()), why),
              "set the row's column witnessed to null: what it proved is then unproven");
}

/// {"major": 17, "forms": [{"kind": "view", "object": "public.v", "attribute": "definition", "text": "…"}]}
Result<> read_witnessed(const LedgerRow& row, int major, std::vector<Witnessed>& witnessed) {
  const auto json = nlohmann::json::parse(row.witnessed, nullptr, false);
  const auto text = [](const nlohmann::json& object, const char* key) -> const std::string* {
    const auto at = object.is_object() ? object.find(key) : object.end();
    return at == object.end() ? nullptr : at->get_ptr<const std::string*>();
  };
  if (!json.is_object() || !json.contains("major") || !json["major"].is_number_integer() ||
      !json.contains("forms") || !json["forms"].is_array())
    return unreadable(row, "it has no major or no forms");
  if (json["major"].get<int>() != major) return {};
  for (const nlohmann::json& form : json["forms"]) {
    const std::string* const kind_name = text(form, "kind");
    const std::string* const object = text(form, "object");
    const std::string* const attribute = text(form, "attribute");
    const std::string* const printed = text(form, "text");
    catalog::Kind kind{};
    history::Form read;
    if (kind_name == nullptr || object == nullptr || attribute == nullptr || printed == nullptr ||
        !catalog::parse_kind(*kind_name, kind) || !catalog::parse_id(kind, *object, read.id))
      return unreadable(row, fmt::format("{} is no form",
                                         form.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace)));
    const auto attributes = catalog::attributes_of(kind);
    const auto at = std::ranges::find(attributes, *attribute, &catalog::Attribute::name);
    if (at == attributes.end()) return unreadable(row, fmt::format("a {} has no {}", *kind_name, *attribute));
    read.attribute = static_cast<std::uint8_t>(at - attributes.begin());
    read.text = Text(*printed);
    witnessed.push_back({row.version, read});
  }
  return {};
}

}  // namespace

catalog::Catalog base_catalog(int major) {
  catalog::Object schema{.id = {.kind = catalog::Kind::schema, .name = Text("public")}};
  schema.values.resize(catalog::attributes_of(catalog::Kind::schema).size());
  std::vector<catalog::Object> objects;
  objects.push_back(std::move(schema));
  return catalog::Catalog(std::move(objects), major);
}

Result<catalog::Catalog> base_catalog(const history::LockFile& lock) {
  auto base = catalog::apply(base_catalog(lock.server), lock.given);
  if (base) return std::move(*base);
  return fail(codes::lock_malformed, "the effects of [shadow] setup do not fit a new database",
              "run `candor lock` to replay the history");
}

void renew_forms(catalog::Forms& forms, const LockEntry& entry, int major) {
  if (!forms.empty())
    for (const catalog::Effect& effect : entry.effects) forget(forms, effect);
  if (const auto own = entry.forms.find(major); own != entry.forms.end())
    for (const history::Form& form : own->second) remember(forms, form);
}

std::unordered_set<catalog::ObjectId> touched_by_outdated(const history::LockFile& lock,
                                                          const std::vector<LedgerRow>& rows,
                                                          const std::vector<const LockEntry*>& applied) {
  std::unordered_set<catalog::ObjectId> touched;
  for (const LedgerRow& row : rows) {
    const LockEntry* const entry = row.version.repeatable() ? lock.find(row.version) : nullptr;
    if (entry == nullptr || !row.is_outdated(entry->checksum)) continue;
    if (std::ranges::find(applied, entry) != applied.end()) continue;
    for (const catalog::Effect& effect : entry->effects) touched.insert(effect.id);
  }
  return touched;
}

Result<std::vector<Witnessed>> witnessed_in(const std::vector<LedgerRow>& rows, int major) {
  std::vector<Witnessed> witnessed;
  for (const LedgerRow& row : rows) {
    if (row.witnessed.empty() || !row.claims_applied()) continue;
    if (auto read = read_witnessed(row, major, witnessed); !read) return pass(read);
  }
  return witnessed;
}

Result<catalog::Catalog> expected_catalog(const history::LockFile& lock,
                                          const std::vector<const LockEntry*>& applied, int major,
                                          catalog::Forms& forms) {
  auto base = base_catalog(lock);
  if (!base) return base;
  catalog::CatalogBuilder builder(*base);
  for (const LockEntry* entry : applied) {
    if (entry == nullptr)
      return fail(codes::ledger_unknown_version, "the lock lacks a migration that was applied",
                  "use the revision of the project that has it");
    if (!builder.apply(entry->effects))
      return std::unexpected(
          Error{.code = codes::lock_malformed,
                .message = fmt::format("the effects of migration {} do not fit those before it",
                                       catalog::quoted(entry->version.text())),
                .detail = first_misfit(lock, applied, *entry),
                .hint = "run `candor lock` to replay the history"});
    if (major == lock.server) continue;
    renew_forms(forms, *entry, major);
  }
  return std::move(builder).build();
}

Result<> add_witnessed(const std::vector<LedgerRow>& rows, const std::vector<const LockEntry*>& applied,
                       int major, catalog::Forms& forms) {
  const auto all = witnessed_in(rows, major);
  if (!all) return std::unexpected(all.error());
  const std::vector<Witnessed>& witnessed = *all;
  if (witnessed.empty()) return {};

  std::unordered_multimap<catalog::ObjectId, const Witnessed*> by_object;
  for (const Witnessed& one : witnessed) by_object.emplace(one.form.id, &one);
  std::vector<const Witnessed*> outdated;
  for (const LockEntry* entry : applied)
    for (const catalog::Effect& effect : entry->effects) {
      const auto [begin, end] = by_object.equal_range(effect.id);
      for (auto at = begin; at != end; ++at)
        if (at->second->version < entry->version && changes(effect, at->second->form.attribute))
          outdated.push_back(at->second);
    }
  std::ranges::sort(outdated);
  for (const Witnessed& one : witnessed)
    if (!std::ranges::binary_search(outdated, &one)) remember(forms, one.form);
  return {};
}

namespace {

/// The lock was replayed on this major as well: with its forms in place, every text is known as this major
/// prints it.
catalog::Catalog as_printed(const catalog::Catalog& expected, const catalog::Forms& forms, int major) {
  std::vector<catalog::Object> objects = expected.objects();
  for (catalog::Object& object : objects)
    if (const auto known = forms.find(object.id); known != forms.end())
      for (const auto& [attribute, text] : known->second) object.values[attribute] = text;
  return catalog::Catalog(std::move(objects), major);
}

}  // namespace

Result<Expectation> expectation_of(const history::LockFile& lock,
                                   const std::vector<const LockEntry*>& applied,
                                   const std::vector<LedgerRow>& rows, int major) {
  Expectation expectation;
  auto catalog = expected_catalog(lock, applied, major, expectation.forms);
  if (!catalog) return pass(catalog);
  expectation.catalog = std::move(*catalog);
  if (major == lock.server) return expectation;
  if (auto added = add_witnessed(rows, applied, major, expectation.forms); !added) return pass(added);
  if (std::ranges::binary_search(lock.other_servers, major))
    expectation.catalog = as_printed(expectation.catalog, expectation.forms, major);
  return expectation;
}

std::string witnessed_json(const std::vector<history::Form>& forms, int major) {
  nlohmann::json list = nlohmann::json::array();
  for (const history::Form& form : forms)
    list.push_back({{"kind", catalog::name_of(form.id.kind)},
                    {"object", catalog::to_string(form.id)},
                    {"attribute", catalog::attributes_of(form.id.kind)[form.attribute].name},
                    {"text", form.text.view()}});
  const nlohmann::json json = {{"major", major}, {"forms", std::move(list)}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace candor::engine
