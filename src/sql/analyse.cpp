#include <algorithm>

#include "sql/big_stack.h"
#include "sql/first_words.h"
#include "sql/lexer.h"
#include "sql/roles.h"
#include "sql/script.h"
#include "sql/tree.h"

namespace candor::sql {
namespace {

constexpr std::size_t large = 1 << 20;  // bytes: row statements from here on are not parsed
constexpr std::size_t stack_per_token =
    4096;  // measured: a nesting level costs libpg_query and protobuf-c 1.9 KiB
constexpr std::size_t tokens_in_place = 400;  // these fit in what any thread has left of its stack
constexpr std::size_t most_tokens = 1 << 20;  // 4 GiB of stack

/// At least as many as the levels to which the statement's expressions nest.
std::size_t count_tokens(std::string_view statement) {
  Lexer lexer(statement);
  std::size_t count = 0;
  for (Token token = lexer.next(); token.kind != Token::Kind::end; token = lexer.next())
    count += token.kind == Token::Kind::other ? token.end - token.begin : 1;  // "+1+1" is one of our tokens
  return count;
}

/// The byte at which the character numbered `position` (from 1) begins.
std::size_t byte_of(std::string_view text, int position) {
  std::size_t at = 0;
  for (; at < text.size(); ++at)
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80 && --position <= 0) break;
  return at;
}

bool is_control_outside(PgQuery__TransactionStmtKind kind) {
  return kind == PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT_PREPARED ||
         kind == PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_PREPARED;
}

Control control_of(PgQuery__TransactionStmtKind kind) {
  switch (kind) {
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_BEGIN:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_START:
      return Control::begin;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT:
      return Control::commit;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK:
      return Control::rollback;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_SAVEPOINT:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_RELEASE:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_TO:
      return Control::savepoint;
    default:
      return Control::prepared;
  }
}

/// An option's value as PostgreSQL's defGetBoolean reads it; `missing` if the option is not there.
bool option(PgQuery__Node* const* options, std::size_t count, std::string_view name, bool missing) {
  for (std::size_t i = 0; i < count; ++i) {
    if (options[i]->node_case != PG_QUERY__NODE__NODE_DEF_ELEM || options[i]->def_elem->defname != name)
      continue;
    const PgQuery__Node* value = options[i]->def_elem->arg;
    if (value == nullptr) return true;
    if (value->node_case == PG_QUERY__NODE__NODE_TYPE_NAME && value->type_name->n_names == 1)
      value = value->type_name->names[0];  // a bare word that is not reserved: off
    if (value->node_case == PG_QUERY__NODE__NODE_INTEGER) return value->integer->ival != 0;
    if (value->node_case != PG_QUERY__NODE__NODE_STRING) return true;
    return !is_word(value->string->sval, "false") && !is_word(value->string->sval, "off");
  }
  return missing;
}

bool has_option(PgQuery__Node* const* options, std::size_t count, std::string_view name) {
  return std::any_of(options, options + count, [&](const PgQuery__Node* node) {
    return node->node_case == PG_QUERY__NODE__NODE_DEF_ELEM && node->def_elem->defname == name;
  });
}

bool runs_outside(const PgQuery__AlterSubscriptionStmt& alter) {
  switch (alter.kind) {
    case PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_REFRESH:
      return true;
    case PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_SET_PUBLICATION:
    case PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_ADD_PUBLICATION:
    case PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_DROP_PUBLICATION:
      return option(alter.options, alter.n_options, "refresh", true);
    case PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_OPTIONS:
      return has_option(alter.options, alter.n_options, "failover") ||    // 17 and later
             !option(alter.options, alter.n_options, "two_phase", true);  // 18 and later
    default:
      return false;
  }
}

bool runs_outside(const PgQuery__ReindexStmt& reindex) {
  return reindex.kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SCHEMA ||
         reindex.kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SYSTEM ||
         reindex.kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_DATABASE ||
         option(reindex.params, reindex.n_params, "concurrently", false);
}

bool detaches_concurrently(const PgQuery__AlterTableStmt& alter) {
  return std::any_of(alter.cmds, alter.cmds + alter.n_cmds, [](const PgQuery__Node* node) {
    return node->node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_CMD &&
           node->alter_table_cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition &&
           node->alter_table_cmd->def != nullptr &&
           node->alter_table_cmd->def->node_case == PG_QUERY__NODE__NODE_PARTITION_CMD &&
           node->alter_table_cmd->def->partition_cmd->concurrent;
  });
}

/// The statements that the server refuses in a transaction block (its calls of PreventInTransactionBlock).
/// What depends on the catalog (CLUSTER and REINDEX of a partitioned table) is not told from the text.
bool runs_outside(const PgQuery__Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_CREATEDB_STMT:
    case PG_QUERY__NODE__NODE_DROPDB_STMT:
    case PG_QUERY__NODE__NODE_CREATE_TABLE_SPACE_STMT:
    case PG_QUERY__NODE__NODE_DROP_TABLE_SPACE_STMT:
    case PG_QUERY__NODE__NODE_ALTER_SYSTEM_STMT:
    case PG_QUERY__NODE__NODE_DROP_SUBSCRIPTION_STMT:
      return true;
    case PG_QUERY__NODE__NODE_ALTER_DATABASE_STMT:
      return has_option(node.alter_database_stmt->options, node.alter_database_stmt->n_options, "tablespace");
    case PG_QUERY__NODE__NODE_VACUUM_STMT:
      return node.vacuum_stmt->is_vacuumcmd;
    case PG_QUERY__NODE__NODE_CLUSTER_STMT:
      return node.cluster_stmt->relation == nullptr;
    case PG_QUERY__NODE__NODE_REINDEX_STMT:
      return runs_outside(*node.reindex_stmt);
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      return node.index_stmt->concurrent;
    case PG_QUERY__NODE__NODE_DROP_STMT:
      return node.drop_stmt->concurrent;
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
      return detaches_concurrently(*node.alter_table_stmt);
    case PG_QUERY__NODE__NODE_CREATE_SUBSCRIPTION_STMT: {
      const auto& create = *node.create_subscription_stmt;
      return option(create.options, create.n_options, "create_slot", true) &&
             option(create.options, create.n_options, "connect", true);
    }
    case PG_QUERY__NODE__NODE_ALTER_SUBSCRIPTION_STMT:
      return runs_outside(*node.alter_subscription_stmt);
    case PG_QUERY__NODE__NODE_DISCARD_STMT:
      return node.discard_stmt->target == PG_QUERY__DISCARD_MODE__DISCARD_ALL;
    case PG_QUERY__NODE__NODE_TRANSACTION_STMT:
      return is_control_outside(node.transaction_stmt->kind);
    default:
      return false;
  }
}

