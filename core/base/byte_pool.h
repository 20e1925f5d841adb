// Buffers for finished messages, so that a retransmission is a pointer.
//
// Pages of one size are cut into buffers of one size class; a page that is wholly free serves any class next,
// but for the only one of its class with room: that one stays there until the maximum is reached.
// Memory obtained never exceeds the stated maximum. Of the pages that are wholly free as many are kept as an
// eighth of the others, and kFreePagesMin: nothing is allocated while what is in use varies by no more, and
// what a burst has left behind goes back.
//
// Released bytes stay as they are, in quarantine, until EmptyQuarantine(): whoever holds a view of them
// during the event that released them may go on reading (law 5 of the border). With AddressSanitizer, bytes
// that are free are poisoned.
#ifndef SANSIP_CORE_BASE_BYTE_POOL_H_
#define SANSIP_CORE_BASE_BYTE_POOL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace sansip {

// A buffer of a pool, or none. A plain value: whoever holds it must release it once.
struct PooledBytes {
  char* data = nullptr;
  std::uint32_t size = 0;  // as asked for or shrunk to; the buffer itself may be larger
  std::uint16_t page = 0;
  std::uint16_t index = 0;

  bool is_none() const { return data == nullptr; }
  std::span<char> bytes() const { return {data, size}; }
  std::string_view view() const { return {data, size}; }
};

class BytePool {
 public:
  static constexpr std::size_t kPageBytes = 65536;
  static constexpr std::size_t kBufferBytesMax = kPageBytes;
  static constexpr std::size_t kPagesMax = 65535;
  static constexpr std::size_t kFreePagesMin = 8;

  // At least one page, at most kPagesMax.
  explicit BytePool(std::size_t bytes_max);
  ~BytePool();
  BytePool(const BytePool&) = delete;
  BytePool& operator=(const BytePool&) = delete;

  // None if size > kBufferBytesMax or if the maximum is reached.
  [[nodiscard]] PooledBytes Take(std::size_t size);
  // Into quarantine; `buffer` becomes none. None is allowed.
  void Release(PooledBytes& buffer);
  void EmptyQuarantine() {
    if (!quarantine_.empty()) FreeQuarantined();
  }

  std::size_t bytes_obtained() const { return pages_obtained() * kPageBytes; }
  std::size_t bytes_in_use() const { return bytes_in_use_; }  // whole buffers, those in quarantine included
  std::size_t bytes_max() const { return pages_max_ * kPageBytes; }
  std::size_t quarantined() const { return quarantine_.size(); }
  bool IsConsistent() const;

  // The size of the buffer that Take(size) gives; size <= kBufferBytesMax.
  static std::size_t BufferBytesFor(std::size_t size);

 private:
  static constexpr std::uint16_t kNone = 65535;
  // Of a message no more than a fifth is lost where it matters, below 4 KiB.
  static constexpr std::array<std::uint32_t, 30> kClassBytes = {
      48,   64,   96,   128,  160,  192,  224,  256,  320,  384,  448,   512,   640,   768,   896,
      1024, 1280, 1536, 1792, 2048, 2560, 3072, 4096, 5440, 8192, 10880, 16384, 21824, 32768, 65536};

  struct Page {
    std::unique_ptr<char[]> bytes;  // none: given back, the number waits for another page
    std::uint16_t used = 0;         // buffers taken
    std::uint16_t untouched = 0;    // buffers from here on were never taken since the page got its class
    std::uint16_t free_head = kNone;
    std::uint16_t previous = kNone;  // among those of this class with room, free ones, or those given back
    std::uint16_t next = kNone;
    std::uint8_t size_class = 0;
  };

  static std::size_t ClassFor(std::size_t size);
  static const std::array<std::uint16_t, kClassBytes.size()> kBuffersPerPage;
  std::size_t pages_obtained() const { return pages_.size() - given_back_count_; }
  std::uint16_t NewPage(std::size_t size_class);  // with room; kNone: there is none
  std::uint16_t ObtainPage();                     // in no list
  void FreePage(std::size_t size_class, std::uint16_t page);
  void FreeIfUnused(std::size_t size_class);  // the page that its class has kept
  void Link(std::uint16_t& head, std::uint16_t page);
  void Unlink(std::uint16_t& head, std::uint16_t page);
  void Free(const PooledBytes& buffer);
  void FreeQuarantined();

  std::size_t pages_max_;
  std::size_t bytes_in_use_ = 0;
  std::vector<Page> pages_;
  std::array<std::uint16_t, kClassBytes.size()> with_room_;
  std::uint16_t free_pages_ = kNone, given_back_ = kNone;
  std::size_t free_count_ = 0, given_back_count_ = 0;  // of these two lists
  std::vector<PooledBytes> quarantine_;
};

}  // namespace sansip

#endif  // SANSIP_CORE_BASE_BYTE_POOL_H_
