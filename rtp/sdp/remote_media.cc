#include "sansip/rtp/sdp/remote_media.h"

#include <algorithm>

#include "sansip/core/text/ascii.h"
#include "sansip/rtp/sdp/grammar.h"

namespace sansip::sdp {
namespace {

// RFC 8866 6.6, RFC 3551 6: the rtpmap, and for numbers below 96 the profile where there is none.
std::optional<rtp::Codec> CodecOf(const Section& media, std::uint8_t payload_type) {
  if (const std::optional<RtpMap> map = media.rtpmap(payload_type)) {
    return rtp::CodecNamed(map->encoding_name, map->clock_rate, map->channels);
  }
  return rtp::CodecOfStaticPayloadType(payload_type);
}

bool IsTelephoneEvent(const Section& media, std::uint8_t payload_type) {
  const std::optional<RtpMap> map = media.rtpmap(payload_type);
  return map && EqualsIgnoreCase(map->encoding_name, "telephone-event") && map->clock_rate == rtp::kClockRate;
}

void ReadFormats(const Section& media, const std::vector<rtp::Codec>& codecs, RemoteMedia& remote) {
  Fields fields(media.formats());
  while (const std::optional<std::string_view> field = fields.Next()) {
    const auto payload_type = static_cast<std::uint8_t>(ParseDecimal(*field, 127).value_or(127));
    if (remote.formats.CodecOf(payload_type)) continue;
    const std::optional<rtp::Codec> codec = CodecOf(media, payload_type);
    if (codec && std::find(codecs.begin(), codecs.end(), *codec) != codecs.end()) {
      if (!remote.formats.full()) remote.formats.push_back({*codec, payload_type});
    } else if (!codec && !remote.event_type && IsTelephoneEvent(media, payload_type)) {
      remote.event_type = payload_type;
      // RFC 4733 2.5.1.1: without a list, or with one that cannot be read, the DTMF digits.
      const std::string_view fmtp = media.fmtp(payload_type);
      remote.events = ParseEvents(fmtp).value_or(rtp::DtmfEvents());
    }
  }
}

// RFC 3264 5.1: zero means that nothing is wanted, RTCP included.
bool HasZeroBandwidth(const Description& description, const Section& media) {
  for (const Section* section : {&media, &description.session()}) {
    for (std::string_view type : {"AS", "CT"}) {
      if (const std::optional<std::uint64_t> bandwidth = section->Bandwidth(type)) return *bandwidth == 0;
    }
  }
  return false;
}

// RFC 3556 2: no share for anybody.
bool HasNoRtcp(const Description& description, const Section& media) {
  const auto is_zero = [&](std::string_view type) {
    std::optional<std::uint64_t> share = media.Bandwidth(type);
    if (!share) share = description.session().Bandwidth(type);
    return share == 0u;
  };
  return is_zero("RS") && is_zero("RR");
}

int PtimeOf(const Section& media) {
  int ptime = media.ptime().value_or(20);
  if (const std::optional<int> max = media.maxptime()) ptime = std::min(ptime, *max);
  return std::clamp(ptime, rtp::kPtimeMsMin, rtp::kPtimeMsMax);
}

void ReadAddresses(const Description& description, const Section& media, const Connection& connection,
                   RemoteMedia& remote) {
  // RFC 3264 8.4: c=0.0.0.0 takes neither RTP nor RTCP.
  remote.takes_rtcp = !HasNoRtcp(description, media);
  if (connection.is_unspecified() || HasZeroBandwidth(description, media)) {
    remote.takes_rtcp = false;
    return;
  }
  remote.rtp = connection.address;
  remote.rtp.port = media.port();
  // RFC 3605 2.1; RFC 3550 11: the next port otherwise.
  if (const std::optional<RtcpAttribute> rtcp = media.rtcp()) {
    remote.rtcp = rtcp->address.family == SocketAddress::Family::kNone ? connection.address : rtcp->address;
    remote.rtcp.port = rtcp->port;
  } else if (media.port() < 65535) {
    remote.rtcp = connection.address;
    remote.rtcp.port = static_cast<std::uint16_t>(media.port() + 1);
  } else {
    remote.takes_rtcp = false;
  }
}

}  // namespace

std::optional<RemoteMedia> ReadRemoteMedia(const Description& description, const Section& media,
                                           const std::vector<rtp::Codec>& codecs) {
  if (media.media() != "audio" || media.proto() != "RTP/AVP") return std::nullopt;
  const std::optional<Connection> connection = description.ConnectionOf(media);
  if (!connection || connection->multicast || connection->address.family == SocketAddress::Family::kNone) {
    return std::nullopt;
  }
  RemoteMedia remote;
  ReadFormats(media, codecs, remote);
  if (remote.formats.empty()) return std::nullopt;
  remote.direction = description.DirectionOf(media);
  remote.ptime_ms = PtimeOf(media);
  ReadAddresses(description, media, *connection, remote);
  return remote;
}

std::optional<rtp::EventSet> ParseEvents(std::string_view text) {
  rtp::EventSet events;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view range = text.substr(0, comma);
    const std::size_t dash = range.find('-');
    const std::optional<std::uint64_t> first = ParseDecimal(range.substr(0, dash), 255);
    const std::optional<std::uint64_t> last =
        dash == std::string_view::npos ? first : ParseDecimal(range.substr(dash + 1), 255);
    if (!first || !last || *last < *first) return std::nullopt;
    for (std::uint64_t event = *first; event <= *last; ++event) events.set(static_cast<std::size_t>(event));
    if (comma == std::string_view::npos) return events;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace sansip::sdp
