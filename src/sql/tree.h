/// sql/tree.h: a statement's parse tree (libpg_query's generated structs), and a walk over all of its
/// messages.
#pragma once

#include <pg_query/pg_query.pb-c.h>

#include <functional>
#include <memory_resource>
#include <string>
#include <string_view>

namespace candor::sql {

/// The parse tree of one statement. Its nodes live in one arena and go with it.
class Tree {
 public:
  explicit Tree(std::string_view statement);
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  /// The statement's node, or nullptr: it could not be parsed (error() says why) or there is none.
  [[nodiscard]] const PgQuery__Node* statement() const { return statement_; }
  [[nodiscard]] const std::string& error() const { return error_; }
  /// Of the error, counted in characters from 1; 0: unknown.
  [[nodiscard]] int error_at() const { return error_at_; }

 private:
  std::pmr::monotonic_buffer_resource arena_;
  const PgQuery__Node* statement_ = nullptr;
  std::string error_;
  int error_at_ = 0;
};

/// Calls `each` for `root` and every message below it, in the order of the text where the grammar keeps it.
void walk(const ProtobufCMessage& root, const std::function<void(const ProtobufCMessage&)>& each);

/// `message` as a T if that is what it is (`descriptor` is T's), else nullptr.
template <class T>
const T* as(const ProtobufCMessage& message, const ProtobufCMessageDescriptor& descriptor) {
  return message.descriptor == &descriptor ? reinterpret_cast<const T*>(&message) : nullptr;
}

}  // namespace candor::sql
