// What can be seen of a user agent: its calls and registrations as they stand, and what it has counted.
#ifndef SANSIP_DIALOG_USER_AGENT_VIEW_H_
#define SANSIP_DIALOG_USER_AGENT_VIEW_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/base/ids.h"
#include "sansip/core/base/time.h"
#include "sansip/dialog/invite_usage.h"
#include "sansip/dialog/registration.h"
#include "sansip/dialog/session_uuids.h"
#include "sansip/dialog/subscription.h"
#include "sansip/session_timer/session_timer.h"
#include "sansip/session_timer/tolerance.h"

namespace sansip {

// A registration as it stands. Views are valid until the next call into the user agent.
struct RegistrationView {
  Registration::State state = Registration::State::kIdle;
  Cookie cookie;
  bool is_bound = false;
  Instant bound_until;
  std::string_view call_id, contact;
  // Of the last 2xx:
  std::string_view service_route, path;  // RFC 3608, 3327; comma separated
  std::string_view pub_gruu, temp_gruu;  // RFC 5627; URIs, empty: none
  bool is_outbound = false;              // RFC 5626 6: the registrar has bound the flow
  // Of a flow that is bound and has not failed: what is to be kept alive, and how often at least (RFC
  // 5626 4.4; transport/epoll_driver.h), in seconds; 0: the registrar does not say.
  FlowId flow;
  std::uint32_t flow_timer = 0;
  // RFC 8599, of the last 2xx to a Contact with push parameters: the provider (+sip.pns) that a proxy on the
  // way asks to wake us up, empty: none does; its name for our dialogs (+sip.pnspurr), which is in their
  // Contacts; and how many seconds before the end it wants a refresh that no push has asked for
  // (+sip.pnsreg), 0: none.
  std::string_view push_service, push_purr;
  std::uint32_t push_lead = 0;
  std::optional<std::uint32_t> cseq;
};

enum class StandaloneKind : std::uint8_t { kRequest, kSubscriber, kNotifier, kPublication };

// A request outside of calls, a subscription or a publication as it stands. Views are valid until the next
// call into the user agent.
struct StandaloneView {
  StandaloneKind kind = StandaloneKind::kRequest;
  bool is_refer = false;  // of a REFER
  Cookie cookie;
  std::string_view event;           // a value of Event
  std::string_view remote_address;  // whom it was sent to, or who subscribed
  // Of a REFER or SUBSCRIBE: the call that its Target-Dialog names (RFC 4538 4); nil: none. A peer that sent
  // it is on that call's path, or has heard from who is; where the dialog is not `secure`, anybody may have.
  CallId target_dialog;
  // Of a subscriber, and kPending, kActive or kEnding of a notifier; of a publication.
  Subscription::State subscription = Subscription::State::kIdle;
  Registration::State publication = Registration::State::kIdle;
  Instant until = kNever;  // the end of what is there, if it is not refreshed
};

// A call as it stands. Views are valid until the next call into the user agent.
struct CallView {
  UsageRole role = UsageRole::kCaller;
  UsageState state = UsageState::kPreparative;
  Cookie cookie;
  bool owns_call_id = false;  // RFC 3261 14.1: generated it
  std::string_view call_id;
  std::string_view local_tag, remote_tag;  // of the confirmed dialog, or the last early one
  std::string_view local_address, remote_address;
  std::string_view remote_target;
  std::string_view routes;                   // comma separated name-addrs
  bool secure = false;                       // made with a SIPS URI over TLS (RFC 3261 12.1.1)
  std::string_view local_body, remote_body;  // the session in force
  std::optional<std::uint32_t> local_cseq, remote_cseq;
  Uuid local_uuid, remote_uuid;  // RFC 7989; nil: not known, or not written (options)
  bool local_offer_open = false, remote_offer_open = false;
  std::size_t early_dialogs = 0;
  std::string_view info_packages;  // that the peer takes (RFC 6086 5.2.2); names, comma separated
  SessionTimerStatus session_timer;
};

struct UserAgentCounters {
  std::uint64_t calls_placed = 0, calls_received = 0, calls_answered = 0, calls_ended = 0;
  std::uint64_t refused_busy = 0;        // calls_max or SetBusy: 486
  std::uint64_t refused_limit = 0;       // any other limit of incoming requests: 413, 500, 503
  std::uint64_t refused_extension = 0;   // 420
  std::uint64_t refused_body = 0;        // 415
  std::uint64_t refused_method = 0;      // 405, 501
  std::uint64_t merged_requests = 0;     // 482 (8.2.2.2)
  std::uint64_t unknown_dialogs = 0;     // 481
  std::uint64_t old_cseqs = 0;           // 500 (12.2.2)
  std::uint64_t overlapping_offers = 0;  // 491 and 500 with Retry-After
  std::uint64_t forks_ended = 0;         // further 2xx: ACK and BYE
  std::uint64_t forks_beyond_limit = 0;
  std::uint64_t successes_resent = 0;  // our 2xx, unacknowledged (13.3.1.4)
  std::uint64_t acks_resent = 0;       // the kept ACK for a copy of a 2xx
  std::uint64_t stray_acks = 0;
  std::uint64_t reliable_provisionals_sent = 0, reliable_provisionals_resent = 0;
  std::uint64_t provisionals_dropped = 0;  // reliable ones: copies, and those out of order (RFC 3262 4)
  std::uint64_t pracks_sent = 0, pracks_received = 0;
  std::uint64_t unknown_pracks = 0;         // 481
  std::uint64_t misdirected_responses = 0;  // with several Vias (8.1.3.3)
  std::uint64_t redirects_followed = 0, paths_failed = 0;
  std::uint64_t registers_sent = 0, registers_failed = 0;
  std::uint64_t requests_sent = 0, requests_received = 0;  // outside of calls, or none of the call's own
  std::uint64_t requests_unanswered = 0;                   // the user was too slow: 480
  std::uint64_t subscriptions_made = 0, subscriptions_received = 0;
  std::uint64_t notifies_sent = 0, notifies_received = 0;    // with a 2xx
  std::uint64_t states_tolerated = 0;                        // Subscription-States with unreadable parameters
  std::uint64_t refused_events = 0;                          // 489, 423
  std::uint64_t refused_packages = 0;                        // 469
  std::uint64_t publishes_sent = 0, publishes_received = 0;  // the latter with a 2xx
  std::uint64_t challenges_answered = 0, challenges_unanswered = 0;  // 401, 407 (22.2)
  std::uint64_t proofs_wrong = 0;                                    // ua::ProofFailed
  std::uint64_t refreshes_sent = 0, refreshes_received = 0;          // with a 2xx
  std::uint64_t refreshes_failed = 0;                                // each try of ours without one
  std::uint64_t sessions_expired = 0;
  std::array<std::uint64_t, kSessionTimerTolerances> session_timers_tolerated{};  // by SessionTimerTolerance
  std::uint64_t stale_ids = 0, stale_cookies = 0;                                 // law 8
  std::uint64_t clamped_nows = 0;                                                 // law 4
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_USER_AGENT_VIEW_H_
