// qvalue (RFC 3261 25.1): "0" [ "." 0*3DIGIT ] / "1" [ "." 0*3("0") ], counted in thousandths, so that
// nothing is lost and nothing is rounded.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_QVALUE_H_
#define SANSIP_CORE_MESSAGE_FIELDS_QVALUE_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"

namespace sansip {

inline constexpr std::uint16_t kQValueMax = 1000;

std::optional<std::uint16_t> ParseQValue(std::string_view text);
// ";q=0.75"; above kQValueMax it is refused.
void WriteQParam(std::uint16_t thousandths, ValueWriter& value);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_QVALUE_H_
