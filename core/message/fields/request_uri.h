// The Request-URI of a message (RFC 3261 7.1) as the parser has read it.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_REQUEST_URI_H_
#define SANSIP_CORE_MESSAGE_FIELDS_REQUEST_URI_H_

#include "sansip/core/message/message_view.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {

// False for a response, a URI of another scheme, or a malformed one.
[[nodiscard]] inline bool SipRequestUri(const MessageView& message, SipUri& uri) {
  const SipUriSpans& spans = message.index().sip_request_uri;
  if (spans.host.size == 0) return false;
  uri.is_sips = spans.is_sips;
  uri.user = message.Text(spans.user);
  uri.has_user = spans.has_user;
  uri.password = message.Text(spans.password);
  uri.has_password = spans.has_password;
  uri.host = message.Text(spans.host);
  uri.host_has_underscore = spans.host_has_underscore;
  uri.port = spans.port;
  uri.parameters = message.Text(spans.parameters);
  uri.headers = message.Text(spans.headers);
  return true;
}

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_REQUEST_URI_H_
