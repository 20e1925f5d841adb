#include "sansip/dialog/dialog.h"

#include <array>

#include "sansip/core/message/fields/call_id.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/gruu.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {
namespace {

constexpr std::size_t kRoutesHeld = 128;  // of one message; DialogLimits::routes_max cannot exceed it

void Unfold(KeptText& text) {
  for (char& c : text) {
    if (c == '\r' || c == '\n') c = ' ';
  }
}

DialogError AssignLimitedAddress(KeptText& text, const NameAddr& address, const DialogLimits& limits) {
  if (address.is_star) return DialogError::kBadAddress;
  if (address.text.size() > limits.identity_bytes_max) return DialogError::kTooLong;
  AssignAddress(text, address);
  return DialogError::kNone;
}

// The one Contact, as the parser has read it; false where there may be more, or none.
bool OnlyContact(const MessageView& message, NameAddr& address) {
  if (!FirstContact(message, address)) return false;
  std::size_t place = message.PlaceOfFirst(HeaderId::kContact);
  if (address.text.size() != message.header(place).value.size()) return false;
  while (++place < message.header_count()) {
    if (message.index().headers[place].id == HeaderId::kContact) return false;
  }
  return true;
}

DialogError AssignLimited(KeptText& text, std::string_view value, const DialogLimits& limits) {
  if (value.size() > limits.identity_bytes_max) return DialogError::kTooLong;
  text.assign(value);
  return DialogError::kNone;
}

// The values of Record-Route, in order or reversed (12.1.1, 12.1.2).
DialogError AssignRoutes(KeptText& routes, const MessageView& message, bool reversed,
                         const DialogLimits& limits) {
  routes.clear();
  if (!message.Has(HeaderId::kRecordRoute)) return DialogError::kNone;
  std::array<std::string_view, kRoutesHeld> values;
  std::size_t count = 0, bytes = 0;
  ElementsOf elements(message, HeaderId::kRecordRoute);
  for (std::string_view element; elements.Next(element);) {
    NameAddr address;
    if (!ParseNameAddr(element, address, nullptr).ok() || !ParseSipUri(address.uri)) {
      return DialogError::kBadRoute;
    }
    bytes += element.size() + 2;
    if (count == values.size() || count == limits.routes_max || bytes > limits.routes_bytes_max) {
      return DialogError::kTooLong;
    }
    values[count++] = element;
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) routes += ", ";
    for (const char c : values[reversed ? count - 1 - i : i]) routes += c == '\r' || c == '\n' ? ' ' : c;
  }
  return DialogError::kNone;
}

}  // namespace

void Dialog::Reset() {
  state = State::kSeed;
  call = {};
  standalone = {};
  owns_call_id = secure = peer_left = indexed = agreed = allows_update = takes_target_dialog = false;
  for (KeptText* text :
       {&call_id, &local_tag, &remote_tag, &local_address, &remote_address, &remote_target, &routes}) {
    text->clear();
  }
  local_cseq.reset();
  remote_cseq.reset();
  session = {};
  offer_answer.Reset();
  ack = {};
  has_acked = false;
  ack_cseq = rseq = 0;
}

void AssignUnfolded(KeptText& text, std::string_view value) {
  text.assign(value);
  Unfold(text);
}

void AssignAddress(KeptText& text, const NameAddr& address) {
  if (address.display_name.empty()) {
    text.Join("<", address.uri, ">");
    return;
  }
  text.Join(address.display_name, " <", address.uri, ">");
  Unfold(text);
}

void AssignRequestUri(KeptText& text, std::string_view uri) {
  // Nothing to leave out: a parameter begins with ';', headers with '?'. (find_first_of is a call a
  // character.)
  if (uri.find(';') == std::string_view::npos && uri.find('?') == std::string_view::npos) {
    text.assign(uri);
    return;
  }
  const std::optional<SipUri> parsed = ParseSipUri(uri);
  if (!parsed) {
    text.assign(uri);
    return;
  }
  const std::size_t before = static_cast<std::size_t>(parsed->parameters.data() - uri.data());
  text.assign(parsed->parameters.empty()
                  ? uri.substr(0, uri.find('?', static_cast<std::size_t>(parsed->host.data() - uri.data())))
                  : uri.substr(0, before));
  std::string_view rest = parsed->parameters;
  while (!rest.empty()) {
    const std::size_t end = rest.find(';', 1);
    const std::string_view parameter = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
    const std::string_view name = parameter.substr(1, parameter.find('=') - 1);
    if (!EqualsIgnoreCase(name, "method")) text += parameter;
  }
}

DialogError ContactTarget(const MessageView& message, const DialogLimits& limits, KeptText& target) {
  NameAddr address;
  if (!OnlyContact(message, address)) {
    ElementsOf elements(message, HeaderId::kContact);
    std::string_view element, another;
    if (!elements.Next(element)) return DialogError::kMissingContact;
    if (!ParseNameAddr(element, address, nullptr).ok() || elements.Next(another)) {
      return DialogError::kBadContact;
    }
  }
  // Whoever has read the address has read its URI: what is left to see is the scheme.
  if (!address.uri.starts_with("sip:")) {
    const std::string_view scheme = UriScheme(address.uri);
    if (!EqualsIgnoreCase(scheme, "sip") && !EqualsIgnoreCase(scheme, "sips"))
      return DialogError::kBadContact;
  }
  return AssignLimited(target, address.uri, limits);
}

namespace {

bool IsGruuText(std::string_view text) {
  if (text.find(';') == std::string_view::npos) return false;  // as mostly
  const std::optional<SipUri> uri = ParseSipUri(text);
  return uri && IsGruu(*uri);
}

void TakeSupported(const MessageView& message, Dialog& dialog) {
  dialog.takes_target_dialog =
      IsGruuText(dialog.remote_target) && HasToken(message, HeaderId::kSupported, "tdialog");
}

}  // namespace

