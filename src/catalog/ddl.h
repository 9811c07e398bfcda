/// catalog/ddl.h: objects as SQL: the statements that create, alter and drop one object of a kind.
///
/// A kind (kinds/NAME_sql.cpp) knows its own statements and what each takes; which statements are needed, in
/// which order and in which transactions is the plan's business (src/plan).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "catalog/catalog.h"

namespace candor::catalog {

/// PostgreSQL's table lock modes, weakest first.
enum class Lock : std::uint8_t {
  none,
  access_share,
  row_share,
  row_exclusive,
  share_update_exclusive,
  share,
  share_row_exclusive,
  exclusive,
  access_exclusive,
};
/// "ACCESS EXCLUSIVE"; "none".
std::string_view name_of(Lock lock);

/// One statement, and what it does to those who use the database meanwhile.
struct Ddl {
  std::string sql;  ///< one statement, without its semicolon
  Lock lock = Lock::none;
  ObjectId on;                                       ///< what is locked; meaningless without a lock
  std::vector<std::pair<ObjectId, Lock>> also = {};  ///< other relations that are locked
  bool transactional = true;  ///< false: the server refuses it inside a transaction block
  bool commits = false;       ///< what it does can be used only after a commit
  bool rewrites = false;      ///< the whole table is written anew
  bool scans = false;         ///< all of the table's rows are read
  std::string hazard;         ///< what may be lost: "drops column public.users.email: its values are lost"
  std::string reason;         ///< why this statement, where it is not evident
  bool needs_fill = false;    ///< fails if the table has rows: a value is needed for them
  bool alone = false;         ///< to be committed by itself
  /// Has to wait for References::late: "ALTER SEQUENCE … OWNED BY" waits for the column.
  bool late = false;
  bool loses = false;  ///< rows or values go (of a drop with a hazard, this is understood)
};
using Ddls = std::vector<Ddl>;

/// The schema that a statement is written for: `to` for create and alter, `from` for drop.
class World {
 public:
  World(const Catalog& catalog, int major);

  [[nodiscard]] const Catalog& catalog() const { return *catalog_; }
  [[nodiscard]] const Object* find(const ObjectId& id) const { return catalog_->find(id); }
  /// What belongs to the relation (or domain) of that name: columns, constraints, indexes, triggers …
  [[nodiscard]] std::vector<const Object*> parts_of(Text schema, Text relation) const;
  /// The relation's columns, in their order.
  [[nodiscard]] std::vector<const Object*> columns_of(Text schema, Text relation) const;
  /// The sequence behind an identity column; null: there is none.
  [[nodiscard]] const Object* identity_sequence(const ObjectId& column) const;
  /// The parents that a table's "partition_of" or "inherits" names, as far as they are in the catalog.
  [[nodiscard]] std::vector<const Object*> parents_of(const Object& table) const;
  /// The tables whose "partition_of" or "inherits" names `table`.
  [[nodiscard]] std::vector<const Object*> children_of(const ObjectId& table) const;

  int major;  ///< the server's that is to understand the statements

 private:
  const Catalog* catalog_;
  std::unordered_map<std::string, const Object*> identity_;               ///< by what owned_by says
  std::unordered_map<std::string, std::vector<const Object*>> children_;  ///< by a parent's name
};

/// What an object needs, for the order of statements. What the catalog does not hold is passed over.
struct References {
  std::vector<ObjectId> objects;        ///< must be there before
  std::vector<ObjectId> whole;          ///< must be there before, with their statements that are `late`
  std::vector<std::string_view> texts;  ///< printed text: the qualified names in it must be there before
  std::vector<std::string_view> loose;  ///< texts whose names come before where that is possible
  std::vector<std::string_view> late;   ///< texts whose names come before the statements that are `late`
  std::vector<ObjectId> late_objects;   ///< likewise
  std::vector<ObjectId> finished;       ///< `late` statements come behind the `late` statements of these
};

/// How a kind is written as SQL.
struct KindSql {
  /// REQUIRES: what the object refers to exists.
  Ddls (*create)(const Object& object, const World& world);
  /// From the one to the other. nullopt: no ALTER does that; drop and create. Must pass over attributes that
  /// another kind's statement sees to (an inherited column's type).
  std::optional<Ddls> (*alter)(const Object& from, const Object& to, const World& world);
  /// REQUIRES: nothing that needs the object is left.
  Ddls (*drop)(const Object& object, const World& world);
  /// Null: refer_to_all().
  void (*refer)(const Object& object, const World& world, References& references) = nullptr;
};

/// The object's schema, its relation, and the names in all values that count (Compare::always).
void refer_to_all(const Object& object, References& references);

// Values by name.

/// Empty if it is not set, or the kind has no such attribute.
std::string_view value(const Object& object, std::string_view attribute);
inline bool is_set(const Object& object, std::string_view attribute) {
  return !value(object, attribute).empty();
}
/// Copies the value of one attribute.
void set_value(Object& object, std::string_view attribute, std::string_view text);
bool changed(const Object& from, const Object& to, std::string_view attribute);
/// True if no attribute but the named ones, those that are only a notice, owner, grants and comment differs.
bool only_changed(const Object& from, const Object& to, std::initializer_list<std::string_view> attributes);

// Text.

/// "public"."users": an object with its schema, always quoted. Of what belongs to a relation: its own name.
std::string sql_name(const ObjectId& id);
/// The relation that an object belongs to, quoted.
std::string sql_relation(const ObjectId& id);
/// A name or list of names as the catalog's texts have them ("id, \"Na me\"", "public.users") as SQL.
std::string sql_names(std::string_view names);
std::string sql_literal(std::string_view text);
/// "fillfactor=70, autovacuum_enabled=false" as the inside of WITH (…).
std::string sql_options(std::string_view options, std::string_view prefix = {});
/// The parts of a list at its commas, not those within quotes, parentheses and brackets.
std::vector<std::string> split_list(std::string_view list, char separator = ',');
/// "public.users" → its identity as `kind`; an unqualified name is one of pg_catalog.
ObjectId named(Kind kind, std::string_view qualified);

/// Wherever options differ: SET (…) and RESET (…), each to be put behind "ALTER TABLE x ".
std::vector<std::string> option_changes(std::string_view from, std::string_view to,
                                        std::string_view prefix = {});

// Owner, privileges and comment: the same for all kinds.

/// What stands before a name in ALTER, COMMENT ON and GRANT ON, and the name.
struct Spoken {
  std::string word;        ///< "TABLE", "FUNCTION", "MATERIALIZED VIEW": in ALTER … OWNER TO and COMMENT ON
  std::string name;        ///< as SQL: "\"public\".\"users\"", "\"c\" ON \"public\".\"users\""
  std::string grant_word;  ///< "TABLE", "TYPE"; empty: `word`
  std::string grant_name;  ///< empty: `name`
  std::string columns;     ///< "(\"email\")" behind each privilege: privileges on a column
};
/// The statements that give a new object its recorded owner, privileges and comment. `lock` is what COMMENT
/// takes on the object.
void append_extras(Ddls& ddls, const Object& object, const Spoken& spoken);
/// Likewise for what differs.
void append_extra_changes(Ddls& ddls, const Object& from, const Object& to, const Spoken& spoken);

}  // namespace candor::catalog
