#include "sql/anatomy.h"

#include "sql/big_stack.h"
#include "sql/tree.h"

namespace candor::sql {
namespace {

using Nature = Anatomy::Nature;

// The grammar recurses once per level of nesting, and a level takes at least one byte.
constexpr std::size_t largest = 1U << 20;
constexpr std::size_t least_stack = 8U << 20;
constexpr std::size_t stack_per_byte = 512;

std::string text_of(const char* text) {
  return text == nullptr ? "" : text;
}

std::string text_of(const PgQuery__AConst& constant) {
  switch (constant.val_case) {
    case PG_QUERY__A__CONST__VAL_SVAL:
      return text_of(constant.sval->sval);
    case PG_QUERY__A__CONST__VAL_FVAL:
      return text_of(constant.fval->fval);
    case PG_QUERY__A__CONST__VAL_IVAL:
      return std::to_string(constant.ival->ival);
    default:
      return "";
  }
}

Anatomy::Value value_of(const char* column, const PgQuery__Node* node) {
  Anatomy::Value value{.column = text_of(column)};
  while (node != nullptr && node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) node = node->type_cast->arg;
  if (node == nullptr) return value;
  if (node->node_case == PG_QUERY__NODE__NODE_A_CONST && node->a_const->isnull == 0)
    value.constant = text_of(*node->a_const);
  if (node->node_case == PG_QUERY__NODE__NODE_PARAM_REF) value.parameter = node->param_ref->number;
  return value;
}

void take_insert(const PgQuery__InsertStmt& insert, Anatomy& anatomy) {
  anatomy.nature = Nature::insert;
  if (insert.select_stmt == nullptr || insert.select_stmt->node_case != PG_QUERY__NODE__NODE_SELECT_STMT)
    return;
  const PgQuery__SelectStmt& select = *insert.select_stmt->select_stmt;
  if (select.n_values_lists != 1 || select.values_lists[0]->node_case != PG_QUERY__NODE__NODE_LIST) return;
  const PgQuery__List& row = *select.values_lists[0]->list;
  for (std::size_t i = 0; i < insert.n_cols && i < row.n_items; ++i)
    if (insert.cols[i]->node_case == PG_QUERY__NODE__NODE_RES_TARGET)
      anatomy.values.push_back(value_of(insert.cols[i]->res_target->name, row.items[i]));
}

void take_update(const PgQuery__UpdateStmt& update, Anatomy& anatomy) {
  anatomy.nature = Nature::update;
  for (std::size_t i = 0; i < update.n_target_list; ++i)
    if (update.target_list[i]->node_case == PG_QUERY__NODE__NODE_RES_TARGET)
      anatomy.values.push_back(
          value_of(update.target_list[i]->res_target->name, update.target_list[i]->res_target->val));
}

void take_control(const PgQuery__TransactionStmt& statement, Anatomy& anatomy) {
  anatomy.nature = Nature::control;
  anatomy.savepoint = text_of(statement.savepoint_name);
  switch (statement.kind) {
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_BEGIN:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_START:
      anatomy.control = "begin";
      break;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT:
      anatomy.control = "commit";
      break;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK:
      anatomy.control = "rollback";
      break;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_SAVEPOINT:
      anatomy.control = "savepoint";
      break;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_RELEASE:
      anatomy.control = "release";
      break;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_TO:
      anatomy.control = "rollback to";
      break;
    default:
      anatomy.control = "prepared";
      break;
  }
}

void take_nature(const PgQuery__Node& node, Anatomy& anatomy) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_SELECT_STMT:
      anatomy.nature = Nature::select;
      break;
    case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
      anatomy.nature = Nature::set;
      anatomy.setting = text_of(node.variable_set_stmt->name);
      break;
    case PG_QUERY__NODE__NODE_VARIABLE_SHOW_STMT:
      anatomy.nature = Nature::select;
      break;
    case PG_QUERY__NODE__NODE_INSERT_STMT:
      take_insert(*node.insert_stmt, anatomy);
      break;
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
      take_update(*node.update_stmt, anatomy);
      break;
    case PG_QUERY__NODE__NODE_DELETE_STMT:
      anatomy.nature = Nature::remove;
      break;
    case PG_QUERY__NODE__NODE_LOCK_STMT:
      anatomy.nature = Nature::lock;
      break;
    case PG_QUERY__NODE__NODE_COPY_STMT:
      if (node.copy_stmt->is_from != 0 && text_of(node.copy_stmt->filename).empty())
        anatomy.nature = Nature::copy_in;
      break;
    case PG_QUERY__NODE__NODE_TRANSACTION_STMT:
      take_control(*node.transaction_stmt, anatomy);
      break;
    default:
      break;
  }
}

