// Short texts copied one behind the other and looked at on the way: what goes into a line is read once for
// both.
#ifndef SANSIP_CORE_TEXT_SCAN_COPY_H_
#define SANSIP_CORE_TEXT_SCAN_COPY_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sansip {

// Of what ScanCopy puts.
constexpr std::size_t PieceSize(std::string_view text) { return text.size(); }
template <std::size_t kSize>
constexpr std::size_t PieceSize(const char (&)[kSize]) {
  return kSize - 1;
}

class ScanCopy {
 public:
  // To `to`, which has room for all that is put and overlaps none of it.
  explicit ScanCopy(char* to) : to_(to) {}

  // Sixteen bytes at a time, or both ends of what is shorter; the last piece overlaps the one before it.
  [[gnu::always_inline]] void Put(std::string_view text) {
    const char* from = text.data();
    const std::size_t size = text.size();
    if (size >= sizeof(Block)) {
      const std::size_t last = size - sizeof(Block);
      for (std::size_t at = 0; at < last; at += sizeof(Block)) See(Copy<Block>(from + at, to_ + at));
      See(Copy<Block>(from + last, to_ + last));
    } else if (size >= 8) {
      See(Copy<std::uint64_t>(from, to_), Copy<std::uint64_t>(from + size - 8, to_ + size - 8));
    } else if (size >= 4) {
      const std::uint64_t first = Copy<std::uint32_t>(from, to_);
      const std::uint64_t last = Copy<std::uint32_t>(from + size - 4, to_ + size - 4);
      See(first | last << 32, first | last << 32);
    } else if (size > 0) {
      const std::uint64_t first = Copy<std::uint8_t>(from, to_);
      const std::uint64_t middle = Copy<std::uint8_t>(from + size / 2, to_ + size / 2);
      const std::uint64_t last = Copy<std::uint8_t>(from + size - 1, to_ + size - 1);
      const std::uint64_t bytes = first << 40 | middle << 48 | last << 56 | 0x2020202020;
      See(bytes, bytes);
    }
    to_ += size;
  }

  // A literal: ours, and not looked at.
  template <std::size_t kSize>
  void Put(const char (&text)[kSize]) {
    PutKnown<kSize - 1>(text, kSize - 1);
  }

  // A text that is known to be fine and is not looked at, of up to twice kStep bytes. At least kStep are
  // copied, so there is room for them; what is put next goes over those that are too many.
  template <std::size_t kStep>
  void PutKnown(const char* text, std::size_t size) {
    std::memcpy(to_, text, kStep);
    if (size > kStep) std::memcpy(to_ + size - kStep, text + size - kStep, kStep);
    to_ += size;
  }

  // All that was looked at is printable US-ASCII: 0x20 to 0x7E.
  bool is_printable() const {
    constexpr std::uint8_t kHighest = '~' - ' ';
#if defined(__SSE2__)
    // The top bit of a byte tells that it is beyond.
    const __m128i beyond = _mm_adds_epu8(reinterpret_cast<__m128i>(highest_), _mm_set1_epi8(0x7F - kHighest));
    return _mm_movemask_epi8(beyond) == 0;
#else
    const auto words = reinterpret_cast<Words>(highest_ <= kHighest);
    return (words[0] & words[1]) == ~std::uint64_t{0};
#endif
  }

 private:
  using Block = std::uint8_t __attribute__((vector_size(16)));
  using Words = std::uint64_t __attribute__((vector_size(16)));

  template <typename T>
  static T Copy(const char* from, char* to) {
    T bytes;
    std::memcpy(&bytes, from, sizeof(bytes));
    std::memcpy(to, &bytes, sizeof(bytes));
    return bytes;
  }
  // What is below a space comes out highest.
  void See(Block bytes) {
    bytes -= static_cast<std::uint8_t>(' ');
    highest_ = bytes > highest_ ? bytes : highest_;
  }
  void See(std::uint64_t first, std::uint64_t last) { See(reinterpret_cast<Block>(Words{first, last})); }

  char* to_;
  Block highest_{};  // of the bytes less 0x20, each place of a block for itself
};

}  // namespace sansip

#endif  // SANSIP_CORE_TEXT_SCAN_COPY_H_
