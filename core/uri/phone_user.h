// Telephone numbers in the user part of SIP and SIPS URIs (RFC 3261 19.1.1 user=phone, 19.1.6).
//
// EquivalentUris() compares such a user like any other, letter by letter, as 19.1.6 has it: equivalent tel
// URIs become equivalent SIP URIs only because they are written in lower case and in order (UriWriter).
// Whether two users are the same number, EquivalentTelUris() says of what PhoneUserOf() reads.
#ifndef SANSIP_CORE_URI_PHONE_USER_H_
#define SANSIP_CORE_URI_PHONE_USER_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/uri/sip_uri.h"
#include "sansip/core/uri/tel_uri.h"
#include "sansip/core/uri/uri_writer.h"

namespace sansip {

// The number; its views are into the URI's user. False without user=phone, or where the user is no
// telephone-subscriber: then it is a user like any other. A local number may lack its phone-context.
bool PhoneUserOf(const SipUri& uri, TelUri& tel);

// RFC 3261 19.1.6: tel:+1-555;ext=7 at example.com is sip:+1-555;ext=7@example.com;user=phone. `port` 0:
// none.
void WriteTelAsSip(const TelUri& tel, bool is_sips, std::string_view host, std::uint16_t port,
                   UriWriter& writer);

// The other way; refused if PhoneUserOf() finds no number or if it is a local one without phone-context.
// A ":" that the tel URI had in a value comes back as its escape.
void WritePhoneUserAsTel(const SipUri& uri, UriWriter& writer);

}  // namespace sansip

#endif  // SANSIP_CORE_URI_PHONE_USER_H_
