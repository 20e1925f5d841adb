// GNU oSIP: osip_message_parse() and its accessors.
#include <osipparser2/osip_parser.h>
#include <osipparser2/osip_port.h>

#include <cstdarg>
#include <string>

#include "sansip/bench/peers/c_text.h"
#include "sansip/bench/peers/peer.h"

namespace sansip {
namespace {

// osip's names are char*, and are not written to.
char* Name(const char* name) { return const_cast<char*>(name); }

void Ignore(const char*, int, osip_trace_level_t, const char*, va_list) {}

class Osip final : public Peer {
 public:
  Osip() {
    parser_init();
    osip_trace_initialize_func(TRACE_LEVEL0, Ignore);  // otherwise it prints every refusal
  }
  ~Osip() override { Osip::Release(); }

  bool Parse(std::string_view bytes) override {
    found_ = {};
    if (osip_message_init(&message_) != 0) return false;
    if (osip_message_parse(message_, bytes.data(), bytes.size()) != 0) return false;
    found_.method = message_->sip_method;
    found_.status_code = message_->status_code;
    if (message_->req_uri != nullptr) {
      found_.user = message_->req_uri->username;
      found_.host = message_->req_uri->host;
    }
    osip_via_t* via = nullptr;
    if (osip_message_get_via(message_, 0, &via) >= 0) {
      found_.sent_by_host = via->host;
      found_.sent_by_port = CNumber(via->port);
      osip_generic_param_t* branch = nullptr;
      if (osip_via_param_get_byname(via, Name("branch"), &branch) == 0) found_.branch = branch->gvalue;
    }
    found_.from_tag = TagOf(message_->from);
    found_.to_tag = TagOf(message_->to);
    found_.call_id = message_->call_id;
    if (message_->cseq != nullptr) {
      found_.cseq = CNumber(message_->cseq->number);
      found_.cseq_method = message_->cseq->method;
    }
    osip_contact_t* contact = nullptr;
    if (osip_message_get_contact(message_, 0, &contact) >= 0) found_.contact = contact->url;
    found_.max_forwards = NumberIn("max-forwards");
    found_.session_expires = NumberIn("session-expires");
    return true;
  }

  void Release() override {
    if (message_ != nullptr) osip_message_free(message_);
    message_ = nullptr;
  }

  Reading Found() const override {
    Reading reading;
    // Of a response osip makes up a method and a URI nobody sent: it has none.
    reading.method = CText(found_.method);
    reading.status_code = found_.status_code;
    reading.user = CText(found_.user);
    reading.host = CText(found_.host);
    reading.branch = CText(found_.branch);
    reading.sent_by_host = CText(found_.sent_by_host);
    reading.sent_by_port = static_cast<std::uint16_t>(found_.sent_by_port);
    reading.from_tag = CText(found_.from_tag);
    reading.to_tag = CText(found_.to_tag);
    call_id_ = "";
    if (found_.call_id != nullptr) {
      call_id_ = CText(found_.call_id->number);
      if (found_.call_id->host != nullptr) call_id_.append("@").append(found_.call_id->host);
    }
    reading.call_id = call_id_;
    reading.cseq = found_.cseq;
    reading.cseq_method = CText(found_.cseq_method);
    if (found_.contact != nullptr) reading.contact_uri = CText(found_.contact->host);
    reading.max_forwards = found_.max_forwards;
    reading.session_expires = found_.session_expires;
    return reading;
  }

 private:
  // As osip has it: text that ends with a NUL.
  struct Fields {
    const char* method = nullptr;
    int status_code = 0;
    const char* user = nullptr;
    const char* host = nullptr;
    const char* branch = nullptr;
    const char* sent_by_host = nullptr;
    std::uint32_t sent_by_port = 0;
    const char* from_tag = nullptr;
    const char* to_tag = nullptr;
    const osip_call_id_t* call_id = nullptr;
    std::uint32_t cseq = 0;
    const char* cseq_method = nullptr;
    const osip_uri_t* contact = nullptr;
    std::uint32_t max_forwards = 0;
    std::uint32_t session_expires = 0;
  };

  static const char* TagOf(osip_from_t* address) {
    osip_generic_param_t* tag = nullptr;
    if (address == nullptr || osip_from_param_get_byname(address, Name("tag"), &tag) != 0) return nullptr;
    return tag->gvalue;
  }

  // Fields for which osip has no form of its own.
  std::uint32_t NumberIn(const char* name) {
    osip_header_t* header = nullptr;
    if (osip_message_header_get_byname(message_, name, 0, &header) < 0) return 0;
    return CNumber(header->hvalue);
  }

  osip_message_t* message_ = nullptr;
  Fields found_;
  mutable std::string call_id_;
};

}  // namespace

std::unique_ptr<Peer> MakeOsip() { return std::make_unique<Osip>(); }

}  // namespace sansip
