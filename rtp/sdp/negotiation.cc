#include "sansip/rtp/sdp/negotiation.h"

#include <algorithm>
#include <utility>

#include "sansip/core/base/check.h"
#include "sansip/core/text/ascii.h"
#include "sansip/rtp/sdp/grammar.h"
#include "sansip/rtp/sdp/remote_media.h"

namespace sansip::sdp {
namespace {

constexpr std::uint64_t kSessionIdMax = (std::uint64_t{1} << 62) - 1;
constexpr std::uint8_t kFirstDynamicType = 96;

std::string_view DirectionName(rtp::Direction direction) {
  switch (direction) {
    case rtp::Direction::kSendRecv:
      return "sendrecv";
    case rtp::Direction::kSendOnly:
      return "sendonly";
    case rtp::Direction::kRecvOnly:
      return "recvonly";
    case rtp::Direction::kInactive:
      return "inactive";
  }
  return "inactive";
}

void AppendAddress(std::string& to, const SocketAddress& address) {
  to += address.family == SocketAddress::Family::kIpv6 ? "IN IP6 " : "IN IP4 ";
  to += BareIpTextOf(address).view();
}

std::string_view UsernameToWrite(std::string_view name) {
  const bool ascii = std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7F; });
  return ascii && !name.empty() ? name : "-";
}

void AppendRefused(std::string& to, std::string_view media, std::string_view proto, std::string_view format) {
  to.append("m=").append(media).append(" 0 ").append(proto).append(" ").append(format).append("\r\n");
}

void AppendNameAndConnection(std::string& to, const SocketAddress& address) {
  to += "s=-\r\nc=";
  AppendAddress(to, address);
  to += "\r\n";
}

// RFC 3264 5.1: every format has an rtpmap. RFC 4733 2.5.1.1: the events that we take.
void AppendFormats(std::string& to, std::uint16_t port, const rtp::FormatList& formats,
                   std::optional<std::uint8_t> event_type) {
  to += "m=audio " + std::to_string(port) + " RTP/AVP";
  for (const rtp::Format& format : formats) to += ' ' + std::to_string(format.payload_type);
  if (event_type) to += ' ' + std::to_string(*event_type);
  to += "\r\n";
  for (const rtp::Format& format : formats) {
    to += "a=rtpmap:" + std::to_string(format.payload_type) + ' ';
    to += rtp::EncodingName(format.codec);
    to += "/8000\r\n";
  }
  if (event_type) {
    const std::string number = std::to_string(*event_type);
    to += "a=rtpmap:" + number + " telephone-event/8000\r\na=fmtp:" + number + " 0-15\r\n";
  }
}

void AppendAudio(std::string& to, const LocalMedia& local, rtp::Direction direction,
                 const rtp::FormatList& formats, std::optional<std::uint8_t> event_type) {
  AppendFormats(to, local.rtp.port, formats, event_type);
  to += "a=ptime:" + std::to_string(local.ptime_ms) + "\r\n";
  if (local.rtcp_port != 0 && local.rtcp_port != local.rtp.port + 1) {
    to += "a=rtcp:" + std::to_string(local.rtcp_port) + "\r\n";
  }
  to.append("a=").append(DirectionName(direction)).append("\r\n");
}

rtp::FormatList FormatsOf(const std::vector<rtp::Codec>& codecs) {
  rtp::FormatList formats;
  for (rtp::Codec codec : codecs) {
    if (!formats.full()) formats.push_back({codec, rtp::StaticPayloadType(codec)});
  }
  return formats;
}

// What both sides know after either role: where to send, what, how often.
rtp::Stream StreamTo(const RemoteMedia& remote) {
  rtp::Stream stream;
  stream.remote_rtp = remote.rtp;
  stream.remote_rtcp = remote.rtcp;
  stream.sends_rtcp = remote.takes_rtcp;
  // RFC 3264 6.1, 7: both sides send the first format of the other that they have.
  stream.send = remote.formats[0];
  stream.send_event_type = remote.event_type;
  stream.send_events = remote.events;
  stream.send_ptime_ms = remote.ptime_ms;
  return stream;
}

