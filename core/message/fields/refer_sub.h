// Refer-Sub (RFC 4488 4): whether a REFER makes an implicit subscription.
//
//   refer-sub-value *( SEMI exten ), refer-sub-value = "true" / "false"
#ifndef SANSIP_CORE_MESSAGE_FIELDS_REFER_SUB_H_
#define SANSIP_CORE_MESSAGE_FIELDS_REFER_SUB_H_

#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct ReferSub {
  bool subscribes = true;  // without the field it does
  std::string_view parameters = {};
};

[[nodiscard]] ParseError ParseReferSub(std::string_view value, ReferSub& refer_sub);
void Write(const ReferSub& refer_sub, ValueWriter& value);
bool Equivalent(const ReferSub& a, const ReferSub& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_REFER_SUB_H_
