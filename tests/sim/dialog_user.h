// A scripted user who does what dialogs are made of: several provisionals, reliable where the peer takes them
// (RFC 3262), UPDATEs while it rings and later (RFC 3311), changes of the session by both sides at once (RFC
// 3261 14.1) or while the call ends, and transfers (RFC 3515, 5589). Every description that it gives is new.
#ifndef SANSIP_TESTS_SIM_DIALOG_USER_H_
#define SANSIP_TESTS_SIM_DIALOG_USER_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/ids.h"
#include "sansip/core/base/time.h"
#include "sansip/session_timer/negotiation.h"
#include "sansip/tests/sim/node.h"
#include "sansip/tests/sim/script.h"

namespace sansip::sim {

enum class TransferKind : std::uint8_t {
  kNone,
  kBlind,
  kAttended,  // to the peer of another call of this user, if there is one then; else blind
};

struct DialogScript {
  std::string host = "192.0.2.1";  // of descriptions
  // Of incoming calls: so many 183 while it rings, the first with a description if it is reliable.
  std::uint32_t provisionals = 0;
  bool updates_early = false;
  // Of any call, counted from its confirmation: re-INVITEs, or UPDATEs, or each in turn.
  std::uint32_t changes = 0;
  Duration change_after = Duration::zero();
  Duration changes_apart = std::chrono::seconds(1);
  bool by_reinvite = true, by_update = false;
  // Of calls placed, of the first that is confirmed.
  TransferKind transfer = TransferKind::kNone;
  Duration transfer_after = std::chrono::seconds(1);
  std::string transfer_to = {};
  // Calls placed because of a REFER: hung up after that.
  Duration referred_talk_for = std::chrono::seconds(30);
  SessionTimerWish session_timer = {};
};

class DialogUser final : public ScriptedUser {
 public:
  DialogUser(const Script& script, const DialogScript& dialog) : ScriptedUser(script), dialog_(dialog) {}

  void OnAction(Node& node, Instant now, const UserAgentAction& action) override;
  std::string_view Offer(Instant) override { return Fresh(); }

 protected:
  std::string_view Describe(Instant, CallId) override { return Fresh(); }

 private:
  std::string_view Fresh();
  bool IsTalking(CallId call) const;
  void Prelude(Node& node, Instant now, CallId call, std::uint32_t n);
  void UpdateEarly(Node& node, Instant now, CallId call, DialogId dialog);
  void OnFirstConfirmed(Node& node, Instant now, CallId call);
  void Change(Node& node, Instant now, CallId call, std::uint32_t n);
  void Transfer(Node& node, Instant now, CallId call);
  void PlaceReferred(Node& node, Instant now, StandaloneId reference);

  const DialogScript dialog_;
  std::uint64_t version_ = 0;
  std::string description_;
  std::set<std::uint64_t> confirmed_;  // by CallId::value(); not ended
  std::set<std::uint64_t> referred_;
  std::map<std::uint64_t, std::uint32_t> updated_;  // how often
  std::vector<CallId> calls_placed_;                // and confirmed, not ended
  bool has_transferred_ = false;
};

// Adds a record for each call of the node that is established: what it holds of its dialog, for the oracle of
// both ends' views (oracle/view_oracle.h).
void RecordViews(Node& node, Instant now);

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_DIALOG_USER_H_
