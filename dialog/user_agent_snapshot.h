// A user agent as bytes: what UserAgent::Snapshot writes and Restore reads, so that calls outlive the process
// (docs/snapshot.md).
//
// In it: every established call, as one confirmed dialog with its session and its session timer, and every
// registration, subscription of either role and publication that is not being removed. Not in it: calls that
// are set up or ended at that moment, what a REFER subscribed to, and open transactions, which are over for
// the peer by a time-out; a request under way in a dialog counts as sent and failed; a subscription that had
// no NOTIFY yet is asked for anew; options, counters, passwords and what a challenge asked for: the next one
// asks again.
//
// The same state gives the same bytes. The checksum tells damage, not malice: keep a snapshot where nobody
// else writes, for it tells whom to call.
#ifndef SANSIP_DIALOG_USER_AGENT_SNAPSHOT_H_
#define SANSIP_DIALOG_USER_AGENT_SNAPSHOT_H_

#include <cstdint>

namespace sansip {

inline constexpr std::uint16_t kUserAgentSnapshotVersion = 6;

}  // namespace sansip

#endif  // SANSIP_DIALOG_USER_AGENT_SNAPSHOT_H_
