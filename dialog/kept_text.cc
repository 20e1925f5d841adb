#include "sansip/dialog/kept_text.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>

#include "sansip/core/base/check.h"

namespace sansip {

constinit KeptText::Nothing KeptText::kNothing;

KeptText::~KeptText() {
  if (block_ != &kNothing.block) ::operator delete(block_);
}

KeptText& KeptText::Extend(std::size_t kept, std::string_view text) {
  // A long one that grows bit by bit is not to be copied for every bit; else as much as an allocator would
  // give anyway.
  constexpr std::size_t kLong = 256, kStep = 16;
  const std::size_t wanted = std::max(kept + text.size(), kept < kLong ? 0 : 2 * kept);
  const std::size_t capacity = (wanted + kStep - 1) / kStep * kStep;
  SANSIP_CHECK(capacity <= std::numeric_limits<std::uint32_t>::max());
  auto* const block = new (::operator new(sizeof(Block) + capacity))
      Block{static_cast<std::uint32_t>(kept + text.size()), static_cast<std::uint32_t>(capacity)};
  char* const bytes = reinterpret_cast<char*>(block + 1);
  std::memcpy(bytes, data(), kept);
  std::memcpy(bytes + kept, text.data(), text.size());
  if (block_ != &kNothing.block) ::operator delete(block_);
  block_ = block;
  return *this;
}

}  // namespace sansip
