// A user by script: answers, refuses, hangs up, re-invites at set times after what happened, and keeps the
// books on its calls.
#ifndef SANSIP_TESTS_SIM_SCRIPT_H_
#define SANSIP_TESTS_SIM_SCRIPT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/ids.h"
#include "sansip/core/base/time.h"
#include "sansip/dialog/user_agent_action.h"
#include "sansip/session_timer/negotiation.h"
#include "sansip/tests/sim/node.h"

namespace sansip::sim {

// A session description that offers or answers one stream of PCMU and PCMA.
std::string AudioDescription(std::string_view host, std::uint16_t port);

struct Script {
  // Of incoming calls.
  Duration ring_for = Duration::zero();     // 180 at once, 200 after it; zero: 200 at once
  Duration alert_after = Duration::zero();  // the 180, if it is not 200 by then
  int refuse_with = 0;                      // a status instead
  // Of any call, counted from its confirmation (ACK sent or received).
  Duration talk_for = kForever;                 // then hang up
  std::optional<Duration> reinvite_after = {};  // with the same offer
  std::optional<Duration> resume_after = {};    // after that, once more
  std::string description = AudioDescription("192.0.2.1", 17000);
  bool keep_books = true;  // of calls that are gone, too; false: memory holds live calls only
};

struct CallBook {
  bool incoming = false;
  bool answered = false;
  bool confirmed = false;
  bool ended = false;
  bool gone = false;
  EndCause cause = EndCause::kLocalBye;
  int status = 0;
  Instant confirmed_at;
  Instant ended_at;
  std::uint32_t refreshes = 0;  // 2xx that did nothing but refresh
  std::uint32_t interval = 0;   // in force
  bool we_refresh = false;
  std::uint32_t reinvited = 0;
  std::uint32_t reoffered = 0;  // by us
  bool expiring = false;        // was told so
};

struct CallTotals {
  std::uint32_t answered = 0;
  std::uint64_t refreshes = 0;
};

class ScriptedUser : public User {
 public:
  using Books = std::map<std::uint64_t, CallBook>;

  explicit ScriptedUser(const Script& script) : script_(script) {}

  void OnAction(Node& node, Instant now, const UserAgentAction& action) override;

  const Script& script() const { return script_; }
  // By CallId::value(), in the order of their making.
  const Books& calls() const { return calls_; }
  CallBook& Book(CallId call);
  const CallTotals& totals() const { return totals_; }  // of all calls, gone ones too

  // Session descriptions, borrowed until the next one; here all are script().description. The offer of a call
  // that is to be placed, and then, be there an offer or not, which call that is.
  virtual std::string_view Offer(Instant) { return script_.description; }
  virtual void OnPlaced(Instant, CallId) {}

 protected:
  // What answers the peer's offer, or our offer where it has none; OnDescribed: it was sent.
  virtual std::string_view Describe(Instant, CallId) { return script_.description; }
  virtual void OnDescribed(Instant, CallId) {}
  // Of a re-INVITE; OnNotOffered: it was not made.
  virtual std::string_view Reoffer(Instant, CallId) { return script_.description; }
  virtual void OnNotOffered(CallId) {}

 private:
  // Null: there is none.
  const CallBook* Find(CallId call) const {
    const Books::value_type* const book = call.slot < latest_.size() ? latest_[call.slot] : nullptr;
    return book != nullptr && book->first == call.value() ? &book->second : nullptr;
  }
  bool IsOver(CallId call) const;
  void On(Node& node, Instant now, const ua::Incoming& incoming);
  void On(Node& node, Instant now, const ua::Confirmed& confirmed);
  void On(Node& node, Instant now, const ua::OfferReceived& offer);
  void On(Node& node, Instant now, const ua::Ended& ended);
  void Reinvite(Node& node, Instant now, CallId call);

  Script script_;
  Books calls_;
  std::vector<Books::value_type*> latest_;  // by the call's slot, which calls have one after the other
  CallTotals totals_;
};

// The user of a node made with a ScriptedUser.
ScriptedUser& Scripted(Node& node);

struct CallPlan {
  Instant at = {};
  std::string target = {};
  SessionTimerWish session_timer = {};
  std::optional<Duration> cancel_after = {};  // hang up then, answered or not
  std::optional<Duration> patience = {};      // hang up then if there was no final response
  bool late_offer = false;                    // no offer in the INVITE
  std::vector<std::string> routes = {};       // preloaded: "<sip:192.0.2.9:5060;lr>"
};

// Has the node place a call at plan.at.
void PlanCall(Node& node, CallPlan plan);

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_SCRIPT_H_
