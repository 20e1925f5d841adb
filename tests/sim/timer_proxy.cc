#include "sansip/tests/sim/timer_proxy.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "sansip/core/base/check.h"
#include "sansip/core/message/edit.h"
#include "sansip/core/message/fields/call_id.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/writer.h"
#include "sansip/core/text/ascii.h"
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

TimerProxy::TimerProxy(World& world, std::string name, const SocketAddress& address,
                       const ProxySessionTimerPolicy& policy)
    : Element(world, world.next_number()),
      name_(std::move(name)),
      address_(address),
      self_(TextOf(address).view()),
      policy_(policy) {}

std::string TimerProxy::Route() const { return "<sip:" + self_ + ";lr>"; }

std::optional<Instant> TimerProxy::Expiration(std::string_view call_id) const {
  const auto found = expirations_.find(call_id);
  if (found == expirations_.end()) return std::nullopt;
  return found->second;
}

// RFC 3261 16.11: the same for every copy of a request, and for its CANCEL and ACK.
std::string TimerProxy::BranchBehind(std::string_view branch) const {
  return std::string(kBranchCookie) + name_ + std::string(branch.substr(kBranchCookie.size()));
}

Instant TimerProxy::next_deadline() const {
  Instant next = kNever;
  for (const auto& [call_id, at] : expirations_) next = std::min(next, at);
  return next;
}

void TimerProxy::OnDeadline(Instant now) {
  std::erase_if(expirations_, [now](const auto& session) { return session.second <= now; });
}

void TimerProxy::OnArrival(Instant now, const Arrival& arrival) {
  SANSIP_CHECK(arrival.kind == Arrival::Kind::kDatagram);
  world().trace().Add({.at = now,
                       .kind = Record::Kind::kArrived,
                       .node = number(),
                       .peer = arrival.from,
                       .datagram = arrival.datagram + 1,
                       .text = arrival.is_duplicate ? std::string_view("again") : std::string_view()});
  if (!parser_.Parse(arrival.bytes, Framing::kDatagram, index_).ok()) return;
  const MessageView message(arrival.bytes, index_);
  if (message.is_request()) {
    OnRequest(now, message);
  } else {
    OnResponse(now, message);
  }
}

void TimerProxy::OnRequest(Instant now, const MessageView& request) {
  Via top;
  if (!TopVia(request, top) || !top.branch.starts_with(kBranchCookie)) return;
  const auto refused = refusals_.find(top.branch);
  if (refused != refusals_.end()) {
    if (request.method() != Method::kAck) Refuse(now, request, refused->second);
    return;
  }
  const ForwardedSessionTimer forwarded =
      ForwardSessionTimer(policy_, request.method(), ReadSessionTimerFacts(request));
  if (const std::optional<Refusal> refusal = Judge(request, forwarded)) {
    refusals_.emplace(top.branch, *refusal);
    return Refuse(now, request, *refusal);
  }
  const std::string branch = BranchBehind(top.branch);
  if (forwarded.memory.is_refresh) {
    memories_.emplace(branch, Memory{.session_timer = forwarded.memory});
  }

  std::vector<std::string> routes = RoutesOf(request);
  const bool is_routed = !routes.empty() && routes.front() == "sip:" + self_ + ";lr";
  if (is_routed) routes.erase(routes.begin());
  const std::optional<SipUri> next = ParseSipUri(routes.empty() ? request.request_uri() : routes.front());
  if (!next) return;

  std::array<Edit, 8> storage;
  EditList edits(request, storage);
  const std::string via = "SIP/2.0/UDP " + self_ + ";branch=" + branch;
  const std::string route = Route();
  SessionTimerEditText text;
  edits.DecrementMaxForwards();
  if (request.method() == Method::kInvite && record_route_) edits.Push(HeaderId::kRecordRoute, route);
  if (is_routed) edits.Pop(HeaderId::kRoute);
  edits.Push(HeaderId::kVia, via);
  EditSessionTimer(request, forwarded, text, edits);
  std::array<char, 4096> out;
  const Edited edited = edits.Apply(out);
  SANSIP_CHECK(edited.error == EditError::kNone);
  Send(now, next->host, next->port, edited.text);
}

std::optional<TimerProxy::Refusal> TimerProxy::Judge(const MessageView& request,
                                                     const ForwardedSessionTimer& forwarded) const {
  ElementsOf required(request, HeaderId::kProxyRequire);
  std::string_view option;
  while (request.method() != Method::kAck && required.Next(option)) {
    if (!EqualsIgnoreCase(option, kTimerOption))
      return Refusal{420, HeaderId::kUnsupported, std::string(option)};
  }
  if (forwarded.refuse_min_se == 0) return std::nullopt;
  return Refusal{422, HeaderId::kMinSe, std::to_string(forwarded.refuse_min_se)};
}

// Without a transaction: each copy gets the same answer, and nobody waits for the ACK.
void TimerProxy::Refuse(Instant now, const MessageView& request, const Refusal& refusal) {
  ++refused_;
  Via top;
  NameAddr to;
  SANSIP_CHECK(TopVia(request, top) && ToOf(request, to));
  std::array<char, 2048> out;
  Writer writer(out);
  writer.StatusLine(refusal.status, "");
  ElementsOf vias(request, HeaderId::kVia);
  std::string_view via;
  while (vias.Next(via)) writer.Header(HeaderId::kVia, via);
  writer.Header(HeaderId::kFrom, *request.First(HeaderId::kFrom));
  writer.Header(HeaderId::kTo, {to.text, to.tag.empty() ? ";tag=" + name_ : ""});
  writer.Header(HeaderId::kCallId, *request.First(HeaderId::kCallId));
  writer.Header(HeaderId::kCSeq, *request.First(HeaderId::kCSeq));
  writer.Header(refusal.header, refusal.value);
  writer.Body("");
  SANSIP_CHECK(writer.error() == WriteError::kNone);
  Send(now, top.host, top.port, writer.text());
}

void TimerProxy::OnResponse(Instant now, const MessageView& response) {
  Via own;
  Via next;
  if (!TopVia(response, own) || !NextVia(response, next)) return;
  std::array<Edit, 8> storage;
  EditList edits(response, storage);
  edits.Pop(HeaderId::kVia);
  SessionTimerEditText text;
  const auto memory = memories_.find(own.branch);
  if (memory != memories_.end()) {
    const ReturnedSessionTimer returned = ReturnSessionTimer(
        memory->second.session_timer, response.status_code(), ReadSessionTimerFacts(response));
    EditSessionTimer(response, returned, text, edits);
    inserted_ += returned.session_expires != 0;
    // RFC 4028 8.2 counts from the forwarding of the 2xx, not of its copies.
    if (returned.interval && !std::exchange(memory->second.is_answered, true)) {
      expirations_[std::string(*response.First(HeaderId::kCallId))] =
          SessionExpirationAt(now, *returned.interval);
    }
  }
  std::array<char, 4096> out;
  const Edited edited = edits.Apply(out);
  SANSIP_CHECK(edited.error == EditError::kNone);
  Send(now, next.host, next.port, edited.text);
}

// Its messages are left out of the records' `wire`: oracles look at what user agents do.
void TimerProxy::Send(Instant now, std::string_view host, std::uint16_t port, std::string_view wire) {
  const std::optional<SocketAddress> to =
      world().Resolve(host, port != 0 ? port : DefaultPort(Transport::kUdp));
  if (!to) return;
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
