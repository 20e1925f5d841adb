// delta-seconds (RFC 3261 25.1: 1*DIGIT) and the fields made of it and parameters: Session-Expires and Min-SE
// (RFC 4028 4, 5), Expires, Retry-After (20.19, 20.33). Any number of digits is legal; a value above 2^32-1
// is read as 2^32-1 (20.19 allows it for Expires; nothing here can wait longer).
#ifndef SANSIP_CORE_MESSAGE_FIELDS_DELTA_SECONDS_H_
#define SANSIP_CORE_MESSAGE_FIELDS_DELTA_SECONDS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct DeltaSeconds {
  std::uint32_t seconds = 0;
  std::string_view parameters;  // ";refresher=uac;..."; see Parameter() in parameter.h
};

// delta-seconds *( SEMI generic-param )
[[nodiscard]] ParseError ParseDeltaSeconds(std::string_view value, DeltaSeconds& field);
void Write(const DeltaSeconds& field, ValueWriter& value);
bool Equivalent(const DeltaSeconds& a, const DeltaSeconds& b);

// Expires and Min-Expires (RFC 3261 20.19, 20.23): delta-seconds and no parameters.
struct Expires {
  std::uint32_t seconds = 0;
};

[[nodiscard]] ParseError ParseExpires(std::string_view value, Expires& expires);
void Write(const Expires& expires, ValueWriter& value);
bool Equivalent(const Expires& a, const Expires& b);

// RFC 3261 20.33: Retry-After alone may have a comment before its parameters, and one of these is known.
struct RetryAfter {
  DeltaSeconds delay;
  std::string_view comment;               // "(in a meeting)"; empty: none
  std::optional<std::uint32_t> duration;  // seconds; written instead of what delay.parameters says of it
};

[[nodiscard]] ParseError ParseRetryAfter(std::string_view value, RetryAfter& field);
void Write(const RetryAfter& field, ValueWriter& value);
// The comment, which is for people, does not count.
bool Equivalent(const RetryAfter& a, const RetryAfter& b);

// 1*DIGIT as the value of a parameter; nullopt for anything else.
std::optional<std::uint32_t> SecondsFrom(std::string_view digits);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_DELTA_SECONDS_H_
