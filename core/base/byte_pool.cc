#include "sansip/core/base/byte_pool.h"

#include <algorithm>
#include <cstring>

#include "sansip/core/base/check.h"
#include "sansip/core/base/prefetch.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANSIP_POISONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANSIP_POISONS 1
#endif
#endif

#ifdef SANSIP_POISONS
#include <sanitizer/asan_interface.h>
#endif

namespace sansip {

namespace {

void Poison([[maybe_unused]] const char* data, [[maybe_unused]] std::size_t size) {
#ifdef SANSIP_POISONS
  __asan_poison_memory_region(data, size);
#endif
}

void Unpoison([[maybe_unused]] const char* data, [[maybe_unused]] std::size_t size) {
#ifdef SANSIP_POISONS
  __asan_unpoison_memory_region(data, size);
#endif
}

}  // namespace

constexpr std::array<std::uint16_t, BytePool::kClassBytes.size()> BytePool::kBuffersPerPage = [] {
  std::array<std::uint16_t, kClassBytes.size()> buffers{};
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    buffers[i] = static_cast<std::uint16_t>(kPageBytes / kClassBytes[i]);
  }
  return buffers;
}();

inline std::size_t BytePool::ClassFor(std::size_t size) {
  constexpr std::size_t kStep = 32, kSteps = 64;
  // By size in steps, rounded up: the class for sizes up to 2 KiB.
  static constexpr auto kSmall = [] {
    std::array<std::uint8_t, kSteps + 1> classes{};
    for (std::size_t step = 0, size_class = 0; step <= kSteps; ++step) {
      while (kClassBytes[size_class] < step * kStep) ++size_class;
      classes[step] = static_cast<std::uint8_t>(size_class);
    }
    return classes;
  }();
  if (size <= kClassBytes[0]) return 0;
  if (size <= kStep * kSteps) return kSmall[(size + kStep - 1) / kStep];
  return static_cast<std::size_t>(std::lower_bound(kClassBytes.begin(), kClassBytes.end(), size) -
                                  kClassBytes.begin());
}

BytePool::BytePool(std::size_t bytes_max)
    : pages_max_(std::clamp<std::size_t>(bytes_max / kPageBytes, 1, kPagesMax)) {
  with_room_.fill(kNone);
}

BytePool::~BytePool() {
  for (const Page& page : pages_) {
    if (page.bytes != nullptr) Unpoison(page.bytes.get(), kPageBytes);
  }
}

PooledBytes BytePool::Take(std::size_t size) {
  if (size > kBufferBytesMax) return {};
  const std::size_t size_class = ClassFor(size);
  std::uint16_t number = with_room_[size_class];
  if (number == kNone) number = NewPage(size_class);
  if (number == kNone) return {};
  Page& page = pages_[number];
  PooledBytes buffer{nullptr, static_cast<std::uint32_t>(size), number, page.free_head};
  const std::size_t buffer_bytes = kClassBytes[size_class];
  if (page.free_head == kNone) {
    buffer.index = page.untouched++;
    buffer.data = page.bytes.get() + buffer.index * buffer_bytes;
    Unpoison(buffer.data, buffer_bytes);
  } else {
    buffer.data = page.bytes.get() + buffer.index * buffer_bytes;
    Unpoison(buffer.data, buffer_bytes);
    std::memcpy(&page.free_head, buffer.data, sizeof(page.free_head));
  }
  ++page.used;
  if (page.used == kBuffersPerPage[size_class]) Unlink(with_room_[size_class], number);
  bytes_in_use_ += buffer_bytes;
  return buffer;
}

void BytePool::Release(PooledBytes& buffer) {
  if (buffer.is_none()) return;
  Prefetch(buffer.data);  // Free() writes there
  quarantine_.push_back(buffer);
  buffer = {};
}

void BytePool::FreeQuarantined() {
  for (const PooledBytes& buffer : quarantine_) Free(buffer);
  quarantine_.clear();
}

