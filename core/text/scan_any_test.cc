#include "sansip/core/text/scan_any.h"

#include <gtest/gtest.h>

#include <string>

namespace sansip {
namespace {

TEST(HoldsAnyOf, FindsEachAtEveryPlaceOfTextsOfEverySize) {
  for (std::size_t size = 0; size < 50; ++size) {
    std::string text(size, 'x');
    EXPECT_FALSE((HoldsAnyOf<'"', '<', '\xff'>(text))) << size;
    for (std::size_t at = 0; at < size; ++at) {
      for (const char c : {'"', '<', '\xff', '=', '\0'}) {
        text[at] = c;
        EXPECT_EQ((HoldsAnyOf<'"', '<', '\xff'>(text)), c == '"' || c == '<' || c == '\xff')
            << at << " of " << size;
      }
      text[at] = 'x';
    }
  }
}

TEST(HoldsAnyOf, LooksAtNothingBehindTheText) {
  const std::string text = std::string(20, 'x') + "<\"";
  EXPECT_FALSE((HoldsAnyOf<'"', '<'>(std::string_view(text).substr(0, 20))));
  EXPECT_FALSE((HoldsAnyOf<'"', '<'>(std::string_view(text).substr(8, 12))));
}

}  // namespace
}  // namespace sansip