std::string last_name(std::size_t count, PgQuery__Node* const* names) {
  if (count == 0 || names[count - 1]->node_case != PG_QUERY__NODE__NODE_STRING) return "";
  return text_of(names[count - 1]->string->sval);
}

/// DROP TABLE and COMMENT ON name relations as lists of strings.
void take_named(const PgQuery__Node* object, Anatomy& anatomy) {
  if (object == nullptr || object->node_case != PG_QUERY__NODE__NODE_LIST) return;
  const PgQuery__List& names = *object->list;
  const std::string name = last_name(names.n_items, names.items);
  if (name.empty()) return;
  anatomy.relations.emplace_back(names.n_items > 1 ? last_name(names.n_items - 1, names.items) : "", name);
}

void take_relation(const PgQuery__RangeVar& relation, Anatomy& anatomy) {
  anatomy.relations.emplace_back(text_of(relation.schemaname), text_of(relation.relname));
  anatomy.temporary |= text_of(relation.relpersistence) == "t";
}

void take(const ProtobufCMessage& message, Anatomy& anatomy) {
  if (const auto* relation = as<PgQuery__RangeVar>(message, pg_query__range_var__descriptor))
    take_relation(*relation, anatomy);
  else if (const auto* call = as<PgQuery__FuncCall>(message, pg_query__func_call__descriptor))
    anatomy.functions.push_back(last_name(call->n_funcname, call->funcname));
  else if (const auto* select = as<PgQuery__SelectStmt>(message, pg_query__select_stmt__descriptor))
    anatomy.writes |= select->into_clause != nullptr || select->n_locking_clause > 0;
  else if (message.descriptor == &pg_query__insert_stmt__descriptor ||
           message.descriptor == &pg_query__update_stmt__descriptor ||
           message.descriptor == &pg_query__delete_stmt__descriptor)
    anatomy.writes = true;
  else if (const auto* option = as<PgQuery__DefElem>(message, pg_query__def_elem__descriptor))
    anatomy.has_password |= text_of(option->defname) == "password" && option->arg != nullptr;
  else if (const auto* drop = as<PgQuery__DropStmt>(message, pg_query__drop_stmt__descriptor)) {
    if (drop->remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_TABLE)
      for (std::size_t i = 0; i < drop->n_objects; ++i) take_named(drop->objects[i], anatomy);
  } else if (const auto* comment = as<PgQuery__CommentStmt>(message, pg_query__comment_stmt__descriptor)) {
    if (comment->objtype == PG_QUERY__OBJECT_TYPE__OBJECT_TABLE) take_named(comment->object, anatomy);
  }
}

void parse(std::string_view statement, Anatomy& anatomy) {
  const Tree tree(statement);
  const PgQuery__Node* const node = tree.statement();
  if (node == nullptr) return;
  anatomy.nature = Nature::other;
  take_nature(*node, anatomy);
  walk(node->base, [&](const ProtobufCMessage& message) { take(message, anatomy); });
}

}  // namespace

Anatomy anatomy_of(std::string_view statement) {
  Anatomy anatomy{.nature = Nature::unknown};
  if (statement.size() > largest || statement.find('\0') != std::string_view::npos) return anatomy;
  (void)run_with_stack(least_stack + statement.size() * stack_per_byte, [&] { parse(statement, anatomy); });
  return anatomy;
}

}  // namespace candor::sql