void BytePool::Free(const PooledBytes& buffer) {
  SANSIP_CHECK(buffer.page < pages_.size());
  Page& page = pages_[buffer.page];
  SANSIP_CHECK(page.used > 0 && buffer.index < page.untouched);
  const std::size_t buffer_bytes = kClassBytes[page.size_class];
  if (page.used == kBuffersPerPage[page.size_class]) {
    FreeIfUnused(page.size_class);  // now that another one has room
    Link(with_room_[page.size_class], buffer.page);
  }
  std::memcpy(buffer.data, &page.free_head, sizeof(page.free_head));
  Poison(buffer.data, buffer_bytes);
  page.free_head = buffer.index;
  --page.used;
  bytes_in_use_ -= buffer_bytes;
  // The only one with room stays with its class, which probably wants it again.
  const bool is_only = with_room_[page.size_class] == buffer.page && page.next == kNone;
  if (page.used == 0 && !is_only) FreePage(page.size_class, buffer.page);
}

std::uint16_t BytePool::NewPage(std::size_t size_class) {
  if (free_pages_ == kNone && pages_obtained() == pages_max_) {
    for (std::size_t other = 0; other < kClassBytes.size(); ++other) FreeIfUnused(other);
  }
  std::uint16_t number = free_pages_;
  if (number != kNone) {
    Unlink(free_pages_, number);
    --free_count_;
  } else {
    if (pages_obtained() == pages_max_) return kNone;
    number = ObtainPage();
  }
  Page& page = pages_[number];
  page.size_class = static_cast<std::uint8_t>(size_class);
  page.untouched = 0;
  page.free_head = kNone;
  Link(with_room_[size_class], number);
  return number;
}

std::uint16_t BytePool::ObtainPage() {
  const std::uint16_t number = given_back_ != kNone ? given_back_ : static_cast<std::uint16_t>(pages_.size());
  if (given_back_ != kNone) {
    Unlink(given_back_, number);
    --given_back_count_;
  } else {
    pages_.emplace_back();
  }
  pages_[number].bytes.reset(new char[kPageBytes]);
  Poison(pages_[number].bytes.get(), kPageBytes);
  return number;
}

void BytePool::FreeIfUnused(std::size_t size_class) {
  const std::uint16_t page = with_room_[size_class];
  if (page != kNone && pages_[page].used == 0) FreePage(size_class, page);
}

void BytePool::FreePage(std::size_t size_class, std::uint16_t page) {
  Unlink(with_room_[size_class], page);
  Link(free_pages_, page);
  ++free_count_;
  // Two at most: what may be free is an eighth of a page less than before.
  while (free_count_ > (pages_obtained() - free_count_) / 8 + kFreePagesMin) {
    const std::uint16_t leaving = free_pages_;
    Unlink(free_pages_, leaving);
    --free_count_;
    Unpoison(pages_[leaving].bytes.get(), kPageBytes);
    pages_[leaving].bytes.reset();
    Link(given_back_, leaving);
    ++given_back_count_;
  }
}

void BytePool::Link(std::uint16_t& head, std::uint16_t page) {
  pages_[page].previous = kNone;
  pages_[page].next = head;
  if (head != kNone) pages_[head].previous = page;
  head = page;
}

void BytePool::Unlink(std::uint16_t& head, std::uint16_t page) {
  const Page& leaving = pages_[page];
  if (leaving.previous == kNone) {
    head = leaving.next;
  } else {
    pages_[leaving.previous].next = leaving.next;
  }
  if (leaving.next != kNone) pages_[leaving.next].previous = leaving.previous;
}

std::size_t BytePool::BufferBytesFor(std::size_t size) { return kClassBytes[ClassFor(size)]; }

bool BytePool::IsConsistent() const {
  if (pages_.size() > pages_max_) return false;
  std::size_t in_use = 0, given_back = 0;
  for (const Page& page : pages_) {
    given_back += page.bytes == nullptr;
    if (page.bytes == nullptr && page.used > 0) return false;
    if (page.used > page.untouched || page.untouched > kBuffersPerPage[page.size_class]) return false;
    in_use += std::size_t{page.used} * kClassBytes[page.size_class];
  }
  return in_use == bytes_in_use_ && given_back == given_back_count_;
}

}  // namespace sansip
