#include "sansip/bench/reading.h"

#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/max_forwards.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/request_uri.h"
#include "sansip/core/message/fields/session_expires.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {

void Read(const MessageView& message, Reading& reading) {
  reading = {};
  if (message.is_request()) {
    reading.method = message.method_text();
    SipUri uri;
    if (SipRequestUri(message, uri)) {
      reading.user = uri.user;
      reading.host = uri.host;
    }
    reading.max_forwards = MaxForwardsOf(message);
  } else {
    reading.status_code = message.status_code();
  }
  Via via;
  if (TopVia(message, via)) {
    reading.branch = via.branch;
    reading.sent_by_host = via.host;
    reading.sent_by_port = via.port;
  }
  reading.from_tag = FromTag(message);
  reading.to_tag = ToTag(message);
  reading.call_id = message.First(HeaderId::kCallId).value_or("");
  CSeq cseq;
  if (CSeqOf(message, cseq)) {
    reading.cseq = cseq.number;
    reading.cseq_method = cseq.method_text;
  }
  NameAddr contact;
  if (FirstContact(message, contact)) reading.contact_uri = contact.uri;
  reading.session_expires = SessionIntervalOf(message).value_or(0);
}

}  // namespace sansip
