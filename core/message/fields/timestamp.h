// Timestamp (RFC 3261 20.38, 25.1): when a request was sent, by a clock that only its sender knows, and in
// the response how long it lay there (8.2.6.1). Seconds with a fraction, kept as digits: the sender's
// precision is its own affair.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_TIMESTAMP_H_
#define SANSIP_CORE_MESSAGE_FIELDS_TIMESTAMP_H_

#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct Timestamp {
  // "54.21": digits before and behind the point, any number of them; a point with nothing behind it is none.
  struct Number {
    std::string_view seconds = {};
    std::string_view fraction = {};
  };
  Number sent = {};
  Number delay = {};
  bool has_delay = false;
};

[[nodiscard]] ParseError ParseTimestamp(std::string_view value, Timestamp& timestamp);
void Write(const Timestamp& timestamp, ValueWriter& value);
// By value: "054" is "54.0". No delay is not a delay of 0.
bool Equivalent(const Timestamp& a, const Timestamp& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_TIMESTAMP_H_
