#include "sansip/core/text/scan_line.h"

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

std::size_t FindControl(std::string_view text, std::size_t from) {
  const __m128i last_control = _mm_set1_epi8(0x1F);
  const __m128i tab = _mm_set1_epi8('\t');
  const __m128i del = _mm_set1_epi8(0x7F);
  while (text.size() - from >= 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + from));
    const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(block, last_control), block);
    const __m128i stops =
        _mm_or_si128(_mm_andnot_si128(_mm_cmpeq_epi8(block, tab), low), _mm_cmpeq_epi8(block, del));
    const int mask = _mm_movemask_epi8(stops);
    if (mask != 0) return from + static_cast<std::size_t>(__builtin_ctz(static_cast<unsigned>(mask)));
    from += 16;
  }
  return FindControlPortable(text, from);
}

#else

std::size_t FindControl(std::string_view text, std::size_t from) { return FindControlPortable(text, from); }

#endif

}  // namespace sansip
