// What a user agent is told once: its names, its policies and every limit it keeps. Reaching a limit is an
// ordinary, counted answer.
#ifndef SANSIP_DIALOG_USER_AGENT_OPTIONS_H_
#define SANSIP_DIALOG_USER_AGENT_OPTIONS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sansip/core/auth/digest_hashes.h"
#include "sansip/core/base/time.h"
#include "sansip/core/transaction/layer.h"
#include "sansip/session_timer/negotiation.h"

namespace sansip {

struct UserAgentLimits {
  std::size_t calls_max = 1024;  // not ended ones; 486 beyond: one process's worth of media
  std::size_t forks_max = 16;    // dialogs of one call placed: a proxy forks to a person's devices; more
                                 // early ones are not told, a further 2xx is still ACKed and ended
  std::size_t body_bytes_max =
      16384;                    // of one session description kept; 413 beyond: SDP of many streams has 4 kB
  std::size_t routes_max = 32;  // of one dialog: Max-Forwards is 70, real chains are below ten
  std::size_t identity_bytes_max = 2048;  // Call-ID, each address, tag, target of one dialog; all are kept
  std::size_t extra_headers_max = 32;     // of one message, given by the user
  std::size_t unlocated_max = 1024;  // requests waiting for a Path: as many as calls; further ones fail as
                                     // unreachable
  std::size_t paths_max = 4;         // tried for one request (RFC 3263 4.3): two servers, two transports
  std::size_t redirects_max = 5;     // 3xx followed for one call: each may name several contacts
  std::size_t targets_max = 16;      // contacts kept of all 3xx for one call
  std::size_t reinvite_retries_max = 4;  // of one request: after 491, Retry-After, 415, 416, 420, 3xx
  std::size_t registrations_max = 64;    // not over; a person has a few accounts
  std::size_t contacts_max = 8;          // of one registration, beside the user agent's own
  std::size_t requests_max = 64;         // SendRequest without outcome; MESSAGEs to one peer wait for another
  std::size_t subscriptions_max = 256;   // of both roles, not over, REFERs among them; 503 beyond: who
                                         // watches is not one's own
  std::size_t publications_max = 16;     // not over; a person has a few states
  std::size_t event_states_max = 256;    // published here by peers; 503 beyond
  std::size_t credentials_max = 16;  // that worked, kept for requests to come (RFC 3261 22.2); the one not
                                     // used for longest makes room: a person has few accounts. 0: none
  std::size_t unanswered_max = 64;   // requests of peers that wait for RespondTo; 503 beyond
};

// RFC 3262: 101 to 199 that are repeated until the other side's PRACK.
enum class ReliableProvisionals : std::uint8_t {
  kNo,         // not offered; an INVITE that requires them gets 420
  kSupported,  // offered, and used with every peer that offers them
  kRequired,   // insisted on: Require in our INVITE; one that comes in without them gets 421
};

struct UserAgentOptions {
  TransactionOptions transactions;
  UserAgentLimits limits;
  SessionTimerWish session_timer;  // RFC 4028, for calls that come in; of calls placed the draft's
  ReliableProvisionals reliable_provisionals = ReliableProvisionals::kNo;  // a draft may say otherwise

  std::string contact_user;                // in Contact, where neither the draft nor the Request-URI has one
  bool contact_user_first = false;         // contact_user even where the Request-URI has one
  std::string user_agent;                  // User-Agent and Server (RFC 3261 20.35, 20.41); empty: not sent
  std::string accept = "application/sdp";  // body types understood, comma separated: bodies are bytes here
  std::string capabilities;                // body of a 200 to OPTIONS, of the first type of `accept` (11.2)

  // RFC 5626 4.5: bound flows are kept alive, and OnKeepAliveAnswered tells: a flow is successful, and the
  // count of failures in a row begins anew, only then. Off: with the 2xx.
  bool tells_keep_alives = false;

  bool follow_redirects = true;  // 8.1.3.4; off: a 3xx refuses the call or request
  bool busy = false;             // INVITE and OPTIONS get 486 (11.2); SetBusy changes it

