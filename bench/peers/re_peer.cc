// libre: sip_msg_decode(), which takes the top Via, From, To, CSeq and the Request-URI apart, and the
// decoders of the rest.
#include <algorithm>
#include <charconv>
#include <cinttypes>

#include "sansip/bench/peers/peer.h"

// Last, as it brings macros named true and false, and wants the integer types from elsewhere.
#include <re/re.h>

namespace sansip {
namespace {

std::string_view Text(const struct pl& text) { return {text.p, text.l}; }

// pl_u32() wants digits alone: without what follows them.
std::uint32_t LeadingNumber(struct pl text) {
  const std::string_view all = Text(text);
  text.l = std::min(all.find_first_not_of("0123456789"), all.size());
  return pl_u32(&text);
}

class Re final : public Peer {
 public:
  Re() : buffer_(mbuf_alloc(0)) {}
  ~Re() override {
    Re::Release();
    buffer_->buf = nullptr;  // it was never the buffer's own
    mem_deref(buffer_);
  }

  bool Parse(std::string_view bytes) override {
    // Decoding writes nothing: the buffer may stand on the caller's bytes, which spares libre a copy.
    buffer_->buf = reinterpret_cast<std::uint8_t*>(const_cast<char*>(bytes.data()));
    buffer_->size = bytes.size();
    buffer_->end = bytes.size();
    buffer_->pos = 0;
    contact_ = sip_addr();
    session_expires_ = 0;
    max_forwards_ = 0;
    if (sip_msg_decode(&message_, buffer_) != 0) return false;
    if (const sip_hdr* const contact = sip_msg_hdr(message_, SIP_HDR_CONTACT)) {
      if (sip_addr_decode(&contact_, &contact->val) != 0) return false;
    }
    if (message_->maxfwd.p != nullptr) max_forwards_ = pl_u32(&message_->maxfwd);
    if (const sip_hdr* const expires = sip_msg_hdr(message_, SIP_HDR_SESSION_EXPIRES)) {
      session_expires_ = LeadingNumber(expires->val);
    }
    return true;
  }

  void Release() override {
    mem_deref(message_);
    message_ = nullptr;
  }

  Reading Found() const override {
    Reading reading;
    if (message_->req) {
      reading.method = Text(message_->met);
      reading.user = Text(message_->uri.user);
      reading.host = Text(message_->uri.host);
    }
    reading.status_code = message_->scode;
    reading.branch = Text(message_->via.branch);
    const std::string_view sent_by = Text(message_->via.sentby);
    const std::size_t colon = sent_by.rfind(':');
    reading.sent_by_host = sent_by.substr(0, colon);
    if (colon != std::string_view::npos) {
      const std::string_view port = sent_by.substr(colon + 1);
      std::from_chars(port.data(), port.data() + port.size(), reading.sent_by_port);
    }
    reading.from_tag = Text(message_->from.tag);
    reading.to_tag = Text(message_->to.tag);
    reading.call_id = Text(message_->callid);
    reading.cseq = message_->cseq.num;
    reading.cseq_method = Text(message_->cseq.met);
    reading.contact_uri = Text(contact_.auri);
    reading.max_forwards = max_forwards_;
    reading.session_expires = session_expires_;
    return reading;
  }

 private:
  mbuf* const buffer_;
  sip_msg* message_ = nullptr;
  sip_addr contact_ = sip_addr();
  std::uint32_t max_forwards_ = 0;
  std::uint32_t session_expires_ = 0;
};

}  // namespace

std::unique_ptr<Peer> MakeRe() { return std::make_unique<Re>(); }

}  // namespace sansip
