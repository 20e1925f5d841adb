#include "sansip/core/uri/phone_user.h"

#include <cstddef>

#include "sansip/core/uri/escape.h"

namespace sansip {

bool PhoneUserOf(const SipUri& uri, TelUri& tel) {
  std::size_t fault = 0;
  return EqualEscapedIgnoreCase(UriParameter(uri, "user").value_or(""), "phone") &&
         ParseTelephoneSubscriber(uri.user, tel, fault);
}

void WriteTelAsSip(const TelUri& tel, bool is_sips, std::string_view host, std::uint16_t port,
                   UriWriter& writer) {
  writer.Sip(is_sips);
  writer.PhoneUser(tel);
  writer.Host(host, port);
  writer.Parameter("user", "phone");
}

void WritePhoneUserAsTel(const SipUri& uri, UriWriter& writer) {
  TelUri tel;
  // Without a number `tel` is empty, which the writer refuses.
  if (!PhoneUserOf(uri, tel)) tel = {};
  writer.Uri(tel);
}

}  // namespace sansip