  Duration ringing_repeat = std::chrono::seconds(60);    // 13.3.1.1: a provisional every minute
  Duration reliable_repeat = std::chrono::seconds(150);  // RFC 3262 3: the same, where it is reliable
  // RFC 3311 5.2: prompt, else 504; an offer in a PRACK ends the INVITE then
  Duration update_answer_max = std::chrono::seconds(1);

  // RFC 3261 8.2.2.1, of requests outside of dialogs: is this Request-URI one's own, else 404; is To one to
  // whom it answers, else 403? Pure functions; null: all are.
  bool (*serves)(std::string_view request_uri) = nullptr;
  bool (*answers_to)(std::string_view to_uri) = nullptr;

  // Methods beside those of calls that are told as ua::RequestReceived: "MESSAGE, INFO"; 405 or 501 to
  // others.
  std::string methods;
  std::string message_types = "text/plain";  // of a MESSAGE's body; 415 to others (RFC 3428 7)
  int message_status = 200;  // the answer to every MESSAGE, at once; 202: it is passed on; 0: by RespondTo
  Duration request_answer_max = std::chrono::seconds(20);  // for RespondTo; 480 then, before timer F ends it

  // RFC 6086: the Info Packages that are taken, "foo, bar"; empty: none; nullopt: nothing is said of
  // packages. SetInfoPackages: those of one call. 469 to others. INFO without package is told as any of
  // `methods` is.
  std::optional<std::string> info_packages;
  std::string info_types;  // of a package's bodies, as `accept`; 415 to others; empty: all are taken

  // Event packages that the user notifies of (RFC 6665): "presence, message-summary"; 489 to others.
  std::string events;
  // Body types of their NOTIFYs, comma separated: 406 to a SUBSCRIBE whose Accept has none of them (4.1.2.1);
  // empty: nobody looks.
  std::string event_types;
  // Between NOTIFYs of one subscription, but for those that answer a SUBSCRIBE or end it: who changes state
  // often does not flood who watches (RFC 3903 14.2).
  Duration notify_gap = Duration::zero();
  std::uint32_t event_expires = 3600;       // seconds, where a SUBSCRIBE or PUBLISH says none
  std::uint32_t event_expires_min = 60;     // 423 below (4.2.1.1)
  std::uint32_t event_expires_max = 86400;  // granted

  // Event packages whose state peers publish here (RFC 3903 6): "presence"; 489 to others, 405 where there is
  // none. `publish_types`: body types, comma separated, 415 to others. `publishes`: is this Request-URI's
  // state kept here? A pure function; null: every one's is; 404 to others. Times are those of `events`.
  std::string published_events;
  std::string publish_types = "*/*";
  bool (*publishes)(std::string_view request_uri) = nullptr;

  // RFC 3515: REFERs are told as ua::ReferReceived; 405 to them otherwise.
  bool takes_refer = false;
  std::uint32_t refer_expires = 300;  // seconds that reports go on for: above the time a call may ring (3.4)

  // RFC 4538: REFERs and SUBSCRIBEs from outside of a dialog may name one by its identifiers, which only who
  // is on its path knows: StandaloneView. 420 to those that require it otherwise.
  bool takes_target_dialog = false;

  // RFC 3891, RFC 3911: INVITEs that replace or join a call are told so in ua::Incoming; whether their sender
  // may do so is the user's to decide. 420 to those that require it otherwise.
  bool takes_replaces = false;
  bool takes_join = false;

  // RFC 7989: Session-ID in every message but 100s. Off: it is 82 bytes in each, for who looks for a session
  // on both sides of elements that change Call-IDs, and tells who is left of a transfer that it was one (12).
  bool session_id = false;

  // RFC 3261 22: for digest authentication; null: a 401 or 407 is a refusal like any other. Outlives the user
  // agent.
  const DigestHashes* digest_hashes = nullptr;
  // RFC 3261 22.3: of the outbound proxy, whose credentials are one's for all calls; empty: of proxies each
  // call is asked for its own.
  std::string proxy_realm;
  Duration credentials_wait_max = std::chrono::seconds(60);  // for a person to type a password

  // Is the offer `fresh` the same session as `last`? A pure function; null: byte equality. Such an offer is a
  // refresh: it is answered with the last local description, unasked.
  bool (*same_session)(std::string_view last, std::string_view fresh) = nullptr;
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_USER_AGENT_OPTIONS_H_
