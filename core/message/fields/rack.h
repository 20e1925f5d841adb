// RSeq and RAck (RFC 3262 7.1, 7.2): reliable provisional responses and their PRACK.
//
//   RSeq = response-num
//   RAck = response-num LWS CSeq-num LWS Method
//
// A response-num is from 1 to 2^32-1; anything else is kBadNumber.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_RACK_H_
#define SANSIP_CORE_MESSAGE_FIELDS_RACK_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct RSeq {
  std::uint32_t number = 0;
};

[[nodiscard]] ParseError ParseRSeq(std::string_view value, RSeq& rseq);
void Write(const RSeq& rseq, ValueWriter& value);
bool Equivalent(const RSeq& a, const RSeq& b);

struct RAck {
  std::uint32_t rseq = 0;
  CSeq cseq = {};
};

[[nodiscard]] ParseError ParseRAck(std::string_view value, RAck& rack);
void Write(const RAck& rack, ValueWriter& value);
bool Equivalent(const RAck& a, const RAck& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_RACK_H_
