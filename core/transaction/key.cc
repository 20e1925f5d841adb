#include "sansip/core/transaction/key.h"

#include <algorithm>

#include "sansip/core/base/address.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/text/bytes.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {

namespace {

constexpr char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// RFC 3261 18.2.2: a sent-by without port means the transport's default.
std::uint16_t PortOf(std::uint16_t port, std::string_view transport) {
  if (port != 0) return port;
  return DefaultPort(TransportFromName(transport).value_or(Transport::kUdp));
}

bool SameVia(std::string_view a, std::string_view b) {
  if (a == b) return true;
  Via first, second;
  return ParseVia(a, first, nullptr).ok() && ParseVia(b, second, nullptr).ok() && Equivalent(first, second);
}

}  // namespace

bool SameToken(std::string_view a, std::string_view b) {
  if (AreSame(a, b)) return true;  // as nearly always
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return Lower(x) == Lower(y); });
}

bool ClientKeyOf(const MessageView& response, ClientKey& key) {
  const MessageIndex& index = response.index();
  if (index.top_via.text.size == 0 || index.cseq_method_text.size == 0) return false;
  key = {.branch = response.Text(index.top_via.branch), .method = response.Text(index.cseq_method_text)};
  return true;
}

bool ServerKeyOf(const MessageView& request, ServerKey& key) {
  const ViaSpans& via = request.index().top_via;
  if (via.text.size == 0) return false;
  key = {};
  key.branch = request.Text(via.branch);
  key.host = request.Text(via.host);
  key.port = PortOf(via.port, request.Text(via.transport));
  key.method = request.method() == Method::kAck ? MethodName(Method::kInvite) : request.method_text();
  // RFC 4475 3.2.1: a cookie with nothing behind it is the same for all requests of a peer.
  key.has_cookie = key.branch.size() > kBranchCookie.size() &&
                   SameToken(key.branch.substr(0, kBranchCookie.size()), kBranchCookie);
  if (key.has_cookie) return true;
  CSeq cseq;
  if (!CSeqOf(request, cseq)) return false;
  key.cseq = cseq.number;
  key.via = request.Text(via.text);
  key.call_id = request.First(HeaderId::kCallId).value_or("");
  key.request_uri = request.request_uri();
  key.from_tag = FromTag(request);
  key.to_tag = ToTag(request);
  return true;
}

std::uint64_t HashOf(const StringHash& hash, const ClientKey& key) {
  // Of one branch there are at most a request and its CANCEL.
  const std::uint64_t method = key.method.empty() ? 0 : static_cast<unsigned char>(key.method.front());
  return hash.OfOwn(key.branch) + method;
}

std::uint64_t HashOf(const StringHash& hash, const ServerKey& key) {
  if (key.has_cookie) {
    return hash.OfFolded(key.port, key.branch.substr(kBranchCookie.size()), key.host);
  }
  TupleHash tuple(hash);
  tuple.AddFolded(key.branch).AddFolded(key.host).Add(std::uint64_t{key.port});
  return tuple.Add(key.call_id).Add(std::uint64_t{key.cseq}).AddFolded(key.from_tag).Finish();
}

bool Matches(const ClientKey& a, const ClientKey& b) {
  return SameToken(a.branch, b.branch) && AreSame(a.method, b.method);
}

bool Matches(const ServerKey& stored, const ServerKey& incoming, bool with_to_tag) {
  if (stored.has_cookie != incoming.has_cookie || stored.port != incoming.port) return false;
  if (!AreSame(stored.method, incoming.method) || !SameToken(stored.branch, incoming.branch)) return false;
  if (!SameToken(stored.host, incoming.host)) return false;
  if (stored.has_cookie) return true;
  return stored.cseq == incoming.cseq && stored.call_id == incoming.call_id &&
         SameToken(stored.from_tag, incoming.from_tag) &&
         (!with_to_tag || SameToken(stored.to_tag, incoming.to_tag)) &&
         EquivalentUris(stored.request_uri, incoming.request_uri) && SameVia(stored.via, incoming.via);
}

}  // namespace sansip