std::string_view FirstFormatOf(const Section& media) { return Fields(media.formats()).NextOrEmpty(); }

}  // namespace

Negotiation::Negotiation(LocalMedia local, std::uint64_t session_id)
    : local_(std::move(local)), session_id_(session_id & kSessionIdMax) {
  SANSIP_CHECK(local_.rtp.family != SocketAddress::Family::kNone);
  SANSIP_CHECK(!local_.codecs.empty() && local_.ptime_ms > 0);
}

const std::string& Negotiation::Publish(std::string_view from_name_on) {
  if (origin_before_version_.empty()) {
    origin_before_version_ = "v=0\r\no=";
    origin_before_version_.append(UsernameToWrite(local_.username)).append(" ");
    origin_before_version_ += std::to_string(session_id_) + ' ';
    AppendAddress(origin_after_version_ = " ", local_.rtp);
    origin_after_version_ += "\r\n";
  }
  // RFC 3264 8: the version grows by one exactly where the rest differs.
  if (from_name_on != from_name_on_) {
    ++version_;
    from_name_on_ = from_name_on;
    body_ = origin_before_version_ + std::to_string(version_) + origin_after_version_ + from_name_on_;
  }
  return body_;
}

rtp::Direction Negotiation::DirectionToOffer() const {
  // RFC 3264 8.4: who is held and holds as well offers inactive.
  const bool held = stream_ && !remote_receives_;
  return held && local_.direction == rtp::Direction::kSendOnly ? rtp::Direction::kInactive : local_.direction;
}

std::uint8_t Negotiation::EventTypeToOffer() const {
  if (event_type_) return *event_type_;
  if (!taken_[local_.telephone_event_type & 127]) return local_.telephone_event_type;
  for (std::uint8_t type = kFirstDynamicType; type < 128; ++type) {
    if (!taken_[type]) return type;
  }
  return local_.telephone_event_type;
}

const std::string& Negotiation::MakeOffer() {
  Offered offered;
  offered.slots = slots_;
  offered.audio_slot = audio_slot_.value_or(slots_.size());
  if (!audio_slot_) offered.slots.push_back({"audio", "RTP/AVP", "0"});
  offered.direction = DirectionToOffer();
  offered.formats = FormatsOf(local_.codecs);
  if (local_.telephone_event) offered.event_type = EventTypeToOffer();

  std::string text;
  AppendNameAndConnection(text, local_.rtp);
  text += "t=0 0\r\n";
  for (std::size_t i = 0; i < offered.slots.size(); ++i) {
    const Slot& slot = offered.slots[i];
    if (i == offered.audio_slot) {
      AppendAudio(text, local_, offered.direction, offered.formats, offered.event_type);
    } else {
      AppendRefused(text, slot.media, slot.proto, slot.format);
    }
  }
  offered_ = std::move(offered);
  return Publish(text);
}

rtp::Stream Negotiation::OfferedStream() const {
  rtp::Stream stream;
  stream.direction = rtp::DirectionOf(false, offered_ && rtp::Receives(offered_->direction));
  stream.sends_rtcp = false;
  if (!offered_) return stream;
  stream.receive = offered_->formats;
  stream.receive_event_type = offered_->event_type;
  return stream;
}

Outcome Negotiation::Conclude(const Description& remote, std::optional<rtp::Stream> stream) {
  const bool unchanged = remote_origin_ == remote.origin().text && stream_ == stream;
  remote_origin_ = remote.origin().text;
  stream_ = std::move(stream);
  return unchanged ? Outcome::kUnchanged : Outcome::kAgreed;
}

