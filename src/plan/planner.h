/// plan/planner.h: how make_plan() works: what has to change (here), with which statements (nodes.h) and
/// which care (recipes), in which order (connect.h), and what becomes of circles (circles.h).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plan/dependencies.h"
#include "plan/order.h"
#include "plan/plan.h"

namespace candor::plan {

/// What has to go, to be made and to be altered, with all that follows from it.
class Changes {
 public:
  Changes(const catalog::World& from_world, const catalog::World& to_world, const Options& options);

  [[nodiscard]] const catalog::World& from_world() const { return from_world_; }
  [[nodiscard]] const catalog::World& to_world() const { return to_world_; }
  [[nodiscard]] const Options& options() const { return options_; }

  Dependencies from;
  Dependencies to;
  std::vector<catalog::Effect> effects;
  std::vector<bool> gone;                    ///< of `from`: dropped, or dropped and made again
  std::vector<bool> made;                    ///< of `to`: new, or made again
  std::map<Place, catalog::Object> altered;  ///< of `to`: what it is to become, by the options
  std::set<Place> retyped;                   ///< of `from`: columns whose type or collation changes
  std::set<Place> replaced_types;  ///< of `from`: types made anew under columns that keep their rows
  std::set<Place> detached;        ///< of `from`: columns whose default or identity goes before all else
  std::vector<catalog::ObjectId> extra;
  std::vector<std::string> impossible;

  [[nodiscard]] std::optional<Place> twin_in_to(Place from_place) const;
  [[nodiscard]] std::optional<Place> twin_in_from(Place to_place) const;
  /// Made, and there before under the same identity.
  [[nodiscard]] bool made_again(Place to_place) const;
  /// The object of `to` as it has to become: without what the options leave out.
  [[nodiscard]] catalog::Object target(Place to_place) const;
  /// Its relation exists, with rows, when the plan begins: care is worth it.
  [[nodiscard]] bool relation_has_rows(const catalog::ObjectId& part) const;

 private:
  void classify();
  void find_taken_names();
  void alter(Place from_place, Place to_place);
  void follow();
  void react(Place dependent, Place cause);
  void react_column(Place dependent, Place cause);
  void react_constraint(Place dependent, Place cause);
  void make_again(Place from_place);
  void replace_type(Place type);
  void retype(Place column);
  void detach_owner(Place sequence);
  [[nodiscard]] bool retypes_a_stored_field(Place type, const catalog::Ddls& ddls) const;

  const catalog::World& from_world_;
  const catalog::World& to_world_;
  const Options& options_;
  std::vector<Place> queue_;
};

/// One or more statements that stand together in the order.
struct Node {
  enum class What : std::uint8_t { drop, detach, make, alter, late, validate, cleanup };
  What what{};
  catalog::ObjectId id;
  catalog::Ddls ddls;
  int rank = 0;      ///< among nodes that may come next, the lesser first
  int position = 0;  ///< of a column that is added: its place among its table's columns
};

/// The care that tables with rows need: rewrites a node's statements, and may add a node that validates.
void apply_recipes(const Changes& changes, Place place, Node& node, std::optional<Node>& validation,
                   int major);
/// A column whose type or collation was replaced by another of the same name: by way of text. `world`: what
/// is to be.
catalog::Ddls cast_to_replacement(const catalog::Object& before, const catalog::Object& column,
                                  const catalog::World& world);
/// A sequence that is made for a column that is there goes on behind the column's values; nothing for others.
catalog::Ddls continue_sequence(const Changes& changes, Place place);
/// DROP INDEX CONCURRENTLY where that is possible.
void apply_drop_recipes(const Changes& changes, Place place, Node& node);

/// What `part` of a relation is called in another one.
catalog::ObjectId part_in(const catalog::ObjectId& relation, catalog::ObjectId part);
/// The columns of parents that a child's or partition's column is. `world`: of `side`.
std::vector<Place> parent_columns(const Dependencies& side, const catalog::World& world,
                                  const catalog::ObjectId& column);
/// The column that a sequence belongs to.
std::optional<Place> owner_of(const Dependencies& side, Place sequence);

bool is_type(catalog::Kind kind);
bool is_relation(catalog::Kind kind);
/// Names that share pg_class; a constraint's only by its index, if it has one.
bool is_in_pg_class(catalog::Kind kind);

}  // namespace candor::plan
