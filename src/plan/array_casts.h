/// plan/array_casts.h: arrays that a statement casts, written so that the server prints them as it did
/// before.
#pragma once

#include <string>

namespace candor::plan {

/// A server prints `v IN ('a', 'b')` on a varchar as `(v)::text = ANY ((ARRAY['a'::character varying,
/// …])::text[])`. Read again, that cast is pushed into the elements, and what is printed then is another text
/// of the same meaning. With the array's own type between them, `(ARRAY[…]::character varying[])::text[]`, it
/// is printed as before. Quoted text is left alone.
std::string keep_array_casts(const std::string& sql);

}  // namespace candor::plan