Outcome Negotiation::ReadAnswer(std::string_view answer) {
  if (!offered_) return Outcome::kNotExpected;
  const Offered offered = *std::exchange(offered_, std::nullopt);
  Description description;
  error_ = description.Parse(answer);
  if (!error_.ok()) return Outcome::kMalformed;
  // RFC 3264 6: one answer to each m=, in order.
  if (description.media_count() != offered.slots.size()) return Outcome::kUnsupported;
  const Section& media = description.media(offered.audio_slot);
  if (media.port() == 0) {
    slots_ = offered.slots;
    audio_slot_ = offered.audio_slot;
    return Conclude(description, std::nullopt);
  }
  const std::optional<RemoteMedia> remote = ReadRemoteMedia(description, media, local_.codecs);
  if (!remote) return Outcome::kUnsupported;
  rtp::Stream stream = StreamTo(*remote);
  // RFC 3264 6.1: an answer narrows the offer, it never widens it.
  stream.direction = rtp::DirectionOf(rtp::Sends(offered.direction) && rtp::Receives(remote->direction),
                                      rtp::Receives(offered.direction) && rtp::Sends(remote->direction));
  stream.receive = offered.formats;
  if (remote->event_type) stream.receive_event_type = offered.event_type;
  if (rtp::Sends(offered.direction)) remote_receives_ = rtp::Receives(remote->direction);
  slots_ = offered.slots;
  audio_slot_ = offered.audio_slot;
  if (offered.event_type) event_type_ = offered.event_type;
  NotePayloadTypes(media);
  return Conclude(description, stream);
}

void Negotiation::NotePayloadTypes(const Section& media) {
  Fields fields(media.formats());
  while (const std::optional<std::string_view> field = fields.Next()) {
    if (const std::optional<std::uint64_t> type = ParseDecimal(*field, 127)) {
      taken_.set(static_cast<std::size_t>(*type));
    }
  }
}

std::optional<std::size_t> Negotiation::FindAudio(const Description& offer) const {
  const auto is_usable = [&](std::size_t i) {
    const Section& media = offer.media(i);
    return media.port() != 0 && ReadRemoteMedia(offer, media, local_.codecs).has_value();
  };
  // A stream stays where it was while it can (RFC 3264 8).
  if (audio_slot_ && *audio_slot_ < offer.media_count() && is_usable(*audio_slot_)) return audio_slot_;
  for (std::size_t i = 0; i < offer.media_count(); ++i) {
    if (is_usable(i)) return i;
  }
  return std::nullopt;
}

Outcome Negotiation::ReadOffer(std::string_view offer) {
  Description description;
  error_ = description.Parse(offer);
  if (!error_.ok()) return Outcome::kMalformed;
  // RFC 3264 8: m= lines are never taken away.
  if (description.media_count() < slots_.size()) return Outcome::kUnsupported;
  const std::optional<std::size_t> audio = FindAudio(description);
  std::vector<Slot> slots;
  bool wants_a_stream = false;
  for (std::size_t i = 0; i < description.media_count(); ++i) {
    const Section& media = description.media(i);
    wants_a_stream |= media.port() != 0;
    slots.push_back(
        {std::string(media.media()), std::string(media.proto()), std::string(FirstFormatOf(media))});
  }
  if (wants_a_stream && !audio) return Outcome::kUnsupported;

  std::string text;
  AppendNameAndConnection(text, local_.rtp);
  description.AppendTimes(text);  // RFC 3264 6: those of the offer
  std::optional<rtp::Stream> stream;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (i != audio) {
      AppendRefused(text, slots[i].media, slots[i].proto, slots[i].format);
      continue;
    }
    const RemoteMedia remote = *ReadRemoteMedia(description, description.media(i), local_.codecs);
    stream = StreamTo(remote);
    const rtp::Direction offered = rtp::Mirrored(remote.direction);
    stream->direction = rtp::DirectionOf(rtp::Sends(offered) && rtp::Sends(local_.direction),
                                         rtp::Receives(offered) && rtp::Receives(local_.direction));
    stream->receive = remote.formats;
    if (!local_.telephone_event) stream->send_event_type.reset();
    stream->receive_event_type = stream->send_event_type;
    AppendAudio(text, local_, stream->direction, remote.formats, stream->receive_event_type);
    remote_receives_ = rtp::Receives(remote.direction);
    if (stream->receive_event_type) event_type_ = stream->receive_event_type;
    NotePayloadTypes(description.media(i));
  }
  slots_ = std::move(slots);
  if (audio) audio_slot_ = audio;
  Publish(text);
  return Conclude(description, stream);
}

