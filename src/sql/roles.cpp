#include "sql/roles.h"

#include <algorithm>

namespace candor::sql {
namespace {

void add(std::vector<std::string>& names, const char* name) {
  if (name == nullptr || *name == '\0' || std::ranges::find(names, name) != names.end()) return;
  names.emplace_back(name);
}

// GRANT parent TO child: the parent looks like a privilege in the tree.
void add_granted(const PgQuery__GrantRoleStmt& grant, std::vector<std::string>& roles) {
  for (std::size_t i = 0; i < grant.n_granted_roles; ++i)
    if (grant.granted_roles[i]->node_case == PG_QUERY__NODE__NODE_ACCESS_PRIV)
      add(roles, grant.granted_roles[i]->access_priv->priv_name);
}

// SET ROLE x, SET SESSION AUTHORIZATION x: the role is a string constant.
void add_set(const PgQuery__VariableSetStmt& set, std::vector<std::string>& roles) {
  const std::string_view variable = set.name;
  if (set.n_args != 1 || (variable != "role" && variable != "session_authorization")) return;
  const PgQuery__Node& value = *set.args[0];
  if (value.node_case != PG_QUERY__NODE__NODE_A_CONST ||
      value.a_const->val_case != PG_QUERY__A__CONST__VAL_SVAL)
    return;
  const std::string_view role = value.a_const->sval->sval;
  if (role != "none" && role != "default") add(roles, value.a_const->sval->sval);
}

// COMMENT ON ROLE x, SECURITY LABEL ON ROLE x
void add_object(PgQuery__ObjectType type, const PgQuery__Node* object, std::vector<std::string>& roles) {
  if (type == PG_QUERY__OBJECT_TYPE__OBJECT_ROLE && object != nullptr &&
      object->node_case == PG_QUERY__NODE__NODE_STRING)
    add(roles, object->string->sval);
}

}  // namespace

void collect_names(const PgQuery__Node& statement, Analysis& analysis) {
  // DROP ROLE IF EXISTS asks for nothing to be there.
  if (statement.node_case == PG_QUERY__NODE__NODE_DROP_ROLE_STMT && statement.drop_role_stmt->missing_ok)
    return;
  walk(statement.base, [&](const ProtobufCMessage& message) {
    if (const auto* role = as<PgQuery__RoleSpec>(message, pg_query__role_spec__descriptor)) {
      if (role->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING) add(analysis.roles, role->rolename);
    } else if (const auto* created =
                   as<PgQuery__CreateRoleStmt>(message, pg_query__create_role_stmt__descriptor)) {
      add(analysis.created_roles, created->role);
    } else if (const auto* grant =
                   as<PgQuery__GrantRoleStmt>(message, pg_query__grant_role_stmt__descriptor)) {
      add_granted(*grant, analysis.roles);
    } else if (const auto* set =
                   as<PgQuery__VariableSetStmt>(message, pg_query__variable_set_stmt__descriptor)) {
      add_set(*set, analysis.roles);
    } else if (const auto* rename = as<PgQuery__RenameStmt>(message, pg_query__rename_stmt__descriptor)) {
      if (rename->rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_ROLE) {
        add(analysis.roles, rename->subname);
        add(analysis.created_roles, rename->newname);
      }
    } else if (const auto* comment = as<PgQuery__CommentStmt>(message, pg_query__comment_stmt__descriptor)) {
      add_object(comment->objtype, comment->object, analysis.roles);
    } else if (const auto* label = as<PgQuery__SecLabelStmt>(message, pg_query__sec_label_stmt__descriptor)) {
      add_object(label->objtype, label->object, analysis.roles);
    } else if (const auto* made =
                   as<PgQuery__CreateExtensionStmt>(message, pg_query__create_extension_stmt__descriptor)) {
      add(analysis.extensions, made->extname);
    }
  });
}

}  // namespace candor::sql
