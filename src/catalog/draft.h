/// catalog/draft.h: a catalog under construction: names by object identifier, and the objects built so far.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/compare.h"
#include "catalog/kind.h"

namespace candor::catalog {

using Oid = std::uint32_t;

/// An object's values by attribute name, in any order; what is not set stays empty.
class Values {
 public:
  explicit Values(Kind kind) : kind_(kind), values_(attributes_of(kind).size()) {}
  /// REQUIRES: the kind has that attribute.
  void set(std::string_view attribute, std::string_view value);
  void flag(std::string_view attribute, bool value) { set(attribute, value ? "true" : ""); }
  std::vector<Text> take() { return std::move(values_); }

 private:
  Kind kind_;
  std::vector<Text> values_;
};

struct RelationName {
  Text schema;
  Text name;
};

/// A key of an index, kept for the constraint that the index backs.
struct BackingIndex {
  std::string include;
  std::string definition;  ///< method, elements and predicate, for exclusion constraints
  std::string options;
  std::string tablespace;
  std::string comment;
  bool nulls_not_distinct = false;
  bool invalid = false;
  bool clustered = false;
  bool replica_identity = false;
};

class Draft {
 public:
  explicit Draft(std::vector<std::string> excluded_schemas) : excluded_(std::move(excluded_schemas)) {}

  // Names that rows of the first phase introduce.
  void introduce_relation(Oid oid, Text schema, Text name) { relations_[oid] = {schema, name}; }
  void introduce_column(Oid relation, int number, Text name);

  // References: noted after the first phase, resolved in the second.
  void note(const KindSpec& kind, const pg::Rows& rows);
  /// That the relation in `column` of each row has to be named too (its own kind was not read).
  void note_relations(const pg::Rows& rows, int column);
  /// The second phase's queries, one per class of names that is needed. Their results are for learn_names().
  struct NameQuery {
    const pg::Prepared& statement;
    pg::Params params;
  };
  [[nodiscard]] std::vector<NameQuery> name_queries() const;
  void learn_names(const pg::Rows& rows);

  // Lookups while building. What the server did not tell (dropped meanwhile) is shown as "?oid".
  /// Null for relations that are none of ours: extension members, temporary tables.
  [[nodiscard]] const RelationName* relation(Oid oid) const;
  [[nodiscard]] std::string relation_text(Oid oid) const;  ///< "public.users"
  [[nodiscard]] Text column(Oid relation, int number) const;
  /// "id, name" for "1 2" or "{1,2}".
  [[nodiscard]] std::string column_list(Oid relation, std::string_view numbers) const;
  [[nodiscard]] std::string type(Oid oid, int modifier) const;
  [[nodiscard]] std::string collation(Oid oid) const;  ///< "C", "public.german"
  [[nodiscard]] std::string opclass(Oid oid) const;    ///< empty if it is the default of its type
  [[nodiscard]] std::string operator_name(Oid oid) const;
  [[nodiscard]] std::string routine(Oid oid) const;  ///< "public.f(integer)"

  /// Empty for the role that migrates, else `role`. That is who owns the excluded schema (the ledger's), else
  /// who reads. `owners`: what schema_owners selects.
  [[nodiscard]] std::string_view role_name(std::string_view role, std::string_view owners,
                                           std::string_view session_user) const;

  /// Adds an object unless its schema is excluded.
  void add(ObjectId id, Values values);
  /// Says that the row that holds a printed attribute was written in the range that Source names.
  void mark_written(const ObjectId& id, std::string_view attribute);

  std::unordered_map<Oid, BackingIndex> backing_indexes;
  std::vector<Object> objects;
  Forms written;

 private:
  std::vector<std::string> excluded_;
  std::unordered_map<Oid, RelationName> relations_;
  std::unordered_map<std::uint64_t, Text> columns_;

  using TypeKey = std::pair<Oid, int>;
  struct TypeHash {
    std::size_t operator()(const TypeKey& key) const {
      return std::hash<std::uint64_t>{}((std::uint64_t{key.first} << 32) |
                                        static_cast<std::uint32_t>(key.second));
    }
  };
  std::unordered_map<TypeKey, std::string, TypeHash> types_;
  std::unordered_map<Oid, std::string> collations_, opclasses_, operators_, routines_;
  std::unordered_map<Oid, RelationName> other_relations_;
  std::unordered_set<std::uint64_t> wanted_columns_;
};

/// An expression: every schema and its owner, for Draft::role_name().
std::string schema_owners();
/// The numbers of an oidvector, int2vector ("1 2") or array ("{1,2}").
std::vector<std::int64_t> parse_numbers(std::string_view text);
/// A name as in identities: plain words bare, all else as a JSON string.
std::string identifier(std::string_view name);
/// "schema.name", without the schema if it is pg_catalog.
std::string qualified(std::string_view schema, std::string_view name);
Oid to_oid(std::string_view text);
/// What Source::grants selects, in canonical form: "owner: INSERT, SELECT; role app: SELECT*". Who granted is
/// left out, and MAINTAIN, which came with 17 as part of ALL.
std::string grants_text(std::string_view owner_and_acl);
/// Storage or attribute options, sorted; the server's own stamps (pg_attver, in the latest minors) are none
/// of ours.
std::string options_text(std::string_view options);

}  // namespace candor::catalog
