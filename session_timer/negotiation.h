// RFC 4028 sections 7 and 9 as pure functions over values: what to write into a session refresh request
// (INVITE, UPDATE), how to answer one, and what its 2xx or 422 means. No state, no time, no allocation.
//
// Laws, each with a test of its own name:
//  - Nothing below 90 is ever written, in Session-Expires or Min-SE (4, 5).
//  - The interval of a 2xx is never above the request's nor below its Min-SE (9); where both cannot be kept
//    the 2xx has no Session-Expires.
//  - 422 only to a UAC that lists `timer` in Supported, and only for a Session-Expires below the minimum (9).
//  - Within a dialog the negotiated interval is written, not the wish (7.4), with the largest Min-SE seen, or
//    the own minimum where that is more (the MAY of 7.4; docs/decisions/0016).
//  - delta-seconds stay 32 bit; what is larger was read as 2^32-1.
//
// Readings of the text that are fixed here. A request whose Session-Expires or Min-SE is malformed is refused
// with 400 (one that repeats them is refused by the parser). A 2xx is read as far as it goes, without what is
// wrong; a Session-Expires of 0 in it cannot be kept and is none. A Min-SE below 90 says 90 (5).
#ifndef SANSIP_SESSION_TIMER_NEGOTIATION_H_
#define SANSIP_SESSION_TIMER_NEGOTIATION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sansip/core/message/draft.h"
#include "sansip/core/message/message_view.h"
#include "sansip/session_timer/refresher.h"

namespace sansip {

inline constexpr std::uint32_t kSessionIntervalMin = 90;  // RFC 4028 4, 5: the absolute minimum, in seconds
// What may not be said counts as what may.
constexpr std::uint32_t AtLeastSessionIntervalMin(std::uint32_t seconds) {
  return seconds < kSessionIntervalMin ? kSessionIntervalMin : seconds;
}
inline constexpr std::string_view kTimerOption = "timer";  // the option tag (12.3)
inline constexpr int kMinSeRetriesMax = 8;  // new INVITEs after 422s: a chain of proxies, no loop

// The local policy. All values are seconds; what is below 90 counts as 90.
struct SessionTimerWish {
  // Off: `timer` stays in Supported (7.1), nothing is asked for and a request for a timer is answered without
  // one; a timer that a 2xx imposes is still obeyed (7.2).
  bool enabled = true;
  std::uint32_t session_expires = 1800;  // RECOMMENDED (4)
  std::uint32_t min_se = kSessionIntervalMin;
  // Written in the first request (RECOMMENDED: kNone, 7.1), and chosen as UAS where table 2 leaves a choice.
  Refresher refresher = Refresher::kNone;
  RefreshMethod method = RefreshMethod::kUpdate;  // RECOMMENDED (7.4), where the peer allows it
};

// What a message says about session timers.
struct SessionTimerFacts {
  bool supported = false;  // Supported lists timer: of a request, the UAC is aware
  bool required = false;   // Require lists timer
  bool malformed = false;  // Session-Expires or Min-SE cannot be read
  std::optional<std::uint32_t> session_expires = {};
  Refresher refresher = Refresher::kNone;
  std::optional<std::uint32_t> min_se = {};
  std::optional<bool> allows_update = {};  // nullopt: no Allow
};

SessionTimerFacts ReadSessionTimerFacts(const MessageView& message);

// The two header fields of a session refresh request; kept with its transaction to judge the 2xx.
struct SessionTimerHeaders {
  std::optional<std::uint32_t> session_expires = {};
  Refresher refresher = Refresher::kNone;
  std::optional<std::uint32_t> min_se = {};
};

// 7.1 and, after a 422, 7.4: an INVITE of no dialog. `min_se_seen`: the largest Min-SE of the 422s to INVITEs
// with this Call-ID, 0 for none; to be forgotten once there is a dialog.
SessionTimerHeaders HeadersForInitialInvite(const SessionTimerWish& wish, std::uint32_t min_se_seen);

// What a dialog remembers (7.2, 7.4, 9).
struct SessionTimerMemory {
  std::uint32_t interval = 0;     // in force; 0: no session timer
  std::uint32_t min_se_seen = 0;  // the largest in 422s and requests on this dialog; 0: none
  bool we_refresh = false;
};

// 7.4: an INVITE or UPDATE within the dialog, sent as a refresh or for any other purpose. The roles stay as
// they are: uac if we refresh, else uas. A peer that refreshes is aware, whatever its Supported says.
SessionTimerHeaders HeadersForRefresh(const SessionTimerWish& wish, const SessionTimerMemory& memory);

// 7.3: is a 422 to `sent` worth another request? Only if that would have a larger Min-SE than `sent`, where
// 90 said is more than nothing said. `retries` are those already made. `min_se_seen` is raised in any case:
// later requests need it too (7.4). A 422 without Min-SE changes nothing.
[[nodiscard]] bool RetryAfter422(const SessionTimerHeaders& sent, const SessionTimerFacts& answer,
                                 int retries, std::uint32_t& min_se_seen);

// How a UAS answers a session refresh request (9).
struct SessionTimerAnswer {
  int refuse_status = 0;              // 0: go on; 422 (with min_se) or 400
  std::uint32_t min_se = 0;           // of the 422
  std::uint32_t session_expires = 0;  // of the 2xx; 0: none, the timer is off
  Refresher refresher = Refresher::kNone;
  bool require_timer = false;
};

// `in_force`: the interval of the dialog's running timer, 0 for none. The wish does not lower what is in
// force (docs/decisions/0017), only the request does.
SessionTimerAnswer AnswerSessionTimer(const SessionTimerWish& wish, const SessionTimerFacts& request,
                                      std::uint32_t in_force = 0);

// What a 2xx agrees (7.2). interval 0: no session timer.
struct SessionTimerAgreement {
  std::uint32_t interval = 0;
  Refresher refresher = Refresher::kNone;  // in that transaction; kUac is the receiver of the 2xx
};

SessionTimerAgreement AgreementFrom2xx(const SessionTimerWish& wish, const SessionTimerHeaders& sent,
                                       const SessionTimerFacts& answer);

// The header lines of a request, of a 2xx (with Require: timer where it belongs) or of a 422, to be put among
// a draft's own. Supported is the caller's: `timer` stands there in every request but ACK, and in the 2xx.
class SessionTimerLines {
 public:
  explicit SessionTimerLines(const SessionTimerHeaders& request);
  explicit SessionTimerLines(const SessionTimerAnswer& answer);
  SessionTimerLines(const SessionTimerLines&) = delete;
  SessionTimerLines& operator=(const SessionTimerLines&) = delete;

  std::span<const HeaderLine> lines() const& { return {lines_.data(), size_}; }
  std::span<const HeaderLine> lines() const&& = delete;  // they view this object

 private:
  using Text = std::array<char, 32>;  // "4294967295;refresher=uas"

  template <typename Field>
  void Add(HeaderId id, const Field& field, Text& storage);

  Text session_expires_;
  Text min_se_;
  std::array<HeaderLine, 2> lines_;
  std::size_t size_ = 0;
};

}  // namespace sansip

#endif  // SANSIP_SESSION_TIMER_NEGOTIATION_H_