std::string Negotiation::RefuseAll(std::string_view offer) {
  Description description;
  if (!description.Parse(offer).ok()) return {};
  std::string text;
  AppendNameAndConnection(text, local_.rtp);
  description.AppendTimes(text);
  for (std::size_t i = 0; i < description.media_count(); ++i) {
    const Section& media = description.media(i);
    AppendRefused(text, media.media(), media.proto(), FirstFormatOf(media));
  }
  return Publish(text);
}

Outcome Negotiation::Resume(std::string_view local, std::string_view remote) {
  Description ours, theirs;
  error_ = theirs.Parse(remote);
  if (!error_.ok()) return Outcome::kMalformed;
  if (!ours.Parse(local).ok() || ours.media_count() != theirs.media_count()) return Outcome::kUnsupported;
  const std::string_view version = ours.origin().session_version;
  const auto before = static_cast<std::size_t>(version.data() - local.data());
  const std::size_t after = before + version.size(), name = local.find("\r\ns=", after);
  const std::optional<std::uint64_t> number = ParseDecimal(version, kSessionIdMax);
  if (!number || name == std::string_view::npos) return Outcome::kUnsupported;

  std::optional<rtp::Stream> stream;
  for (std::size_t i = 0; i < ours.media_count(); ++i) {
    const Section &mine = ours.media(i), &media = theirs.media(i);
    slots_.push_back(
        {std::string(mine.media()), std::string(mine.proto()), std::string(FirstFormatOf(mine))});
    if (stream || mine.port() == 0 || media.port() == 0) continue;
    const std::optional<RemoteMedia> agreed = ReadRemoteMedia(ours, mine, local_.codecs);
    const std::optional<RemoteMedia> peer = ReadRemoteMedia(theirs, media, local_.codecs);
    if (!agreed || !peer) return Outcome::kUnsupported;
    stream = StreamTo(*peer);
    stream->direction = rtp::DirectionOf(rtp::Sends(agreed->direction) && rtp::Receives(peer->direction),
                                         rtp::Receives(agreed->direction) && rtp::Sends(peer->direction));
    stream->receive = agreed->formats;
    if (!agreed->event_type) stream->send_event_type.reset();
    if (peer->event_type) stream->receive_event_type = agreed->event_type;
    event_type_ = agreed->event_type;
    remote_receives_ = rtp::Receives(peer->direction);
    audio_slot_ = i;
    NotePayloadTypes(media);
  }
  version_ = *number;
  body_ = local;
  origin_before_version_ = local.substr(0, before);
  origin_after_version_ = local.substr(after, name + 2 - after);
  from_name_on_ = local.substr(name + 2);
  static_cast<void>(Conclude(theirs, stream));
  return Outcome::kAgreed;
}

std::optional<SocketAddress> ReceivesAt(std::string_view local) {
  Description description;
  if (!description.Parse(local).ok()) return std::nullopt;
  for (std::size_t i = 0; i < description.media_count(); ++i) {
    const Section& media = description.media(i);
    if (media.port() == 0) continue;
    const auto audio = ReadRemoteMedia(description, media, {rtp::Codec::kPcmu, rtp::Codec::kPcma});
    if (audio) return audio->rtp;
  }
  return std::nullopt;
}

std::string Capabilities(const LocalMedia& local, std::uint64_t session_id) {
  std::string text = "v=0\r\no=- " + std::to_string(session_id & kSessionIdMax) + " 1 ";
  AppendAddress(text, local.rtp);
  text += "\r\n";
  AppendNameAndConnection(text, local.rtp);
  text += "t=0 0\r\n";
  AppendFormats(text, 0, FormatsOf(local.codecs),
                local.telephone_event ? std::optional(local.telephone_event_type) : std::nullopt);
  return text;
}

}  // namespace sansip::sdp
