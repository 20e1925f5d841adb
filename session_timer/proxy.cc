#include "sansip/session_timer/proxy.h"

#include <algorithm>
#include <string_view>

#include "sansip/core/message/draft.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/session_expires.h"
#include "sansip/core/message/fields/value_writer.h"

namespace sansip {
namespace {

// The value of the field, or of the field without its unknown parameters.
template <typename Field>
std::string_view Written(const Field& field, const Field& bare, std::span<char> text) {
  ValueWriter value(text);
  Write(field, value);
  if (!value.text().empty()) return value.text();
  ValueWriter shorter(text);
  Write(bare, shorter);
  return shorter.text();
}

}  // namespace

ForwardedSessionTimer ForwardSessionTimer(const ProxySessionTimerPolicy& policy, Method method,
                                          const SessionTimerFacts& request) {
  ForwardedSessionTimer forwarded;
  if (method != Method::kInvite && method != Method::kUpdate) return forwarded;
  const std::uint32_t own_min = AtLeastSessionIntervalMin(policy.min_se);
  const bool too_small = request.session_expires && *request.session_expires < own_min;
  if (too_small && request.supported && policy.refuse && !request.malformed) {
    forwarded.refuse_min_se = own_min;
    return forwarded;
  }
  forwarded.memory = {.is_refresh = true, .uac_supports = request.supported};
  if (request.malformed) return forwarded;
  // RFC 4028 8.1: an unaware UAC could do nothing with a 422, so those behind are told.
  if (too_small && !request.supported && own_min > request.min_se.value_or(0)) forwarded.min_se = own_min;

  // RFC 4028 5: absent, it counts as 90; so does what may not be said.
  const std::uint32_t floor =
      AtLeastSessionIntervalMin(forwarded.min_se ? *forwarded.min_se : request.min_se.value_or(0));
  const std::uint32_t wish =
      policy.session_expires == 0 ? 0 : std::max({policy.session_expires, floor, own_min});
  std::uint32_t interval = wish;
  if (request.session_expires) {
    interval = std::max(*request.session_expires, floor);
    if (wish != 0) interval = std::min(interval, wish);
  }
  if (interval == 0) return forwarded;
  if (interval != request.session_expires) forwarded.session_expires = interval;
  forwarded.require_timer = policy.require_timer && !request.supported && !request.required;
  forwarded.memory.session_expires = interval;
  return forwarded;
}

ReturnedSessionTimer ReturnSessionTimer(const ProxySessionTimerMemory& memory, int status_code,
                                        const SessionTimerFacts& response) {
  if (!memory.is_refresh || status_code < 200 || status_code > 299) return {};
  if (response.session_expires || response.malformed) return {0, response.session_expires.value_or(0)};
  // RFC 4028 8.2: nobody behind knows of session timers; the UAC does, or no one is left to refresh.
  if (!memory.uac_supports || memory.session_expires == 0) return {0, 0};
  return {memory.session_expires, memory.session_expires};
}

Instant SessionExpirationAt(Instant forwarded, std::uint32_t interval) {
  return interval == 0 ? kNever : After(forwarded, std::chrono::seconds(interval));
}

void EditSessionTimer(const MessageView& request, const ForwardedSessionTimer& forwarded,
                      SessionTimerEditText& text, EditList& edits) {
  if (forwarded.session_expires) {
    SessionExpires field;
    const auto value = request.First(HeaderId::kSessionExpires);
    if (value) static_cast<void>(ParseSessionExpires(*value, field));
    field.seconds = *forwarded.session_expires;
    edits.Set(HeaderId::kSessionExpires, Written(field, {field.seconds, field.refresher, {}}, text[0]));
  }
  if (forwarded.min_se) {
    MinSe field;
    const auto value = request.First(HeaderId::kMinSe);
    if (value) static_cast<void>(ParseMinSe(*value, field));
    field.seconds = *forwarded.min_se;
    edits.Set(HeaderId::kMinSe, Written(field, {field.seconds, {}}, text[1]));
  }
  if (forwarded.require_timer) edits.InsertAtBottom({.id = HeaderId::kRequire, .value = kTimerOption});
}

void EditSessionTimer(const MessageView& response, const ReturnedSessionTimer& returned,
                      SessionTimerEditText& text, EditList& edits) {
  if (returned.session_expires == 0) return;
  const SessionExpires field{returned.session_expires, Refresher::kUac, {}};
  edits.InsertAtBottom({.id = HeaderId::kSessionExpires, .value = Written(field, field, text[0])});
  // RFC 3261 7.3.1: a line of its own is an element of the same list.
  if (HasToken(response, HeaderId::kRequire, kTimerOption)) return;
  edits.InsertAtBottom({.id = HeaderId::kRequire, .value = kTimerOption});
}

}  // namespace sansip
