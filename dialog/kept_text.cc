#include "sansip/dialog/kept_text.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>

#include "sansip/core/base/check.h"

namespace sansip {

constinit KeptText::Nothing KeptText::kNothing;

KeptText::~KeptText() { Free(); }

void KeptText::Free() {
  if (block_ != &kNothing.block) ::operator delete(block_);
}

KeptText::Block* KeptText::NewBlock(std::size_t size, std::size_t bytes_wanted) {
  constexpr std::size_t kStep = 16;
  const std::size_t capacity = (bytes_wanted + kStep - 1) / kStep * kStep;
  SANSIP_CHECK(capacity <= std::numeric_limits<std::uint32_t>::max());
  return new (::operator new(sizeof(Block) + capacity))
      Block{static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(capacity)};
}

KeptText& KeptText::Extend(std::size_t kept, std::string_view text) {
  // A long one that grows bit by bit is not to be copied for every bit; else as much as an allocator would
  // give anyway.
  constexpr std::size_t kLong = 256;
  const std::size_t size = kept + text.size();
  Block* const block = NewBlock(size, std::max(size, kept < kLong ? 0 : 2 * kept));
  char* const bytes = reinterpret_cast<char*>(block + 1);
  std::memcpy(bytes, data(), kept);
  std::memcpy(bytes + kept, text.data(), text.size());
  Free();
  block_ = block;
  return *this;
}

void KeptText::MakeRoom(std::size_t size) {
  Free();
  block_ = NewBlock(0, size);
}

}  // namespace sansip
