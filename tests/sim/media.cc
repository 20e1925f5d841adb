#include "sansip/tests/sim/media.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <variant>

#include "sansip/core/base/check.h"
#include "sansip/rtp/codec/g711.h"
#include "sansip/rtp/ntp_time.h"
#include "sansip/rtp/stream.h"
#include "sansip/tests/sim/world.h"

namespace sansip::sim {
namespace {

constexpr std::uint32_t kFaultEvery = 16;
constexpr rtp::NtpTime kWallAtZero{0xB44DB70000000000};

}  // namespace

MediaElement::MediaElement(World& world, std::uint32_t number, Node& party,
                           const MediaElementOptions& options)
    : Element(world, number),
      party_(party),
      options_(options),
      random_(KeyedRandom(world.options().seed, number, 0, 2)),
      cname_(party.name() + "@" + std::string(HostTextOf(party.address()).view())) {}

SocketAddress MediaElement::FirstAddress(const Node& party) {
  SocketAddress address = party.address();
  address.port = kFirstPort;
  return address;
}

MediaElement::Line& MediaElement::AddLine() {
  const auto place = static_cast<Place>(lines_.size());
  Line& line = *lines_.emplace_back(std::make_unique<Line>());
  SocketAddress address = FirstAddress(party_);
  line.port = address.port = static_cast<std::uint16_t>(kFirstPort + 2 * place);
  line.rtp = place == 0 ? number() : world().AddPort(address, *this);
  ++address.port;
  line.rtcp = world().AddPort(address, *this);
  places_[line.rtp] = places_[line.rtcp] = place;
  return line;
}

MediaElement::Place MediaElement::Open(Instant now) {
  const auto found =
      std::find_if(lines_.begin(), lines_.end(), [&](const auto& line) { return line->free_at <= now; });
  Line& line = found == lines_.end() ? AddLine() : **found;
  line.call = {};
  line.free_at = kNever;
  line.heard = line.played = 0;
  sdp::LocalMedia local;
  local.rtp = FirstAddress(party_);
  local.rtp.port = line.port;
  local.telephone_event = false;
  local.ptime_ms = options_.ptime_ms;
  line.negotiation.emplace(local, random_.Next());
  line.session = std::make_unique<rtp::Session>(now, kWallAtZero + (now - Instant{}),
                                                rtp::SessionOptions{.cname = cname_}, random_);
  return places_[line.rtp];
}

void MediaElement::Start(Instant now, Place place) {
  Line& line = *lines_[place];
  if (!line.negotiation->stream()) return;
  rtp::Stream stream = *line.negotiation->stream();
  stream.send_ptime_ms = options_.ptime_ms;
  if (options_.fault == MediaFault::kTalksOnHold) stream.direction = rtp::Direction::kSendRecv;
  Note(now, line, "Started", rtp::Receives(stream.direction) ? "receives" : "");
  line.session->Configure(now, stream, sink_);
  Execute(now, line);
}

void MediaElement::Stop(Instant now, Place place) {
  Line& line = *lines_[place];
  if (line.free_at != kNever || options_.fault == MediaFault::kNeverStops) return;
  line.session->Stop(now, sink_);
  Execute(now, line);
  line.free_at = now + kPortsRest;
  const rtp::SessionStatistics figures = line.session->statistics();
  Note(now, line, "Stopped",
       std::to_string(figures.packets_sent) + " sent, " + std::to_string(figures.packets_received) +
           " received, " + std::to_string(figures.lost) + " lost");
}

void MediaElement::Note(Instant now, const Line& line, std::string_view name, std::string_view text,
                        std::uint32_t ssrc) {
  world().trace().Add({.at = now,
                       .kind = Record::Kind::kMedia,
                       .node = party_.number(),
                       .port = line.port,
                       .name = name,
                       .text = text,
                       .call = line.call.value(),
                       .actions = ssrc});
}

void MediaElement::OnArrival(Instant now, const Arrival& arrival) {
  const auto found = places_.find(arrival.to);
  if (found == places_.end() || arrival.kind != Arrival::Kind::kDatagram) return;
  Line& line = *lines_[found->second];
  const bool is_rtcp = arrival.to == line.rtcp;
  const SocketAddress& from = world().network().address(arrival.from);
  SocketAddress peer = from;
  peer.port = party_.address().port;
  world().trace().Add({.at = now,
                       .kind = Record::Kind::kMediaArrived,
                       .node = party_.number(),
                       .peer = world().network().Find(peer).value_or(Record::kNobody),
                       .port = line.port,
                       .peer_port = static_cast<std::uint16_t>(from.port - (is_rtcp ? 1 : 0)),
                       .datagram = arrival.datagram + 1,
                       .name = is_rtcp ? "RTCP" : "RTP",
                       .text = arrival.is_duplicate ? "again" : "",
                       .wire = arrival.bytes,
                       .call = line.call.value()});
  if (is_rtcp) {
    line.session->OnRtcp(now, from, arrival.bytes, sink_);
  } else if (options_.fault != MediaFault::kHearsLess || ++line.heard % kFaultEvery != 0) {
    line.session->OnRtp(now, from, arrival.bytes, sink_);
  }
  Execute(now, line);
}

void MediaElement::OnDeadline(Instant now) {
  for (const auto& line : lines_) {
    if (line->session->next_deadline() > now) continue;
    line->session->OnDeadline(now, sink_);
    return Execute(now, *line);
  }
  FindNext();
}

void MediaElement::FindNext() {
  next_ = kNever;
  for (const auto& line : lines_) next_ = std::min(next_, line->session->next_deadline());
}

std::size_t MediaElement::left() const {
  return static_cast<std::size_t>(
      std::count_if(lines_.begin(), lines_.end(), [](const auto& line) { return line->free_at == kNever; }));
}

// A FrameDue is answered when the sink is clear: its packet is all that comes of it.
void MediaElement::Execute(Instant now, Line& line) {
  while (!sink_.empty()) {
    std::optional<rtp::action::FrameDue> due;
    for (const rtp::SessionAction& one : sink_) {
      if (const auto* transmit = std::get_if<rtp::action::TransmitRtp>(&one)) {
        Send(now, line, false, transmit->destination, transmit->wire);
      } else if (const auto* report = std::get_if<rtp::action::TransmitRtcp>(&one)) {
        Send(now, line, true, report->destination, report->wire);
      } else if (const auto* frame = std::get_if<rtp::action::Frame>(&one)) {
        Play(now, line, *frame);
      } else if (const auto* gone = std::get_if<rtp::action::SourceGone>(&one)) {
        Note(now, line, "SourceGone", gone->said_bye ? "bye" : "silent", gone->ssrc);
      } else if (const auto* frame_due = std::get_if<rtp::action::FrameDue>(&one)) {
        due = *frame_due;
      }
    }
    sink_.Clear();
    if (!due) break;
    std::array<std::int16_t, rtp::kPtimeMsMax * rtp::kSamplesPerMillisecond> storage;
    const std::span<std::int16_t> samples(storage.data(), due->samples);
    std::uint32_t timestamp = due->timestamp;
    for (std::int16_t& sample : samples) sample = rtp::g711::kMuLaw[SaidAt(timestamp++)];
    const rtp::SendResult result = line.session->SendFrame(now, samples, sink_);
    SANSIP_CHECK(result == rtp::SendResult::kSent);
  }
  FindNext();
}

void MediaElement::Send(Instant now, Line& line, bool is_rtcp, const SocketAddress& to,
                        std::string_view wire) {
  const Departure departure = world().network().SendDatagram(now, is_rtcp ? line.rtcp : line.rtp, to, wire);
  SocketAddress peer = to;
  peer.port = party_.address().port;
  world().trace().Add({.at = now,
                       .kind = departure.fate.lost ? Record::Kind::kMediaLost : Record::Kind::kMediaSent,
                       .node = party_.number(),
                       .peer = world().network().Find(peer).value_or(Record::kNobody),
                       .port = line.port,
                       .peer_port = static_cast<std::uint16_t>(to.port - (is_rtcp ? 1 : 0)),
                       .datagram = departure.datagram + 1,
                       .name = is_rtcp ? "RTCP" : "RTP",
                       .wire = wire,
                       .call = line.call.value()});
}

void MediaElement::Play(Instant now, Line& line, const rtp::action::Frame& frame) {
  std::array<char, rtp::Session::kPlayoutSamples> octets;
  const bool is_silent = frame.missing == frame.samples.size();
  if (!is_silent) rtp::Encode(rtp::Codec::kPcmu, frame.samples, octets);
  const Record record{.at = now,
                      .kind = Record::Kind::kPlayed,
                      .node = party_.number(),
                      .port = line.port,
                      .wire = {octets.data(), is_silent ? 0 : octets.size()},
                      .call = line.call.value(),
                      .actions = frame.timestamp};
  world().trace().Add(record);
  const bool again = options_.fault == MediaFault::kPlaysTwice && ++line.played % kFaultEvery == 0;
  if (again) world().trace().Add(record);
}

// ---- The user ----

void AddMedia(World& world, Node& node, const MediaElementOptions& options) {
  auto made = std::make_unique<MediaElement>(world, world.next_number(), node, options);
  auto* const user = dynamic_cast<MediaUser*>(&node.user());
  SANSIP_CHECK(user != nullptr && user->media_ == nullptr);
  user->media_ = made.get();
  world.AddElement(MediaElement::FirstAddress(node), std::move(made));
}

MediaUser::CallMedia* MediaUser::Find(CallId call) {
  const auto found = calls_.find(call.value());
  return found == calls_.end() ? nullptr : &found->second;
}

void MediaUser::ReadOffer(CallMedia& media, std::string_view offer) {
  const sdp::Outcome outcome = media_->negotiation(media.place).ReadOffer(offer);
  SANSIP_CHECK(outcome == sdp::Outcome::kAgreed || outcome == sdp::Outcome::kUnchanged);
  media.answer = media_->negotiation(media.place).body();
}

void MediaUser::OnAction(Node& node, Instant now, const UserAgentAction& action) {
  if (const auto* incoming = std::get_if<ua::Incoming>(&action)) {
    OnPlaced(now, incoming->call);
    if (!incoming->offer.empty()) ReadOffer(*Find(incoming->call), incoming->offer);
  } else if (const auto* offer = std::get_if<ua::OfferReceived>(&action)) {
    CallMedia* const media = Find(offer->call);
    if (media != nullptr && !offer->offer.empty()) ReadOffer(*media, offer->offer);
  } else if (const auto* answer = std::get_if<ua::AnswerReceived>(&action)) {
    CallMedia* const media = Find(answer->call);
    // A refresh has an answer as well, to no offer of ours.
    if (media != nullptr &&
        media_->negotiation(media->place).ReadAnswer(answer->answer) != sdp::Outcome::kNotExpected) {
      media_->Start(now, media->place);
    }
  } else if (const auto* reinvited = std::get_if<ua::Reinvited>(&action)) {
    CallMedia* const media = Find(reinvited->call);
    if (media != nullptr && reinvited->by_us && reinvited->status / 100 != 2) {
      TurnHold(*media);
      media_->negotiation(media->place).OfferRefused();
    }
  } else if (const auto* ended = std::get_if<ua::Ended>(&action)) {
    if (CallMedia* const media = Find(ended->call)) media_->Stop(now, media->place);
    calls_.erase(ended->call.value());
  }
  ScriptedUser::OnAction(node, now, action);
}

std::string_view MediaUser::Offer(Instant now) {
  if (!placing_) placing_ = media_->Open(now);
  return media_->negotiation(*placing_).MakeOffer();
}

void MediaUser::OnPlaced(Instant now, CallId call) {
  const MediaElement::Place place = placing_ ? *placing_ : media_->Open(now);
  placing_.reset();
  media_->Bind(place, call);
  calls_[call.value()] = {place, {}};
}

std::string_view MediaUser::Describe(Instant, CallId call) {
  const CallMedia* const media = Find(call);
  SANSIP_CHECK(media != nullptr);
  return media->answer.empty() ? media_->negotiation(media->place).MakeOffer() : media->answer;
}

std::string_view MediaUser::Reoffer(Instant, CallId call) {
  CallMedia* const media = Find(call);
  SANSIP_CHECK(media != nullptr);
  // The verb may be refused because of an offer that is under way, which is not to be forgotten then.
  before_ = media_->negotiation(media->place);
  TurnHold(*media);
  return media_->negotiation(media->place).MakeOffer();
}

void MediaUser::TurnHold(CallMedia& media) {
  rtp::Direction& direction = media_->negotiation(media.place).local().direction;
  const bool holds = direction == rtp::Direction::kSendOnly;
  direction = holds ? rtp::Direction::kSendRecv : rtp::Direction::kSendOnly;
}

void MediaUser::OnNotOffered(CallId call) {
  CallMedia* const media = Find(call);
  if (media != nullptr) media_->negotiation(media->place) = *before_;
}

void MediaUser::OnDescribed(Instant now, CallId call) {
  CallMedia* const media = Find(call);
  if (media == nullptr || std::exchange(media->answer, {}).empty()) return;
  media_->Start(now, media->place);
}

}  // namespace sansip::sim
