// sansip's own parser as one of those compared, and what a difference is.
#include "sansip/bench/peers/peer.h"
#include "sansip/bench/work.h"
#include "sansip/core/message/fields/max_forwards.h"
#include "sansip/core/uri/escape.h"
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

// Of what is no SIP URI sansip looks at no part, and peers find a host or none.
bool SameContact(std::string_view uri, std::string_view peers) {
  if (uri == peers) return true;
  const auto parsed = ParseSipUri(uri);
  return !parsed || SameHost(parsed->host, peers);
}

// osip replaces all escapes, Sofia-SIP those of characters that need none.
bool SameUser(std::string_view a, std::string_view b) { return a == b || Unescape(a) == Unescape(b); }

std::string_view UriDifference(const Reading& sansip, const Reading& peer) {
  if (sansip.host.empty()) return {};  // as of a Contact
  if (!SameUser(sansip.user, peer.user)) return "user of the Request-URI";
  return SameHost(sansip.host, peer.host) ? "" : "host of the Request-URI";
}

}  // namespace

std::unique_ptr<Peer> MakeSansip() { return std::make_unique<Sansip>(); }

std::string_view Difference(const Reading& sansip, const Reading& peer) {
  if (sansip.method != peer.method) return "method";
  if (sansip.status_code != peer.status_code) return "status code";
  if (const std::string_view difference = UriDifference(sansip, peer); !difference.empty()) return difference;
  if (sansip.branch != peer.branch) return "branch";
  if (!SameHost(sansip.sent_by_host, peer.sent_by_host)) return "host of sent-by";
  if (sansip.sent_by_port != peer.sent_by_port) return "port of sent-by";
  if (sansip.from_tag != peer.from_tag) return "tag of From";
  if (sansip.to_tag != peer.to_tag) return "tag of To";
  if (sansip.call_id != peer.call_id) return "Call-ID";
  if (sansip.cseq != peer.cseq) return "number of CSeq";
  if (sansip.cseq_method != peer.cseq_method) return "method of CSeq";
  if (!SameContact(sansip.contact_uri, peer.contact_uri)) return "Contact";
  // A request without it is read as if it had the default (RFC 3261 16.3); peers say 0.
  const bool has_default = sansip.max_forwards == kMaxForwardsDefault && peer.max_forwards == 0;
  if (sansip.status_code == 0 && sansip.max_forwards != peer.max_forwards && !has_default) {
    return "Max-Forwards";
  }
  if (sansip.session_expires != peer.session_expires) return "Session-Expires";
  return {};
}

}  // namespace sansip