bool IsAskedOutside(const Dialog& dialog) {
  return dialog.takes_target_dialog && IsGruuText(dialog.remote_target);
}

DialogError FormFromRequest(const MessageView& request, const DialogLimits& limits,
                            std::string_view local_tag, Dialog& dialog) {
  DialogError error = ContactTarget(request, limits, dialog.remote_target);
  if (error != DialogError::kNone) return error;
  error = AssignRoutes(dialog.routes, request, false, limits);
  if (error != DialogError::kNone) return error;
  NameAddr from, to;
  if (!FromOf(request, from) || !ToOf(request, to)) return DialogError::kBadAddress;
  error = AssignLimitedAddress(dialog.local_address, to, limits);
  if (error != DialogError::kNone) return error;
  error = AssignLimitedAddress(dialog.remote_address, from, limits);
  if (error != DialogError::kNone) return error;
  error = AssignLimited(dialog.call_id, request.First(HeaderId::kCallId).value_or(""), limits);
  if (error != DialogError::kNone) return error;
  error = AssignLimited(dialog.remote_tag, FromTag(request), limits);
  if (error != DialogError::kNone) return error;
  CSeq cseq;
  if (!CSeqOf(request, cseq)) return DialogError::kBadAddress;
  dialog.local_tag.assign(local_tag);
  dialog.remote_cseq = cseq.number;
  dialog.local_cseq.reset();
  TakeSupported(request, dialog);
  dialog.state = Dialog::State::kEarly;
  return DialogError::kNone;
}

DialogError FormFromResponse(const Dialog& seed, const MessageView& response, const DialogLimits& limits,
                             Dialog& dialog) {
  const std::string_view remote_tag = ToTag(response);
  DialogError error = AssignLimited(dialog.remote_tag, remote_tag, limits);
  if (error != DialogError::kNone) return error;
  dialog.call = seed.call;
  dialog.owns_call_id = true;
  dialog.secure = seed.secure;
  dialog.call_id.assign(seed.call_id);
  dialog.local_tag.assign(seed.local_tag);
  dialog.local_address.assign(seed.local_address);
  dialog.remote_address.assign(seed.remote_address);
  dialog.remote_target.assign(seed.remote_target);
  dialog.local_cseq = seed.local_cseq;
  dialog.session = seed.session;
  dialog.remote_cseq.reset();
  dialog.offer_answer.CopyFrom(seed.offer_answer);
  error = ContactTarget(response, limits, dialog.remote_target);
  if (error != DialogError::kNone &&
      !(error == DialogError::kMissingContact && response.status_code() < 200)) {
    return error;
  }
  error = AssignRoutes(dialog.routes, response, true, limits);
  if (error != DialogError::kNone) return error;
  dialog.state = Dialog::State::kEarly;
  return DialogError::kNone;
}

DialogError ConfirmFromResponse(const MessageView& response, const DialogLimits& limits, Dialog& dialog) {
  DialogError error = ContactTarget(response, limits, dialog.remote_target);
  if (error != DialogError::kNone) return error;
  error = AssignRoutes(dialog.routes, response, true, limits);
  if (error != DialogError::kNone) return error;
  TakeSupported(response, dialog);
  dialog.state = Dialog::State::kConfirmed;
  return DialogError::kNone;
}

namespace {

RequestRoute RouteToTarget(std::string_view target, KeptText& request_uri_storage) {
  // Where it is what it was nothing is left out of it.
  if (request_uri_storage != target) AssignRequestUri(request_uri_storage, target);
  RequestRoute route;
  route.request_uri = route.next_hop = request_uri_storage;
  return route;
}

// Of its own: the room that addresses take is not cleared for dialogs without routes.
[[gnu::noinline]] RequestRoute RouteByRoutes(const Dialog& dialog, std::string_view target,
                                             KeptText& request_uri_storage) {
  RequestRoute route;
  NameAddr first;
  std::string_view rest;
  if (!ParseNameAddr(dialog.routes, first, &rest).ok()) return RouteToTarget(target, request_uri_storage);
  const std::optional<SipUri> uri = ParseSipUri(first.uri);
  if (uri && UriParameter(*uri, "lr")) {
    AssignRequestUri(request_uri_storage, target);
    route.request_uri = request_uri_storage;
    route.next_hop = first.uri;
    route.routes = dialog.routes;
    return route;
  }
  AssignRequestUri(request_uri_storage, first.uri);
  route.request_uri = route.next_hop = request_uri_storage;
  route.routes = Trim(rest);
  route.target_is_last_route = true;
  return route;
}

}  // namespace

RequestRoute RouteOf(const Dialog& dialog, KeptText& request_uri_storage, std::string_view target) {
  if (target.empty()) target = dialog.remote_target;
  return dialog.routes.empty() ? RouteToTarget(target, request_uri_storage)
                               : RouteByRoutes(dialog, target, request_uri_storage);
}

bool TakeRemoteCSeq(Dialog& dialog, std::uint32_t number) {
  if (dialog.remote_cseq && number < *dialog.remote_cseq) return false;
  dialog.remote_cseq = number;
  return true;
}

std::uint32_t NextLocalCSeq(Dialog& dialog, std::uint32_t initial) {
  constexpr std::uint32_t kMax = (std::uint32_t{1} << 31) - 1;
  dialog.local_cseq = dialog.local_cseq && *dialog.local_cseq < kMax ? *dialog.local_cseq + 1 : initial;
  return *dialog.local_cseq;
}

}  // namespace sansip
