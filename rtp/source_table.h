// Who sends in a session (RFC 3550 6.2.1, 8.2), and whose packets count.
//
// A source is an SSRC at a transport address. Addresses rank: the signalled one, another port of the
// signalled host, any other; the policy says how far down. One address is latched: the first with a valid
// source on it. A higher rank takes over from a lower one. An equal or lower rank takes over only by
// continuing the latched address's SSRC within its sequence window after kMoveSilenceMin of silence there: a
// stranger knows neither.
#ifndef SANSIP_RTP_SOURCE_TABLE_H_
#define SANSIP_RTP_SOURCE_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "sansip/core/base/address.h"
#include "sansip/core/base/time.h"
#include "sansip/rtp/statistics.h"

namespace sansip::rtp {

enum class LatchPolicy : std::uint8_t {
  kSignalledOnly,  // nothing but the address of the SDP
  kSameHost,       // another port of its host as well
  kAnyHost,  // any address, for peers behind a NAT: whoever speaks first is heard until the signalled one
             // does
};

constexpr bool IsSameHost(const SocketAddress& a, const SocketAddress& b) {
  return a.family == b.family && a.ip == b.ip && a.scope_id == b.scope_id;
}

struct Source {
  bool in_use = false;
  std::uint32_t ssrc = 0;
  SocketAddress address;  // of its RTP; family kNone: known from RTCP only
  Statistics statistics{0};
  Instant last_rtp{};
  Instant last_heard{};  // RTP or RTCP
  bool heard_since_report = false;
  // Of its last SR.
  bool has_sr = false;
  std::uint32_t sr_compact = 0;
  Instant sr_at{};
  // RFC 3550 6.2.1: kept for a while after BYE, so that stragglers do not bring it back.
  std::optional<Instant> said_bye;

  bool has_rtp() const { return address.family != SocketAddress::Family::kNone; }
  bool is_member() const { return in_use && !said_bye && (!has_rtp() || statistics.sequence().valid()); }
};

class SourceTable {
 public:
  static constexpr std::size_t kMax = 8;  // one peer has one source; the rest is for changes and strangers
  static constexpr Duration kMoveSilenceMin = std::chrono::milliseconds(500);
  static constexpr Duration kByeMemory = std::chrono::seconds(2);

  explicit SourceTable(LatchPolicy policy) : policy_(policy) {}

  // The address that the peer announced; where it differs from before, the latch is open again.
  void SetSignalled(const SocketAddress& address);
  const std::optional<SocketAddress>& latched() const { return latched_; }

  // The entry for a packet from here, made if need be; nullptr: the address counts for nothing. The pointer
  // is good until the next call.
  Source* OnRtp(Instant now, std::uint32_t ssrc, const SocketAddress& address, std::uint16_t sequence);
  enum class [[nodiscard]] Trust : std::uint8_t{kStranger, kTrusted, kLatched};
  // Whether a valid source's packets count; kLatched: as of now, and `source` may be another entry
  // afterwards.
  Trust Judge(Instant now, Source*& source, std::uint16_t sequence);

  Source* FindTrusted(std::uint32_t ssrc);
  // For a member known from RTCP alone; nullptr when there is no room.
  Source* AddFromRtcp(Instant now, std::uint32_t ssrc);
  bool HasSsrc(std::uint32_t ssrc) const;

  std::uint32_t members() const;                     // without ourselves
  std::uint32_t senders(Instant heard_after) const;  // likewise
  std::int64_t lost() const;
  // Takes out who was not heard after `heard_after`, and whose BYE is old; the SSRC of one that was a member
  // until now, nullopt when there are no more of them.
  std::optional<std::uint32_t> RemoveSilentMember(Instant now, Instant heard_after);

  std::array<Source, kMax>& sources() { return sources_; }
  const std::array<Source, kMax>& sources() const { return sources_; }
  bool IsTrusted(const Source& source) const {
    return source.is_member() && (!source.has_rtp() || source.address == latched_);
  }

 private:
  int RankOf(const SocketAddress& address) const;  // below zero: the policy does not take it
  Source* Allocate(Instant now, int rank);
  Source* FindLatched(std::uint32_t ssrc);
  void Remove(Source& source);

  LatchPolicy policy_;
  SocketAddress signalled_;
  std::optional<SocketAddress> latched_;
  std::array<Source, kMax> sources_{};
  std::int64_t lost_before_ = 0;  // of sources that are gone
};

}  // namespace sansip::rtp

#endif  // SANSIP_RTP_SOURCE_TABLE_H_
