// A parsed message: the caller's bytes and an index over them (design 3). Copies nothing, owns nothing; valid
// as long as both the bytes and the index are.
//
// RFC 3261 7: start-line, header fields in their order, body. Values keep their folding; typed fields are
// parsed on demand (core/message/fields); what the parser reads anyhow is kept in the index.
#ifndef SANSIP_CORE_MESSAGE_MESSAGE_VIEW_H_
#define SANSIP_CORE_MESSAGE_MESSAGE_VIEW_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/message/header_id.h"
#include "sansip/core/message/method.h"

namespace sansip {

// The most header fields an index can hold; ParseLimits may ask for fewer.
inline constexpr std::size_t kHeaderCountMax = 256;

struct TextSpan {
  std::uint32_t begin = 0;
  std::uint32_t size = 0;
};

struct HeaderSpan {
  TextSpan name;
  TextSpan value;  // without the white space around it
  HeaderId id = HeaderId::kOther;
};

// A Via as spans; Via in fields/via.h says what each is.
struct ViaSpans {
  TextSpan text;  // empty: there is none, or it is malformed
  TextSpan transport;
  TextSpan host;
  TextSpan branch;
  TextSpan received;
  TextSpan maddr;
  std::uint16_t port = 0;
  std::uint16_t rport = 0;
  std::optional<std::uint8_t> ttl;
  bool has_rport = false;
  bool host_has_underscore = false;
};

// A SIP or SIPS URI as spans; SipUri in core/uri/sip_uri.h says what each is.
struct SipUriSpans {
  TextSpan user;
  TextSpan password;
  TextSpan host;  // empty: it is no SIP or SIPS URI, or malformed
  TextSpan parameters;
  TextSpan headers;
  std::uint16_t port = 0;
  bool is_sips = false;
  bool has_user = false;
  bool has_password = false;
  bool host_has_underscore = false;
};

// An address as spans; NameAddr in fields/name_addr.h says what each is.
struct AddressSpans {
  TextSpan text;  // empty: there is none, or it is malformed
  TextSpan display_name;
  TextSpan uri;
  TextSpan parameters;
  TextSpan tag;
  bool is_star = false;
  bool in_brackets = false;
};

// All of an index but the list of the header fields: what each parse begins with as it is here.
struct IndexHead {
  bool is_request = false;
  Method method = Method::kExtension;
  std::uint16_t status_code = 0;
  TextSpan method_text;
  TextSpan request_uri;
  TextSpan reason_phrase;
  TextSpan header_section;  // from the first header field to the blank line, which is not in it
  TextSpan body;
  TextSpan message;  // start-line to end of body: without CRLFs before it and octets behind it
  // What the parser has to read of every message (RFC 3261 8.1.1), so that nobody reads it again.
  SipUriSpans sip_request_uri;
  ViaSpans top_via;
  AddressSpans from;
  AddressSpans to;
  AddressSpans contact;       // the first; empty, too, if it is malformed: that is for who reads it to tell
  TextSpan cseq_method_text;  // empty: there is no CSeq, or it is malformed
  Method cseq_method = Method::kExtension;
  std::uint32_t cseq_number = 0;
  std::optional<std::uint8_t> max_forwards;  // of a request
  // Session-Expires in seconds, as nearly every INVITE and 2xx is asked for it; empty, too, if malformed.
  std::optional<std::uint32_t> session_interval;

  std::uint32_t tolerances = 0;  // a bit per Tolerance that was needed (parse_policy.h)
  bool has_repetitions = false;  // some id is that of several header fields, if only kOther
  std::uint16_t header_count = 0;
  std::array<std::uint16_t, kHeaderIdCount> first_with_id{};  // 1 + its place in `headers`; 0: none
};

// Filled by Parser; reusable from message to message.
struct MessageIndex : IndexHead {
  std::array<HeaderSpan, kHeaderCountMax> headers;
};

struct HeaderView {
  HeaderId id = HeaderId::kOther;
  std::string_view name;
  std::string_view value;
};

class MessageView {
 public:
  // `bytes` are those that were parsed into `index`, all of them.
  MessageView(std::string_view bytes, const MessageIndex& index) : bytes_(bytes), index_(&index) {}

  bool is_request() const { return index_->is_request; }
  bool is_response() const { return !index_->is_request; }
  Method method() const { return index_->method; }  // of the Request-Line; of a response see CSeq
  std::string_view method_text() const { return Text(index_->method_text); }
  std::string_view request_uri() const { return Text(index_->request_uri); }
  int status_code() const { return index_->status_code; }  // 100 to 699
  std::string_view reason_phrase() const { return Text(index_->reason_phrase); }
  std::string_view body() const { return Text(index_->body); }
  // The whole message, from the start-line to the end of the body: what to forward or to keep. Octets of a
  // datagram beyond the body are not in it (RFC 3261 18.3), nor CRLFs before the start-line (7.5).
  std::string_view bytes() const { return Text(index_->message); }

  std::size_t header_count() const { return index_->header_count; }
  HeaderView header(std::size_t i) const {
    const HeaderSpan& span = index_->headers[i];
    return {span.id, Text(span.name), Text(span.value)};
  }
  // The value of the first header field with this id.
  std::optional<std::string_view> First(HeaderId id) const {
    const std::size_t place = index_->first_with_id[static_cast<std::size_t>(id)];
    if (place == 0) return std::nullopt;
    return Text(index_->headers[place - 1].value);
  }
  bool Has(HeaderId id) const { return First(id).has_value(); }
  // Which header field that is; header_count() if there is none.
  std::size_t PlaceOfFirst(HeaderId id) const {
    const std::size_t place = index_->first_with_id[static_cast<std::size_t>(id)];
    return place == 0 ? header_count() : place - 1;
  }
  // Where the next header field of that id is behind one that is; header_count() if there is none.
  std::size_t PlaceOfNext(HeaderId id, std::size_t place) const {
    if (!index_->has_repetitions) return header_count();
    do {
      ++place;
    } while (place < header_count() && index_->headers[place].id != id);
    return place;
  }
  const MessageIndex& index() const { return *index_; }
  // No span of an index leaves the bytes that it is of.
  std::string_view Text(TextSpan span) const { return {bytes_.data() + span.begin, span.size}; }

 private:
  std::string_view bytes_;
  const MessageIndex* index_;
};

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_MESSAGE_VIEW_H_
