/// catalog/kind.h: what a kind of object says of itself. Each kind is one file in kinds/ and one row in
/// kind.cpp.
///
/// A kind names its attributes and the one query that reads them, for the whole database or for named objects
/// alike. Rows carry object identifiers; those that need a name are declared as references, and all
/// references of all kinds are resolved together in a second round trip (catalog/read.h).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "catalog/object.h"
#include "pg/connection.h"

namespace candor::catalog {

class Draft;
struct KindSql;
struct Source;

/// What a row's cell refers to.
enum class Refers : std::uint8_t {
  type,       ///< an oid; `other` is the column with the type modifier (-1: none)
  collation,  ///< an oid, or an oidvector
  opclass,    ///< an oid, or an oidvector
  op,         ///< an operator's oid, or an array of them
  routine,    ///< an oid
  relation,   ///< an oid
  columns,    ///< attribute numbers (int2, int2vector or array) of the relation in column `other`
};
struct Reference {
  Refers to{};
  int column = 0;
  int other = -1;
};

/// What the first columns of a kind's rows introduce for other kinds to refer to.
enum class Introduces : std::uint8_t {
  nothing,
  relations,  ///< oid, schema, name
  columns,    ///< relation's oid, attribute number, name
};

/// By which names a kind is found when only some objects are wanted.
enum class Anchor : std::uint8_t {
  schema,
  extension,
  type,
  relation,
  routine,
  qualified,  ///< a schema and a name: operators, collations …
  named,      ///< a name alone: languages, publications …
  all,        ///< all of them are read: there are few
};

struct KindSpec {
  Kind kind{};
  std::string_view name;  ///< as in object.h
  Anchor anchor{};
  std::span<const Attribute> attributes;

  /// The query; null for kinds that another kind's query delivers (procedures come with functions).
  std::string (*sql)(const Source& source) = nullptr;
  Introduces introduces = Introduces::nothing;
  std::span<const Reference> references = {};
  /// Turns the query's rows into objects.
  void (*build)(const pg::Rows& rows, Draft& draft) = nullptr;
  /// How objects of the kind are written as SQL: kinds/NAME_sql.cpp.
  const KindSql* ddl = nullptr;
};

/// All kinds; the order is that in which they are built: what introduces comes before what refers.
std::span<const KindSpec* const> all_kind_specs();
const KindSpec& spec_of(Kind kind);

/// A condition on the pg_namespace row n.
std::string user_schema();

/// The pieces of SQL that differ between reading everything and reading named objects, and between majors.
struct Source {
  int version = 0;          ///< server_version_num
  bool whole = true;        ///< false: only the named objects
  std::string schemas;      ///< FROM item with alias n (pg_namespace)
  std::string extensions;   ///< aliases e (pg_extension), n
  std::string relations;    ///< aliases c (pg_class), n
  std::string types;        ///< aliases t (pg_type), n
  std::string routines;     ///< aliases p (pg_proc), n
  bool witnessing = false;  ///< whether written() looks at the range of xids that ask() has set

  /// FROM item with aliases n (pg_namespace) and `alias` (`catalog`): everything in users' schemas, or the
  /// objects named in the parameters $first and $first + 1.
  [[nodiscard]] std::string in_schemas(std::string_view catalog, std::string_view alias,
                                       std::string_view schema_column, std::string_view name_column,
                                       int first = 1, std::string_view extra = {}) const;
  /// "and `name` is one of those in $1", or nothing when everything is read.
  [[nodiscard]] std::string named(std::string_view name) const;
  /// "and `oid` of `catalog` does not belong to an extension".
  [[nodiscard]] std::string not_a_member(std::string_view catalog, std::string_view oid) const;
  /// A boolean expression: the row `alias` was written in ReadOptions::written_between.
  [[nodiscard]] std::string written(std::string_view alias) const;
  /// The owner's name, or NULL for the role that reads: what a migration makes belongs to the role that runs
  /// it.
  [[nodiscard]] std::string owner(std::string_view column) const;
  /// Owner and privileges as draft.h's grants_text() reads them, NULL for the built-in default. `type` as of
  /// acldefault().
  [[nodiscard]] std::string grants(std::string_view acl, char type, std::string_view owner) const;
  /// A left join that yields the comment as `alias`.description.
  [[nodiscard]] std::string comment(std::string_view alias, std::string_view catalog, std::string_view oid,
                                    std::string_view sub_id = "0") const;
};

}  // namespace candor::catalog