void judge(const PgQuery__Node& node, Analysis& analysis) {
  analysis.outside_transaction = runs_outside(node);
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_SELECT_STMT:
    case PG_QUERY__NODE__NODE_INSERT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT:
      return;  // name neither roles nor extensions, and may be large
    case PG_QUERY__NODE__NODE_TRANSACTION_STMT:
      analysis.control = control_of(node.transaction_stmt->kind);
      return;
    case PG_QUERY__NODE__NODE_PREPARE_STMT:
    case PG_QUERY__NODE__NODE_DEALLOCATE_STMT:
    case PG_QUERY__NODE__NODE_DISCARD_STMT:
      analysis.changes_session = true;
      return;
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      if (node.index_stmt->concurrent && node.index_stmt->relation != nullptr) {
        analysis.concurrent_index = true;
        analysis.index_schema = node.index_stmt->relation->schemaname;
        analysis.index_table = node.index_stmt->relation->relname;
        analysis.index_name = node.index_stmt->idxname;
      }
      return;
    default:
      collect_names(node, analysis);
  }
}

void parse(std::string_view statement, Analysis& analysis) {
  const Tree tree(statement);
  analysis.parsed = tree.error().empty();
  if (!analysis.parsed) {
    analysis.parse_error = tree.error();
    analysis.parse_error_at = byte_of(statement, tree.error_at());
    judge_by_words(statement, analysis);
  } else if (tree.statement() != nullptr) {
    judge(*tree.statement(), analysis);
  }
}

Analysis by_words(std::string_view statement, std::string why_not_parsed, std::size_t at = 0) {
  Analysis analysis;
  analysis.parsed = why_not_parsed.empty();
  analysis.parse_error = std::move(why_not_parsed);
  analysis.parse_error_at = at;
  judge_by_words(statement, analysis);
  return analysis;
}

}  // namespace

Analysis analyse(std::string_view statement) {
  if (statement.size() > large && is_row_statement(statement)) return by_words(statement, {});
  if (const std::size_t nul = statement.find('\0'); nul != std::string_view::npos)
    return by_words(statement, "the statement contains a NUL byte", nul);

  // The parser's helpers recurse once per level of nesting, and a level takes at least one token.
  const std::size_t tokens = count_tokens(statement);
  Analysis analysis;
  if (tokens <= tokens_in_place)
    parse(statement, analysis);
  else if (tokens > most_tokens ||
           !run_with_stack(tokens * stack_per_token, [&] { parse(statement, analysis); }))
    return by_words(statement, "the statement is too long to be analysed");
  return analysis;
}

}  // namespace candor::sql
