// Alert-Info, Call-Info and Error-Info (RFC 3261 20.4, 20.9, 20.18; 25.1 alert-param, info, error-uri): a URI
// in angle brackets and parameters. What it points to is a stranger's: 20.9 says when it may be fetched.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_CALL_INFO_H_
#define SANSIP_CORE_MESSAGE_FIELDS_CALL_INFO_H_

#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct CallInfo {
  std::string_view uri = {};         // without the angle brackets; any scheme
  std::string_view parameters = {};  // ";purpose=icon;...", see Parameter() in parameter.h
};

// The first of `value`; `rest` (may be null) gets what follows its comma, empty at the end. A purpose is a
// token and there once, in all three.
[[nodiscard]] ParseError ParseCallInfo(std::string_view value, CallInfo& info, std::string_view* rest);
void Write(const CallInfo& info, ValueWriter& value);
bool Equivalent(const CallInfo& a, const CallInfo& b);

// "icon", "info", "card", another token; empty: none.
std::string_view PurposeOf(const CallInfo& info);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_CALL_INFO_H_
