// Sofia-SIP: msg_make(), which extracts, and the members of sip_t.
#include <sofia-sip/msg.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_protos.h>

#include "sansip/bench/peers/c_text.h"
#include "sansip/bench/peers/peer.h"

namespace sansip {
namespace {

class Sofia final : public Peer {
 public:
  ~Sofia() override { Sofia::Release(); }

  bool Parse(std::string_view bytes) override {
    found_ = {};
    message_ = msg_make(sip_default_mclass(), 0, bytes.data(), static_cast<ssize_t>(bytes.size()));
    if (message_ == nullptr || msg_has_error(message_) != 0) return false;
    const sip_t* const sip = sip_object(message_);
    if (sip == nullptr || sip->sip_error != nullptr) return false;
    if (sip->sip_request != nullptr) {
      found_.method = sip->sip_request->rq_method_name;
      found_.user = sip->sip_request->rq_url->url_user;
      found_.host = sip->sip_request->rq_url->url_host;
    }
    if (sip->sip_status != nullptr) found_.status_code = sip->sip_status->st_status;
    if (sip->sip_via != nullptr) {
      found_.branch = sip->sip_via->v_branch;
      found_.sent_by_host = sip->sip_via->v_host;
      found_.sent_by_port = CNumber(sip->sip_via->v_port);
    }
    if (sip->sip_from != nullptr) found_.from_tag = sip->sip_from->a_tag;
    if (sip->sip_to != nullptr) found_.to_tag = sip->sip_to->a_tag;
    if (sip->sip_call_id != nullptr) found_.call_id = sip->sip_call_id->i_id;
    if (sip->sip_cseq != nullptr) {
      found_.cseq = sip->sip_cseq->cs_seq;
      found_.cseq_method = sip->sip_cseq->cs_method_name;
    }
    if (sip->sip_contact != nullptr) found_.contact_host = sip->sip_contact->m_url->url_host;
    if (sip->sip_max_forwards != nullptr) found_.max_forwards = sip->sip_max_forwards->mf_count;
    if (sip->sip_session_expires != nullptr) found_.session_expires = sip->sip_session_expires->x_delta;
    return true;
  }

  void Release() override {
    if (message_ != nullptr) msg_destroy(message_);
    message_ = nullptr;
  }

  Reading Found() const override {
    Reading reading;
    reading.method = CText(found_.method);
    reading.status_code = found_.status_code;
    reading.user = CText(found_.user);
    reading.host = CText(found_.host);
    reading.branch = CText(found_.branch);
    reading.sent_by_host = CText(found_.sent_by_host);
    reading.sent_by_port = static_cast<std::uint16_t>(found_.sent_by_port);
    reading.from_tag = CText(found_.from_tag);
    reading.to_tag = CText(found_.to_tag);
    reading.call_id = CText(found_.call_id);
    reading.cseq = found_.cseq;
    reading.cseq_method = CText(found_.cseq_method);
    reading.contact_uri = CText(found_.contact_host);
    reading.max_forwards = static_cast<std::uint32_t>(found_.max_forwards);
    reading.session_expires = static_cast<std::uint32_t>(found_.session_expires);
    return reading;
  }

 private:
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
    const char* call_id = nullptr;
    std::uint32_t cseq = 0;
    const char* cseq_method = nullptr;
    const char* contact_host = nullptr;
    unsigned long max_forwards = 0;
    unsigned long session_expires = 0;
  };

  msg_t* message_ = nullptr;
  Fields found_;
};

}  // namespace

std::unique_ptr<Peer> MakeSofia() { return std::make_unique<Sofia>(); }

}  // namespace sansip
