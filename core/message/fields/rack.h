// RSeq and RAck (RFC 3262 7.1, 7.2): reliable provisional responses and their PRACK.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_RACK_H_
#define SANSIP_CORE_MESSAGE_FIELDS_RACK_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct RAck {
  std::uint32_t rseq = 0;
  CSeq cseq;
};

// response-num = 1*DIGIT, below 2^32.
[[nodiscard]] ParseError ParseRSeq(std::string_view value, std::uint32_t& rseq);
// response-num LWS CSeq-num LWS Method
[[nodiscard]] ParseError ParseRAck(std::string_view value, RAck& rack);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_RACK_H_
