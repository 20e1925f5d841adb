// sansip's own parser as one of those compared, and what a difference is.
#include "sansip/bench/peers/peer.h"
#include "sansip/bench/work.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {
namespace {

class Sansip final : public Peer {
 public:
  bool Parse(std::string_view bytes) override { return work_.Run(bytes); }
  void Release() override {}
  Reading Found() const override { return work_.reading(); }

 private:
  ParseAndRead work_;
};

// Some keep the brackets of an IPv6 address, some do not.
std::string_view WithoutBrackets(std::string_view host) {
  if (!host.starts_with('[') || !host.ends_with(']')) return host;
  return host.substr(1, host.size() - 2);
}

bool SameHost(std::string_view a, std::string_view b) { return WithoutBrackets(a) == WithoutBrackets(b); }

bool SameContact(std::string_view uri, std::string_view peers) {
  if (uri == peers) return true;
  const auto parsed = ParseSipUri(uri);
  return parsed && SameHost(parsed->host, peers);
}

}  // namespace

std::unique_ptr<Peer> MakeSansip() { return std::make_unique<Sansip>(); }

std::string_view Difference(const Reading& sansip, const Reading& peer) {
  if (sansip.method != peer.method) return "method";
  if (sansip.status_code != peer.status_code) return "status code";
  if (sansip.user != peer.user) return "user of the Request-URI";
  if (!SameHost(sansip.host, peer.host)) return "host of the Request-URI";
  if (sansip.branch != peer.branch) return "branch";
  if (!SameHost(sansip.sent_by_host, peer.sent_by_host)) return "host of sent-by";
  if (sansip.sent_by_port != peer.sent_by_port) return "port of sent-by";
  if (sansip.from_tag != peer.from_tag) return "tag of From";
  if (sansip.to_tag != peer.to_tag) return "tag of To";
  if (sansip.call_id != peer.call_id) return "Call-ID";
  if (sansip.cseq != peer.cseq) return "number of CSeq";
  if (sansip.cseq_method != peer.cseq_method) return "method of CSeq";
  if (!SameContact(sansip.contact_uri, peer.contact_uri)) return "Contact";
  if (sansip.max_forwards != peer.max_forwards) return "Max-Forwards";
  if (sansip.session_expires != peer.session_expires) return "Session-Expires";
  return {};
}

}  // namespace sansip
