// What a user gives to be sent outside of calls, and the content of any message.
#ifndef SANSIP_DIALOG_STANDALONE_DRAFT_H_
#define SANSIP_DIALOG_STANDALONE_DRAFT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sansip/core/base/ids.h"
#include "sansip/core/message/draft.h"
#include "sansip/core/message/fields/subscription_state.h"
#include "sansip/dialog/registration.h"

namespace sansip {

// A session description, or another body, and header lines of the user's. Header lines that the user agent
// writes itself (Via to Content-Length, Allow, Supported, Session-Expires ...) are refused; Require and
// Proxy-Require are the user's in a call or request of its own (RFC 3261 8.1.1.9).
struct Content {
  std::string_view body = {};
  std::string_view content_type = "application/sdp";  // of a body that is not empty
  std::span<const HeaderLine> headers = {};
  std::string_view reason = {};  // phrase of Refuse and RespondTo; empty: the usual one
};

// A `from` that does not say who it is (RFC 3261 8.1.1.3, RFC 3323 4.1.1.3); the options' contact_user is not
// in Contact then.
inline constexpr std::string_view kAnonymous = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";

// A request outside of calls, a subscription or a publication. Everything is copied.
struct StandaloneDraft {
  // Of SendRequest; the verbs beside it have their own. Empty: what the target's method parameter says;
  // kBadMethod: that is another, or none (RFC 3261 19.1.5).
  std::string_view method = "MESSAGE";
  std::string_view target = {};  // the Request-URI and To: SIP, SIPS; tel with `routes`; im of a MESSAGE
  std::string_view from = {};    // a name-addr without tag
  std::string_view contact_user = {};             // of Contact, where the method has one
  std::span<const std::string_view> routes = {};  // preloaded
  RegistrationId registration = {};               // its Service-Route follows `routes`; nil: none
  // Nothing above but `method` says anything then. SendRequest: within its dialog. Subscribe: outside of it,
  // with a Target-Dialog that names it (RFC 4538); kWrongState: the peer is no GRUU, or does not know those.
  CallId call = {};
  Content content = {};  // a publication's state; a filter of a subscription
  std::uint32_t expires =
      0;  // of SendRequest, seconds: 0: no Expires; else `content` has a Date (RFC 3428 4)
  std::string_view event = {};   // Subscribe, Publish: "presence", "foo;id=7"
  std::string_view accept = {};  // Subscribe: body types, comma separated; empty: the package's own
  // SendRequest, INFO: of this Info Package, "foo;a=1" (RFC 6086), and the body is its own, unless `content`
  // has a Content-Disposition; kWrongState: the peer does not want it. Empty: legacy INFO.
  std::string_view info_package = {};
  // RFC 3261 8.1.3.5: SendRequest goes on after 415, 416 and 420 without what the peer does not take: parts
  // of a body, or that of OPTIONS; tel; extensions in Require and Proxy-Require. Else such a response is the
  // end.
  bool yields = false;
  bool takes_forks = false;          // Subscribe: the package allows several notifiers (RFC 6665 5.4.9)
  RegistrationOptions options = {};  // Subscribe, Publish: for how long, and when again
  Cookie cookie = {};
};

// A REFER (RFC 3515). Everything is copied.
struct ReferDraft {
  // Within its dialog, and target to registration say nothing; nil: outside. Where the peer is a GRUU and
  // knows Target-Dialog it goes outside, with one that names the dialog (RFC 6665 4.5.2, RFC 4538 3).
  CallId call = {};
  std::string_view target = {};  // the Request-URI and To
  std::string_view from = {};    // a name-addr without tag
  std::string_view contact_user = {};
  std::span<const std::string_view> routes = {};  // preloaded
  RegistrationId registration = {};               // its Service-Route follows `routes`; nil: none
  std::string_view refer_to = {};     // a URI, or a name-addr: "sip:c@h", "<sip:c@h;method=BYE?Replaces=...>"
  std::string_view referred_by = {};  // RFC 3892: a name-addr, perhaps with a cid; empty: not said
  bool wants_reports = true;          // false: no subscription, if the peer can do without (RFC 4488)
  Content content = {};               // a token of Referred-By's
  Cookie cookie = {};
};

// What the notifier says next.
struct NotifyDraft {
  Substate state = Substate::kActive;             // kPending, kActive; kTerminated: the end
  EventReason reason = EventReason::kNone;        // of the end; kNone: noresource
  std::optional<std::uint32_t> retry_after = {};  // of the end, seconds
  Content content = {};
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_STANDALONE_DRAFT_H_
