// delta-seconds (RFC 3261 25.1: 1*DIGIT) and the fields made of it and parameters: Session-Expires and Min-SE
// (RFC 4028 4, 5), Expires, Retry-After (20.19, 20.33). Any number of digits is legal; a value above 2^32-1
// is read as 2^32-1 (20.19 allows it for Expires; nothing here can wait longer).
#ifndef SANSIP_CORE_MESSAGE_FIELDS_DELTA_SECONDS_H_
#define SANSIP_CORE_MESSAGE_FIELDS_DELTA_SECONDS_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct DeltaSeconds {
  std::uint32_t seconds = 0;
  std::string_view parameters;  // ";refresher=uac;..."; see Parameter() in parameter.h
};

// delta-seconds *( SEMI generic-param )
[[nodiscard]] ParseError ParseDeltaSeconds(std::string_view value, DeltaSeconds& field);

// RFC 3261 20.33: Retry-After alone may have a comment before its parameters.
struct RetryAfter {
  DeltaSeconds delay;
  std::string_view comment;  // "(in a meeting)"; empty: none
};

[[nodiscard]] ParseError ParseRetryAfter(std::string_view value, RetryAfter& field);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_DELTA_SECONDS_H_
