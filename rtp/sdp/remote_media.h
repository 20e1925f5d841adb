// What a peer's audio section offers or answers, in our own terms: the part that offers and answers share.
#ifndef SANSIP_RTP_SDP_REMOTE_MEDIA_H_
#define SANSIP_RTP_SDP_REMOTE_MEDIA_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sansip/core/base/address.h"
#include "sansip/rtp/sdp/description.h"
#include "sansip/rtp/stream.h"

namespace sansip::sdp {

struct RemoteMedia {
  rtp::Direction direction = rtp::Direction::kSendRecv;  // as the peer says it
  SocketAddress rtp, rtcp;                               // family kNone: nothing is to be sent there
  bool takes_rtcp = true;
  rtp::FormatList formats;  // of `codecs`, in the peer's order, with the peer's numbers
  std::optional<std::uint8_t> event_type;
  rtp::EventSet events;
  int ptime_ms = 20;
};

// nullopt: no stream for us, be it the medium, the transport, the address or the formats (RFC 8866 5.14).
// Port 0 is the caller's business.
std::optional<RemoteMedia> ReadRemoteMedia(const Description& description, const Section& media,
                                           const std::vector<rtp::Codec>& codecs);

// "0-9,11,15" (RFC 4733 2.4); nullopt where it is malformed.
std::optional<rtp::EventSet> ParseEvents(std::string_view text);

}  // namespace sansip::sdp

#endif  // SANSIP_RTP_SDP_REMOTE_MEDIA_H_
