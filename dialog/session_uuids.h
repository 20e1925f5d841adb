// The two names of a session from end to end (RFC 7989 4): each end's UUID, as the other has told it. What
// they are good for is to find the messages of one session on both sides of elements that change Call-IDs and
// tags; nothing else depends on them (6).
#ifndef SANSIP_DIALOG_SESSION_UUIDS_H_
#define SANSIP_DIALOG_SESSION_UUIDS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/base/random.h"
#include "sansip/core/message/message_view.h"

namespace sansip {

struct Uuid {
  std::uint64_t high = 0, low = 0;  // big-endian: the first digit is the highest

  bool is_nil() const { return (high | low) == 0; }  // 5: not known
  bool operator==(const Uuid&) const = default;
};

struct SessionUuids {
  Uuid local, remote;
  // 11: the peer is of RFC 7329, where one UUID stands for both ends: `local`, and no remote is written.
  bool is_single = false;
  std::uint16_t changes = 0;  // of `remote`

  // 6, 8: the peer's, if it is one and news. What a peer of RFC 7329 sends back is our own.
  void Accept(Uuid peer);
};

// 4.1: of version 4, and so telling nothing of its maker.
Uuid NewUuid(RandomSource& random);
// 32 digits in lower case.
std::array<char, 32> UuidText(Uuid uuid);

// What the sender of a message says. Nullopt: nothing, or nothing that can be read (5, 6: discarded).
struct ToldUuids {
  Uuid local;
  bool has_remote = true;  // 11: false: a peer of RFC 7329. What it holds is ours, and of no consequence (6)
};
std::optional<ToldUuids> ToldIn(const MessageView& message);

}  // namespace sansip

#endif  // SANSIP_DIALOG_SESSION_UUIDS_H_
