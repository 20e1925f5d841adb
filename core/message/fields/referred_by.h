// Referred-By (RFC 3892 3): who sent the REFER that a request comes from, and where in the body that is
// proved.
//
//   referrer-uri *( SEMI ( referredby-id-param / generic-param ) )
//   referredby-id-param = "cid" EQUAL sip-clean-msg-id
#ifndef SANSIP_CORE_MESSAGE_FIELDS_REFERRED_BY_H_
#define SANSIP_CORE_MESSAGE_FIELDS_REFERRED_BY_H_

#include <string_view>

#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct ReferredBy {
  NameAddr address = {};      // its parameters are all of them, cid included
  std::string_view cid = {};  // the Content-ID of the token, without quotes and brackets; empty: none
};

// A cid that is no sip-clean-msg-id is kBadParameter.
[[nodiscard]] ParseError ParseReferredBy(std::string_view value, ReferredBy& referred_by);
void Write(const ReferredBy& referred_by, ValueWriter& value);
// A cid is compared byte by byte, as the msg-id that it is.
bool Equivalent(const ReferredBy& a, const ReferredBy& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_REFERRED_BY_H_
