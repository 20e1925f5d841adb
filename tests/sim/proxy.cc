#include "sansip/tests/sim/proxy.h"

#include <array>
#include <utility>
#include <vector>

#include "sansip/core/base/check.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/writer.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/tests/sim/node.h"
#include "sansip/tests/sim/world.h"

namespace sansip::sim {
namespace {

// The URIs of the Route set, in their order.
std::vector<std::string> RoutesOf(const MessageView& message) {
  std::vector<std::string> routes;
  ElementsOf elements(message, HeaderId::kRoute);
  std::string_view element;
  NameAddr route;
  while (elements.Next(element)) {
    if (ParseNameAddr(element, route, nullptr).ok()) routes.emplace_back(route.uri);
  }
  return routes;
}

// The second Via of a response: where it goes next.
bool NextVia(const MessageView& response, Via& via) {
  ElementsOf elements(response, HeaderId::kVia);
  std::string_view element;
  return elements.Next(element) && elements.Next(element) && ParseVia(element, via, nullptr).ok();
}

}  // namespace

Proxy::Proxy(World& world, std::string name, const SocketAddress& address)
    : Element(world, world.next_number()), name_(std::move(name)), self_(TextOf(address).view()) {}

std::string Proxy::Route() const { return "<sip:" + self_ + ";lr>"; }

std::string Proxy::BranchBehind(std::string_view branch) const {
  return std::string(kBranchCookie) + name_ + std::string(branch.substr(kBranchCookie.size()));
}

void Proxy::OnArrival(Instant now, const Arrival& arrival) {
  SANSIP_CHECK(arrival.kind == Arrival::Kind::kDatagram);
  world().trace().Add({.at = now,
                       .kind = Record::Kind::kArrived,
                       .node = number(),
                       .peer = arrival.from,
                       .datagram = arrival.datagram + 1,
                       .text = arrival.is_duplicate ? std::string_view("again") : std::string_view()});
  if (!parser_.Parse(arrival.bytes, Framing::kDatagram, index_).ok()) return;
  const MessageView message(arrival.bytes, index_);
  Via top;
  if (!TopVia(message, top)) return;
  if (!message.is_request()) return OnResponse(now, message, top.branch);
  if (top.branch.starts_with(kBranchCookie)) OnRequest(now, message, top.branch);
}

std::optional<Proxy::Outgoing> Proxy::Forwarded(const MessageView& request, std::string_view branch,
                                                bool record_route, std::string_view target,
                                                EditList& edits) const {
  std::vector<std::string> routes = RoutesOf(request);
  const bool is_routed = !routes.empty() && routes.front() == "sip:" + self_ + ";lr";
  if (is_routed) routes.erase(routes.begin());
  const std::string_view uri = target.empty() ? request.request_uri() : target;
  const std::optional<SipUri> next = ParseSipUri(routes.empty() ? uri : routes.front());
  if (!next) return std::nullopt;
  const std::string via = "SIP/2.0/UDP " + self_ + ";branch=" + std::string(branch);
  const std::string route = Route();
  if (!target.empty()) edits.ReplaceRequestUri(target);
  edits.DecrementMaxForwards();
  if (record_route) edits.Push(HeaderId::kRecordRoute, route);
  if (is_routed) edits.Pop(HeaderId::kRoute);
  edits.Push(HeaderId::kVia, via);
  std::array<char, 4096> out;
  const Edited edited = edits.Apply(out);
  SANSIP_CHECK(edited.error == EditError::kNone);
  return Outgoing{std::string(next->host), next->port, std::string(edited.text)};
}

std::optional<Proxy::Outgoing> Proxy::Returned(const MessageView& response, EditList& edits) {
  Via next;
  if (!NextVia(response, next)) return std::nullopt;
  edits.Pop(HeaderId::kVia);
  std::array<char, 4096> out;
  const Edited edited = edits.Apply(out);
  SANSIP_CHECK(edited.error == EditError::kNone);
  return Outgoing{std::string(next.host), next.port, std::string(edited.text)};
}

Proxy::Outgoing Proxy::Response(const MessageView& request, int status, const HeaderLine& header) const {
  Via top;
  NameAddr to;
  SANSIP_CHECK(TopVia(request, top) && ToOf(request, to));
  std::array<char, 2048> out;
  Writer writer(out);
  writer.StatusLine(status, "");
  ElementsOf vias(request, HeaderId::kVia);
  std::string_view via;
  while (vias.Next(via)) writer.Header(HeaderId::kVia, via);
  writer.Header(HeaderId::kFrom, *request.First(HeaderId::kFrom));
  const bool has_tag = !to.tag.empty() || status == 100;
  writer.Header(HeaderId::kTo, {to.text, has_tag ? "" : ";tag=" + name_});
  writer.Header(HeaderId::kCallId, *request.First(HeaderId::kCallId));
  writer.Header(HeaderId::kCSeq, *request.First(HeaderId::kCSeq));
  if (!header.value.empty()) writer.Header(header);
  writer.Body("");
  SANSIP_CHECK(writer.error() == WriteError::kNone);
  return {std::string(top.host), top.port, std::string(writer.text())};
}

// Its messages are left out of the records' `wire`: oracles look at what user agents do.
void Proxy::Send(Instant now, const Outgoing& outgoing) {
  const std::optional<SocketAddress> to =
      world().Resolve(outgoing.host, outgoing.port != 0 ? outgoing.port : DefaultPort(Transport::kUdp));
  if (!to) return;
  const std::string_view wire = outgoing.wire;
  const Departure departure = world().network().SendDatagram(now, number(), *to, wire);
  world().trace().Add({.at = now,
                       .kind = departure.fate.lost ? Record::Kind::kLost : Record::Kind::kSent,
                       .node = number(),
                       .peer = departure.to.value_or(Record::kNobody),
                       .datagram = departure.datagram + 1,
                       .name = wire.substr(0, wire.find('\r')),
                       .text = MessageText(wire)});
}

}  // namespace sansip::sim
