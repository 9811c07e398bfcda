/// What providers (SELinux and the like) say of objects.
#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"label"},
};

constexpr Format formats[] = {as_text};

std::string sql(const Source&) {
  return std::string("SELECT NULL, NULL, x.provider, x.objtype || ' ' || x.objname, x.label") +
         " FROM pg_catalog.pg_seclabels x WHERE x.classoid NOT IN ('pg_catalog.pg_database'::pg_catalog.regclass,"
         " 'pg_catalog.pg_authid'::pg_catalog.regclass, 'pg_catalog.pg_tablespace'::pg_catalog.regclass,"
         " 'pg_catalog.pg_largeobject'::pg_catalog.regclass)";
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::security_label, formats, rows, draft);
}

}  // namespace

const KindSpec security_label{
    Kind::security_label, "security_label", Anchor::all, attributes, sql, Introduces::nothing, {}, build,
    &security_label_sql};

}  // namespace candor::catalog::kinds
