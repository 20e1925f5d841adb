// What a user wants sent, before the transaction layer adds what is its own (Via, Content-Length; of
// responses also what is copied from the request). Views, borrowed for the call.
#ifndef SANSIP_CORE_MESSAGE_DRAFT_H_
#define SANSIP_CORE_MESSAGE_DRAFT_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "sansip/core/message/header_id.h"
#include "sansip/core/message/method.h"

namespace sansip {

// One header line to write. `name` is used where id is kOther. A value with CR or LF is refused.
struct HeaderLine {
  HeaderId id = HeaderId::kOther;
  std::string_view value;
  std::string_view name = {};
};

// What every request has (RFC 3261 8.1.1) in the parts that a dialog keeps, so that nobody puts lines
// together to have them written: Route, Max-Forwards (70, 8.1.1.6), From, To, Call-ID and CSeq.
struct RequestHead {
  std::string_view route;  // the value; empty: no Route
  std::string_view from, from_tag;
  std::string_view to, to_tag;  // an empty tag is left out (12.2.1.1)
  std::string_view call_id;
  std::uint32_t cseq = 0;
};

// RFC 3261 8.1.1. `headers` holds everything but Via and Content-Length, in the order to be written: Route,
// Max-Forwards, From, To, Call-ID, CSeq (number and method), Contact, ..., Content-Type. Or, with a `head`,
// none of its fields, which come first.
struct RequestDraft {
  Method method = Method::kExtension;
  std::string_view extension_method = {};  // the token where method is kExtension
  std::string_view request_uri;
  const RequestHead* head = nullptr;
  std::span<const HeaderLine> headers;
  std::string_view body = {};
};

// RFC 3261 8.2.6. Via, From, To, Call-ID, CSeq come from the request; `to_tag` is added to a To without one.
struct ResponseDraft {
  int status_code = 0;           // 100 to 699
  std::string_view reason = {};  // empty: the usual phrase
  std::string_view to_tag = {};  // none in a 100
  std::span<const HeaderLine> headers = {};
  std::string_view body = {};
};

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_DRAFT_H_
