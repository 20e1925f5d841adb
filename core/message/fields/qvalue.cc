#include "sansip/core/message/fields/qvalue.h"

#include "sansip/core/text/char_class.h"

namespace sansip {

std::optional<std::uint16_t> ParseQValue(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  unsigned thousandths = text[0] == '1' ? 1000 : 0;
  text.remove_prefix(1);
  if (text.empty()) return static_cast<std::uint16_t>(thousandths);
  if (text[0] != '.') return std::nullopt;
  text.remove_prefix(1);
  unsigned weight = 100;
  for (char digit : text) {
    if (!Is(kDigit, digit)) return std::nullopt;
    thousandths += static_cast<unsigned>(digit - '0') * weight;
    weight /= 10;
  }
  if (thousandths > kQValueMax) return std::nullopt;
  return static_cast<std::uint16_t>(thousandths);
}

void WriteQParam(std::uint16_t thousandths, ValueWriter& value) {
  if (thousandths > kQValueMax) return value.Refuse();
  value.Literal(";q=");
  value.Number(thousandths / 1000);
  unsigned rest = thousandths % 1000;
  if (rest == 0) return;
  value.Literal(".");
  for (unsigned weight = 100; rest != 0; weight /= 10) {
    value.Number(rest / weight);
    rest %= weight;
  }
}

}  // namespace sansip
