// What a run is drawn from: the seed picks these options first, then every fate. What a caller fixes, the
// seed does not pick; it picks the others as if nothing were fixed.
#ifndef SANSIP_TESTS_SIM_SWARM_OPTIONS_H_
#define SANSIP_TESTS_SIM_SWARM_OPTIONS_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "sansip/core/base/address.h"
#include "sansip/core/base/time.h"
#include "sansip/tests/sim/fate.h"

namespace sansip::sim {

// Chances are millionths. Parties: the first half of them call, the others answer.
struct SwarmFixed {
  std::optional<std::uint32_t> calls, parties, loss, duplicate, reorder, session_expires, media;
  bool dialogs = false;  // the seed also picks what FromSeed says of it
  std::optional<Duration> duration, delay, jitter;
  std::optional<Transport> transport;
};

struct SwarmOptions {
  std::uint64_t seed = 1;
  Faults faults;
  bool over_tcp = false;
  std::uint32_t parties = 2;
  std::uint32_t calls = 1;
  Duration apart = std::chrono::seconds(1);  // from call to call
  Duration ring_for = Duration::zero();
  Duration alert_after = Duration::zero();  // the 180, from the INVITE on
  Duration talk_for = std::chrono::seconds(30);
  bool callee_hangs_up = false;
  std::uint32_t refuse_with = 0;   // 0: the callee answers
  std::uint32_t cancel_every = 0;  // each n-th call is given up after `cancel_after`
  Duration cancel_after = std::chrono::seconds(2);
  std::uint32_t reinvite = 0;          // 1: the caller, 2: the callee, 3: both re-invite
  std::uint32_t late_offer_every = 0;  // each n-th call's INVITE has no offer
  std::uint32_t session_expires = 0;   // 0: no session timers wished
  bool callee_refresher = false;       // the callee chooses itself
  std::uint32_t media = 0;             // ms of RTP in a packet; 0: none. Re-INVITEs hold and resume then
  std::uint32_t reliable = 0;          // 100rel: 1: all can, 2: callers insist on it
  std::uint32_t provisionals = 0;      // so many 183 while it rings
  std::uint32_t early_update = 0;      // UPDATEs while it rings, by: 1: the caller, 2: the callee, 3: both
  std::uint32_t changes = 0;           // of the session, by each side that `reinvite` names
  std::uint32_t change_by = 0;         // 0: re-INVITE, 1: UPDATE, 2: each in turn
  Duration change_after = Duration::zero();
  Duration changes_apart = std::chrono::seconds(1);
  std::uint32_t transfer = 0;  // by the callers, 1: blind, 2: attended
  // By so many callees at once each call is taken, through a proxy that forks; 0: none. Each next one rings
  // so much longer than the one before. Of the callees of the run the last so many refuse with `refuse`; 0:
  // all.
  std::uint32_t fork = 0;
  Duration fork_apart = Duration::zero();
  std::uint32_t fork_refusers = 0;
  bool trying = false;  // callees send a 100 before each response to a non-INVITE
  bool probe_early = false;
  Duration late_max = Duration::zero();

  // With media calls talk for a minute at most, unless that is fixed. No seed picks media.
  // With `dialogs` the options from `reliable` to `fork_refusers` are picked, too; not with media.
  static SwarmOptions FromSeed(std::uint64_t seed, const SwarmFixed& fixed = {});
  // Every option, in one line: what a failure prints.
  std::string Text() const;
  // The seed, and what differs from the defaults above.
  std::string ShortText() const;
  // One word of either: "loss=100000". False, with `why`: no such option, or no value for it.
  bool Read(std::string_view word, std::string& why);
  // Can a run be made of these? What comes out of FromSeed and Text() can.
  bool AreUsable(std::string& why) const;

  std::uint32_t callers() const { return parties / 2; }
  std::uint32_t callees() const { return parties - callers(); }
  // Parties, and the proxy behind them.
  std::uint32_t elements() const { return parties + (fork != 0 ? 1 : 0); }
  // Is anything from `reliable` to `fork` asked for? Then users are DialogUsers.
  bool HasDialogs() const;

  // Calls see(name, value as text) for each option.
  void ForEach(const std::function<void(std::string_view name, const std::string& value)>& see) const;

  static constexpr std::uint32_t kPartiesMax = 64;
  static constexpr std::uint32_t kCallsMax = 1'000'000;
  static constexpr std::uint32_t kStepsMax = 8;
  static constexpr std::uint32_t kForkMax = 3;
  static constexpr std::uint32_t kMediaMsMin = 10, kMediaMsMax = 60;
};

// "alice", "bob", ... of the first party and so on.
std::string PartyName(std::uint32_t party);

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_SWARM_OPTIONS_H_
