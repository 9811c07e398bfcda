/// plan/dependencies.h: which objects of a catalog need which, without asking a server.
///
/// Attributes name what they refer to. Printed text (a view's query, a default, a check) is qualified outside
/// pg_catalog, so that `schema.name` in it, if the catalog has such an object, is a reference; and the name
/// of a column of a relation that is referred to, standing in the text as a word, is one to that column. A
/// name too many orders more than need be; none is missed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/ddl.h"

namespace candor::plan {

/// An object's place in Catalog::objects().
using Place = std::uint32_t;

struct Needs {
  std::vector<Place> hard;      ///< must be there
  std::vector<Place> loose;     ///< better there before; no reason to drop anything
  std::vector<Place> late;      ///< must be there for the statements that are late
  std::vector<Place> whole;     ///< must be there with its late statements; for the order alone
  std::vector<Place> finished;  ///< whose late statements come before ours
};

class Dependencies {
 public:
  /// `world` and its catalog outlive this.
  explicit Dependencies(const catalog::World& world);

  /// Found out when first asked for: most objects of a large catalog are never asked about.
  [[nodiscard]] const Needs& needs(Place place) const;
  /// Who has `place` among its hard or late needs, ascending. The first call looks at the whole catalog, but
  /// no closer than it must: what only an object's own relation can tell is found when that is asked about.
  [[nodiscard]] const std::vector<Place>& dependents(Place place) const;
  [[nodiscard]] std::optional<Place> place_of(const catalog::ObjectId& id) const;
  [[nodiscard]] const catalog::Object& object(Place place) const { return catalog_.objects()[place]; }
  [[nodiscard]] std::size_t size() const { return catalog_.size(); }
  /// The relation or domain that an object belongs to.
  [[nodiscard]] std::optional<Place> relation_of(const catalog::ObjectId& id) const;

 private:
  /// A name as printed text has it, without its quotes; the views are into the catalog or the text.
  struct QualifiedName {
    std::string_view schema, name;
    bool operator==(const QualifiedName&) const = default;
  };
  struct HashOfName {
    std::size_t operator()(const QualifiedName& name) const;
  };
  /// Where an object stands in the catalog, which is sorted by schema, then by relation.
  struct Surroundings {
    Place schema, relation;  ///< size(): it has none, or the catalog does not
  };
  using Names = std::unordered_multimap<QualifiedName, Place, HashOfName>;

  [[nodiscard]] const Names& names() const;
  void look_around();
  [[nodiscard]] bool in_one_group(Place a, Place b) const;
  void resolve(Place place, Needs& needs) const;
  void refer(Place place, catalog::References& references) const;
  void link_across() const;
  void link_schema(Place schema) const;
  void link_group(Place relation) const;
  void add_primary_keys(std::vector<Place>& needs) const;
  void scan(std::string_view text, Place own, std::vector<Place>& found) const;
  void add_columns(Place relation, const std::vector<std::string_view>& words, Place own,
                   std::vector<Place>& found) const;

  const catalog::World& world_;
  const catalog::Catalog& catalog_;
  std::vector<Surroundings> around_;
  // Empty until they are asked for.
  mutable Names names_;
  mutable std::unordered_map<Place, Needs> needs_;
  mutable std::vector<std::vector<Place>> dependents_;
  mutable std::unordered_set<Place> linked_;  ///< schemas and relations whose own links are in dependents_
};

/// The identifiers in SQL text, unquoted, in their order; a name behind a dot is marked.
struct Word {
  std::string text;
  bool after_dot = false;
  bool is_operator = false;
  std::size_t begin = 0, end = 0;  ///< where it stands, quotes included
};
std::vector<Word> words_of(std::string_view sql);

}  // namespace candor::plan
