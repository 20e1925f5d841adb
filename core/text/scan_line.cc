#include "sansip/core/text/scan_line.h"

#include <bit>

#include "sansip/core/text/char_class.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sansip {

std::size_t FindControlPortable(std::string_view text, std::size_t from) {
  while (from < text.size() && Is(kLineText, text[from])) ++from;
  return from;
}

#if defined(__SSE2__)

namespace {

constexpr std::size_t kStep = 16;

// Bit i: byte i is a control character but HTAB.
unsigned ControlBits(const char* begin) {
  const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(begin));
  const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1F)), block);
  const __m128i stops = _mm_or_si128(_mm_andnot_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('\t')), low),
                                     _mm_cmpeq_epi8(block, _mm_set1_epi8(0x7F)));
  return static_cast<unsigned>(_mm_movemask_epi8(stops));
}

}  // namespace

std::size_t FindControl(std::string_view text, std::size_t from) {
  if (text.size() < kStep) return FindControlPortable(text, from);
  for (; text.size() - from >= kStep; from += kStep) {
    const unsigned bits = ControlBits(text.data() + from);
    if (bits != 0) return from + static_cast<unsigned>(std::countr_zero(bits));
  }
  // The last step overlaps the one before it.
  const std::size_t last = text.size() - kStep;
  const unsigned bits = ControlBits(text.data() + last) >> (from - last);
  return bits != 0 ? from + static_cast<unsigned>(std::countr_zero(bits)) : text.size();
}

#else

std::size_t FindControl(std::string_view text, std::size_t from) { return FindControlPortable(text, from); }

#endif

}  // namespace sansip
