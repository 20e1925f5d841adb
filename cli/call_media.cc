#include "sansip/cli/call_media.h"

#include <algorithm>
#include <utility>

#include "fmt/core.h"

namespace sansip::cli {
namespace {

std::string_view NameOf(rtp::Codec codec) { return codec == rtp::Codec::kPcmu ? "PCMU" : "PCMA"; }

double Milliseconds(double samples) { return samples / 8; }  // at 8000 Hz

}  // namespace

std::string RecordPathOf(const std::string& path, std::uint64_t call) {
  if (path.empty() || call == 1) return path;
  const std::size_t slash = path.rfind('/');
  const std::size_t dot = path.rfind('.');
  const bool has_ending = dot != std::string::npos && (slash == std::string::npos || dot > slash);
  const std::size_t end = has_ending ? dot : path.size();
  return fmt::format("{}-{}{}", path.substr(0, end), call, path.substr(end));
}

rtp::MediaOptions MediaOptionsOf(const MediaChoice& choice, const SocketAddress& local) {
  rtp::MediaOptions options;
  options.local = local;
  options.port_min = choice.ports.min;
  options.port_max = choice.ports.max;
  if (choice.echo) options.play = rtp::Play::kEcho;
  if (!choice.play_path.empty()) options.play = rtp::Play::kFile;
  if (choice.tone_hz) options.play = rtp::Play::kTone;
  options.tone_hz = choice.tone_hz.value_or(options.tone_hz);
  options.listen_hz = choice.tone_hz.value_or(0);
  options.play_path = choice.play_path;
  options.hear_reflection = true;  // test tools echo packets as they are
  // RFC 4961 for peers behind a NAT, or whose SDP names another of their addresses; the session's law 4 keeps
  // strangers from taking over.
  options.latch = rtp::LatchPolicy::kAnyHost;
  return options;
}

absl::StatusOr<std::unique_ptr<CallMedia>> CallMedia::Open(EventLoop& loop, RandomSource& random,
                                                           const MediaChoice& choice,
                                                           const SocketAddress& local, std::uint64_t call) {
  rtp::MediaOptions options = MediaOptionsOf(choice, local);
  options.record_path = RecordPathOf(choice.record_path, call);
  auto endpoint = rtp::MediaEndpoint::Open(loop, random, options);
  if (!endpoint.ok()) return endpoint.status();
  sdp::LocalMedia media;
  media.rtp = (*endpoint)->local_rtp();
  return std::unique_ptr<CallMedia>(new CallMedia(
      *std::move(endpoint), sdp::Negotiation(std::move(media), random.Next()), options.record_path));
}

absl::StatusOr<std::unique_ptr<CallMedia>> CallMedia::Resume(EventLoop& loop, RandomSource& random,
                                                             const MediaChoice& choice,
                                                             std::string_view local, std::string_view remote,
                                                             std::uint64_t call) {
  const std::optional<SocketAddress> address = sdp::ReceivesAt(local);
  if (!address) return absl::InvalidArgumentError("the session of the call cannot be taken up again");
  MediaChoice same = choice;
  same.ports = {.min = address->port, .max = static_cast<std::uint16_t>(address->port + 1)};
  auto media = Open(loop, random, same, *address, call);
  const bool is_taken = absl::IsResourceExhausted(media.status());
  if (is_taken) media = Open(loop, random, choice, *address, call);
  if (!media.ok()) return media;
  if ((*media)->negotiation_.Resume(local, remote) != sdp::Outcome::kAgreed) {
    return absl::InvalidArgumentError("the session of the call cannot be taken up again");
  }
  (*media)->is_chosen_ = true;
  (*media)->has_moved_ = is_taken;
  return media;
}

CallMedia::CallMedia(std::unique_ptr<rtp::MediaEndpoint> endpoint, sdp::Negotiation negotiation,
                     std::string record_path)
    : endpoint_(std::move(endpoint)),
      negotiation_(std::move(negotiation)),
      record_path_(std::move(record_path)) {}

const std::string& CallMedia::MakeOffer() {
  const std::string& offer = negotiation_.MakeOffer();
  if (is_chosen_) return offer;
  offered_ = negotiation_;
  // RFC 3264 5.1: media may be faster than the answer.
  endpoint_->Configure(negotiation_.OfferedStream());
  return offer;
}

sdp::Outcome CallMedia::ReadAnswer(DialogId dialog, std::string_view answer) {
  if (!offered_) return negotiation_.ReadAnswer(answer);
  const auto known =
      std::find_if(forks_.begin(), forks_.end(), [&](const Fork& fork) { return fork.dialog == dialog; });
  Fork& fork = known == forks_.end() ? forks_.emplace_back(Fork{dialog, *offered_}) : *known;
  const sdp::Outcome outcome = fork.negotiation.ReadAnswer(answer);
  if (outcome == sdp::Outcome::kAgreed || outcome == sdp::Outcome::kUnchanged)
    negotiation_ = fork.negotiation;
  return outcome;
}

void CallMedia::OfferRefused() {
  negotiation_.OfferRefused();
  endpoint_->StayPut();
  negotiation_.local().rtp = endpoint_->local_rtp();
}

absl::Status CallMedia::Move() {
  absl::Status status = endpoint_->Move();
  negotiation_.local().rtp = endpoint_->local_rtp();
  return status;
}

sdp::Outcome CallMedia::ReadOffer(std::string_view offer) { return negotiation_.ReadOffer(offer); }

std::string CallMedia::RefuseAll(std::string_view offer) { return negotiation_.RefuseAll(offer); }

void CallMedia::Choose(DialogId dialog) {
  is_chosen_ = true;
  if (!offered_) return;
  const auto fork =
      std::find_if(forks_.begin(), forks_.end(), [&](const Fork& one) { return one.dialog == dialog; });
  negotiation_ = fork == forks_.end() ? *offered_ : fork->negotiation;
  offered_.reset();
  forks_.clear();
}

void CallMedia::TurnCodecsAround() {
  std::vector<rtp::Codec>& codecs = negotiation_.local().codecs;
  const bool is_first = !has_stream() || negotiation_.stream()->send.codec == codecs.front();
  if (is_first) std::reverse(codecs.begin(), codecs.end());
}

void CallMedia::Start() {
  // RFC 3264 8.2: of a stream that was taken away nothing is sent any more.
  const bool was_started = std::exchange(is_started_, true);
  if (!negotiation_.stream() && !was_started) return;
  rtp::Stream none;
  none.direction = rtp::Direction::kInactive;
  none.sends_rtcp = false;
  endpoint_->Configure(negotiation_.stream().value_or(none));
}

std::string CallMedia::codec() const {
  return has_stream() ? std::string(NameOf(negotiation_.stream()->send.codec)) : std::string();
}

std::string CallMedia::remote_rtp() const {
  if (!has_stream() || negotiation_.stream()->remote_rtp.family == SocketAddress::Family::kNone) return {};
  return std::string(TextOf(negotiation_.stream()->remote_rtp).view());
}

MediaFacts CallMedia::FactsOf(const rtp::MediaStatistics& heard) const {
  const rtp::SessionStatistics& session = heard.session;
  return {.packets_sent = session.packets_sent,
          .packets_received = session.packets_received,
          .packets_lost = session.lost,
          .jitter_ms = Milliseconds(session.jitter),
          .missing_ms = Milliseconds(static_cast<double>(session.samples_missing)),
          .round_trip_ms = static_cast<double>(session.round_trip.count()) / 1e6,
          .digits = heard.digits,
          .strongest_hz = heard.strongest_hz,
          .level_dbm0 = heard.level_dbm0,
          .recorded = record_path_};
}

}  // namespace sansip::cli
