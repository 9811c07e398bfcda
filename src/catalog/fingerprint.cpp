#include "catalog/fingerprint.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/quoted.h"

namespace candor::catalog {

namespace {

void append_canonical(std::string& out, const Object& object) {
  out.append(name_of(object.id.kind));
  out.push_back(' ');
  append_id(out, object.id);
  const auto attributes = attributes_of(object.id.kind);
  const std::size_t count = std::min(attributes.size(), object.values.size());
  for (std::size_t i = 0; i < count; ++i) {
    if (attributes[i].compare != Compare::always || object.values[i].empty()) continue;
    out.push_back(' ');
    out.append(attributes[i].name);
    out.push_back('=');
    append_word(out, object.values[i].view());
  }
}

/// Hashes objects one after the other without a new context or string for each.
class ObjectHash {
 public:
  Digest operator()(const Object& object) {
    line_.clear();
    append_canonical(line_, object);
    sha_.update(line_);
    return sha_.finish();
  }

 private:
  Sha256 sha_;
  std::string line_;
};

std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string printed(Sha256& whole) {
  return "sha256:" + hex(whole.finish());
}

}  // namespace

std::string canonical_line(const Object& object) {
  std::string line;
  append_canonical(line, object);
  return line;
}

std::string fingerprint(const Catalog& catalog) {
  ObjectHash hash;
  Sha256 whole;
  for (const Object& object : catalog.objects()) {
    const Digest digest = hash(object);
    whole.update(bytes_of(digest));
  }
  return printed(whole);
}

std::string Fingerprinter::operator()(const Catalog& catalog) {
  ObjectHash hash;
  Sha256 whole;
  std::vector<Known> next;
  next.reserve(catalog.size());
  hashed_ = 0;
  auto old = known_.begin();
  for (const Object& object : catalog.objects()) {
    while (old != known_.end() && old->object.id != object.id && old->object.id < object.id) ++old;
    if (old != known_.end() && old->object == object) {
      next.push_back(std::move(*old++));
    } else {
      next.push_back({object, hash(object)});
      ++hashed_;
    }
    whole.update(bytes_of(next.back().digest));
  }
  known_ = std::move(next);
  return printed(whole);
}

}  // namespace candor::catalog
