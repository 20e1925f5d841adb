#include "sansip/tests/sim/timer_proxy.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sansip/core/message/edit.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/text/ascii.h"

namespace sansip::sim {

TimerProxy::TimerProxy(World& world, std::string name, const SocketAddress& address,
                       const ProxySessionTimerPolicy& policy)
    : Proxy(world, std::move(name), address), policy_(policy) {}

std::optional<Instant> TimerProxy::Expiration(std::string_view call_id) const {
  const auto found = expirations_.find(call_id);
  if (found == expirations_.end()) return std::nullopt;
  return found->second;
}

Instant TimerProxy::next_deadline() const {
  Instant next = kNever;
  for (const auto& [call_id, at] : expirations_) next = std::min(next, at);
  return next;
}

void TimerProxy::OnDeadline(Instant now) {
  std::erase_if(expirations_, [now](const auto& session) { return session.second <= now; });
}

void TimerProxy::OnRequest(Instant now, const MessageView& request, std::string_view top) {
  const auto refused = refusals_.find(top);
  if (refused != refusals_.end()) {
    if (request.method() != Method::kAck) Refuse(now, request, refused->second);
    return;
  }
  const ForwardedSessionTimer forwarded =
      ForwardSessionTimer(policy_, request.method(), ReadSessionTimerFacts(request));
  if (const std::optional<Refusal> refusal = Judge(request, forwarded)) {
    refusals_.emplace(top, *refusal);
    return Refuse(now, request, *refusal);
  }
  const std::string branch = BranchBehind(top);
  if (forwarded.memory.is_refresh) {
    memories_.emplace(branch, Memory{.session_timer = forwarded.memory});
  }
  std::array<Edit, kEditsMax + 3> storage;
  EditList edits(request, storage);
  SessionTimerEditText text;
  EditSessionTimer(request, forwarded, text, edits);
  const bool record_routes = request.method() == Method::kInvite && record_route_;
  if (const auto outgoing = Forwarded(request, branch, record_routes, {}, edits)) Send(now, *outgoing);
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
  Send(now, Response(request, refusal.status, {refusal.header, refusal.value}));
}

void TimerProxy::OnResponse(Instant now, const MessageView& response, std::string_view own) {
  std::array<Edit, 8> storage;
  EditList edits(response, storage);
  SessionTimerEditText text;
  const auto memory = memories_.find(own);
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
  if (const auto outgoing = Returned(response, edits)) Send(now, *outgoing);
}

}  // namespace sansip::sim
