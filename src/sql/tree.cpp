#include "sql/tree.h"

#include <pg_query.h>

#include <algorithm>
#include <vector>

namespace candor::sql {
namespace {

void* allocate(void* arena, std::size_t size) {
  return static_cast<std::pmr::memory_resource*>(arena)->allocate(size);
}
void release(void*, void*) {}  // the arena frees everything at once

template <class T>
T member(const ProtobufCMessage& message, unsigned offset) {
  return *reinterpret_cast<const T*>(reinterpret_cast<const char*>(&message) + offset);
}

bool is_chosen(const ProtobufCMessage& message, const ProtobufCFieldDescriptor& field) {
  return (field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0 ||
         member<std::uint32_t>(message, field.quantifier_offset) == field.id;
}

void push_children(const ProtobufCMessage& message, std::vector<const ProtobufCMessage*>& stack) {
  const std::size_t first = stack.size();
  for (unsigned i = 0; i < message.descriptor->n_fields; ++i) {
    const ProtobufCFieldDescriptor& field = message.descriptor->fields[i];
    if (field.type != PROTOBUF_C_TYPE_MESSAGE || !is_chosen(message, field)) continue;
    if (field.label == PROTOBUF_C_LABEL_REPEATED) {
      const auto count = member<std::size_t>(message, field.quantifier_offset);
      const auto* list = member<const ProtobufCMessage* const*>(message, field.offset);
      stack.insert(stack.end(), list, list + count);
    } else if (const auto* child = member<const ProtobufCMessage*>(message, field.offset)) {
      stack.push_back(child);
    }
  }
  std::reverse(stack.begin() + static_cast<std::ptrdiff_t>(first), stack.end());
}

}  // namespace

Tree::Tree(std::string_view statement) {
  const std::string text(statement);
  const PgQueryProtobufParseResult parsed = pg_query_parse_protobuf(text.c_str());
  if (parsed.error != nullptr) {
    error_ = parsed.error->message;
    error_at_ = parsed.error->cursorpos;
  } else {
    ProtobufCAllocator allocator{.alloc = allocate, .free = release, .allocator_data = &arena_};
    const auto* tree = pg_query__parse_result__unpack(
        &allocator, parsed.parse_tree.len, reinterpret_cast<const std::uint8_t*>(parsed.parse_tree.data));
    if (tree == nullptr)
      error_ = "the parse tree cannot be read";
    else if (tree->n_stmts > 0)
      statement_ = tree->stmts[0]->stmt;
  }
  pg_query_free_protobuf_parse_result(parsed);
}

// With a stack of its own: expressions nest as deeply as their author likes.
void walk(const ProtobufCMessage& root, const std::function<void(const ProtobufCMessage&)>& each) {
  std::vector<const ProtobufCMessage*> stack{&root};
  while (!stack.empty()) {
    const ProtobufCMessage* message = stack.back();
    stack.pop_back();
    each(*message);
    push_children(*message, stack);
  }
}

}  // namespace candor::sql
