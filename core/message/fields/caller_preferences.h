// Accept-Contact, Reject-Contact and Request-Disposition (RFC 3841 9, 10): which of a user's contacts a
// caller wants, and how servers are to get there.
//
//   ac-value = "*" *( SEMI ac-params ), rc-value = "*" *( SEMI rc-params )
#ifndef SANSIP_CORE_MESSAGE_FIELDS_CALLER_PREFERENCES_H_
#define SANSIP_CORE_MESSAGE_FIELDS_CALLER_PREFERENCES_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct AcceptContact {
  bool is_required = false;          // "require": contacts that do not match are not called
  bool is_explicit = false;          // "explicit": nor are those that do not say
  std::string_view parameters = {};  // all of them; the feature parameters: see FeatureTagsOf
};

struct RejectContact {
  std::string_view parameters = {};
};

// RFC 3841 10: no feature tag, nor require or explicit, twice. 11: with more than this many parameters one
// value is refused (kBadParameter); about 20 is called reasonable.
inline constexpr std::size_t kPreferencesMax = 64;

[[nodiscard]] ParseError ParseAcceptContact(std::string_view value, AcceptContact& contact,
                                            std::string_view* rest);
void Write(const AcceptContact& contact, ValueWriter& value);
bool Equivalent(const AcceptContact& a, const AcceptContact& b);

[[nodiscard]] ParseError ParseRejectContact(std::string_view value, RejectContact& contact,
                                            std::string_view* rest);
void Write(const RejectContact& contact, ValueWriter& value);
bool Equivalent(const RejectContact& a, const RejectContact& b);

// directive *( COMMA directive ), one of each kind at most (RFC 3841 9.1); no others are to be invented. A
// directive that is not there leaves the choice to the server.
struct RequestDisposition {
  std::optional<bool> proxy = {};     // "proxy", or "redirect"
  std::optional<bool> cancel = {};    // "cancel", or "no-cancel"
  std::optional<bool> fork = {};      // "fork", or "no-fork"
  std::optional<bool> recurse = {};   // "recurse", or "no-recurse"
  std::optional<bool> parallel = {};  // "parallel", or "sequential"
  std::optional<bool> queue = {};     // "queue", or "no-queue"

  friend bool operator==(const RequestDisposition&, const RequestDisposition&) = default;
};

// The directives of one line.
[[nodiscard]] ParseError ParseRequestDisposition(std::string_view value, RequestDisposition& disposition);
void Write(const RequestDisposition& disposition, ValueWriter& value);  // refused: none at all
bool Equivalent(const RequestDisposition& a, const RequestDisposition& b);
// Of all lines of a message; false if there is none, or if they are malformed or at odds.
[[nodiscard]] bool RequestDispositionOf(const MessageView& message, RequestDisposition& disposition);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_CALLER_PREFERENCES_H_
