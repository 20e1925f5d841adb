#include "sansip/rtp/session.h"

#include <algorithm>

#include "sansip/core/base/check.h"

namespace sansip::rtp {
namespace {

constexpr Duration kPlayoutPeriod = std::chrono::milliseconds(20);
constexpr std::size_t kPackedEventsMax = 3;  // RFC 4733 2.5.1.5; more in one packet are not read
// RFC 3550 6.3.2: about what an SR with one block and a CNAME takes, with UDP and IP.
constexpr std::uint32_t kFirstReportOctets = 100;

Duration Milliseconds(int count) { return std::chrono::milliseconds(count); }

static_assert(Session::kPlayoutSamples == 20 * kSamplesPerMillisecond);

}  // namespace

Session::Session(Instant now, NtpTime wall, const SessionOptions& options, RandomSource& random)
    : random_(random),
      options_(options),
      epoch_(now),
      wall_at_epoch_(wall),
      // RFC 3550 5.1: first timestamp and sequence number, like the SSRC, are not to be guessed.
      send_time_(now, static_cast<std::uint32_t>(random.Next() >> 32), kClockRate),
      latest_(now),
      sources_(options.latch),
      ssrc_(static_cast<std::uint32_t>(random.Next() >> 32)),
      next_sequence_(static_cast<std::uint16_t>(random.Next() >> 48)),
      jitter_buffer_(static_cast<std::uint32_t>(
          UnitsIn(std::clamp(options.playout_delay, Duration::zero(), kPlayoutDelayMax), kClockRate))),
      event_receiver_(kDigitSilenceMax) {
  SANSIP_CHECK(!options.cname.empty() && options.rtcp_octets_per_second > 0 && options.digit_volume < 64);
  cname_size_ = std::min(options.cname.size(), cname_.size());
  std::copy_n(options.cname.begin(), cname_size_, cname_.begin());
  options_.cname = {};
}

Instant Session::Clamp(Instant now) {
  latest_ = std::max(latest_, now);
  return latest_;
}

// Ticks stand at whole periods since the epoch, so that timestamps are whole numbers of samples.
Instant Session::NextOnGrid(Instant now) const {
  const Duration since = now - epoch_;
  return epoch_ + (since / kPlayoutPeriod + 1) * kPlayoutPeriod;
}

bool Session::CanSend() const {
  return configured_ && !stopped_ && Sends(stream_.direction) &&
         stream_.remote_rtp.family != SocketAddress::Family::kNone;
}

void Session::Configure(Instant now, const Stream& stream, SessionSink& out) {
  static_cast<void>(out);
  now = Clamp(now);
  if (stopped_) return;
  SANSIP_CHECK(stream.send_ptime_ms >= kPtimeMsMin && stream.send_ptime_ms <= kPtimeMsMax);
  configured_ = true;
  stream_ = stream;
  // Whom the peer does not name while it holds, it has not moved.
  if (stream.remote_rtp.family != SocketAddress::Family::kNone) sources_.SetSignalled(stream.remote_rtp);
  if (!report_timer_)
    report_timer_.emplace(now, options_.rtcp_octets_per_second, kFirstReportOctets, random_);
  if (!CanSend()) {
    send_tick_ = kNever;
    frame_due_ = false;
    after_silence_ = sent_anything_;
  } else if (send_tick_ == kNever) {
    send_tick_ = NextOnGrid(now);
  }
  if (!CanSend() || !stream_.send_event_type) {
    event_sender_.Abandon();
    digit_count_ = 0;
  }
  if (!Receives(stream_.direction)) {
    playout_tick_ = kNever;
    jitter_buffer_.Reset();
  }
}

void Session::OnRtp(Instant now, const SocketAddress& source, std::string_view datagram, SessionSink& out) {
  now = Clamp(now);
  if (!configured_ || stopped_) return;
  Packet packet;
  if (datagram.size() > kDatagramMax || ParsePacket(datagram, packet) != PacketError::kNone) {
    ++statistics_.invalid;
    return;
  }
  if (packet.ssrc == ssrc_) {
    if (!options_.hear_reflection || source != stream_.remote_rtp) {
      return OnOwnSsrc(now, source, Port::kRtp, out);
    }
    packet.ssrc = ~ssrc_;
  }
  if (!stream_.receive.CodecOf(packet.payload_type) && stream_.receive_event_type != packet.payload_type) {
    ++statistics_.unknown_payload_type;
    return;
  }
  Source* from = sources_.OnRtp(now, packet.ssrc, source, packet.sequence);
  if (from == nullptr || from->said_bye) {
    ++statistics_.strangers;
    return;
  }
  const std::uint32_t arrival_time = send_time_.At(now);
  Sequence::Arrival arrival = from->statistics.Receive(packet.sequence, packet.timestamp, arrival_time);
  if (!from->statistics.sequence().valid()) return;
  const Source* candidate = from;
  switch (sources_.Judge(now, from, packet.sequence)) {
    case SourceTable::Trust::kStranger:
      ++statistics_.strangers;
      return;
    case SourceTable::Trust::kTrusted:
      break;
    case SourceTable::Trust::kLatched:
      // Where the source has moved its statistics go on, and have not seen this packet.
      if (from != candidate)
        arrival = from->statistics.Receive(packet.sequence, packet.timestamp, arrival_time);
      rtcp_heard_from_.reset();
      out.Append(action::RemoteLatched{source});
      break;
  }
  if (arrival == Sequence::Arrival::kJump) return;
  from->last_rtp = from->last_heard = now;
  from->heard_since_report = true;
  ++statistics_.packets_received;
  statistics_.octets_received += packet.payload.size();
  PlayPacket(now, packet, *from, arrival, out);
}

bool Session::SelectSource(Instant now, const Source& source, SessionSink& out) {
  if (played_ssrc_ == source.ssrc) return true;
  if (played_ssrc_ && now - played_last_ < kSourceSilenceMin) return false;
  played_ssrc_ = source.ssrc;
  jitter_buffer_.Reset();
  event_receiver_.Reset();
  out.Append(action::SourceChanged{source.ssrc});
  return true;
}

void Session::PlayPacket(Instant now, const Packet& packet, Source& source, Sequence::Arrival arrival,
                         SessionSink& out) {
  if (!SelectSource(now, source, out)) return;
  played_last_ = now;
  statistics_.jitter = source.statistics.jitter();
  if (arrival == Sequence::Arrival::kDuplicate) return;
  if (arrival == Sequence::Arrival::kRestarted) {
    jitter_buffer_.Reset();
    event_receiver_.Reset();
  }
  if (packet.payload_type == stream_.receive_event_type) return TakeEvents(now, packet, out);
  if (!Receives(stream_.direction)) return;
  const std::optional<Codec> codec = stream_.receive.CodecOf(packet.payload_type);
  switch (jitter_buffer_.Insert(packet.timestamp, *codec, packet.payload)) {
    case JitterBuffer::Put::kStored:
      break;
    case JitterBuffer::Put::kLate:
      ++statistics_.late;
      break;
    case JitterBuffer::Put::kTooLong:
      ++statistics_.invalid;
      break;
  }
  if (playout_tick_ == kNever && jitter_buffer_.started()) playout_tick_ = NextOnGrid(now);
}

void Session::TellDigit(const EventHeard& heard, SessionSink& out) {
  ++statistics_.digits_received;
  out.Append(action::Digit{heard.event, heard.volume, DurationOfUnits(heard.duration, kClockRate)});
}

void Session::TakeEvents(Instant now, const Packet& packet, SessionSink& out) {
  std::uint32_t timestamp = packet.timestamp;
  for (std::size_t i = 0; i < kPackedEventsMax; ++i) {
    const std::optional<EventPayload> payload = ReadEvent(packet.payload, i);
    if (!payload) return;
    const EventReceiver::Ended ended = event_receiver_.Receive(now, timestamp, *payload);
    for (std::size_t k = 0; k < ended.count; ++k) TellDigit(ended.events[k], out);
    // RFC 4733 2.5.2.4: each begins where the one before ends.
    timestamp += payload->duration;
  }
}

void Session::OnDeadline(Instant now, SessionSink& out) {
  now = Clamp(now);
  if (!configured_ || stopped_) return;
  if (playout_tick_ <= now) OnPlayoutTick(now, out);
  if (send_tick_ <= now) OnSendTick(now, out);
  if (const std::optional<EventHeard> heard = event_receiver_.OnDeadline(now)) TellDigit(*heard, out);
  if (report_timer_->deadline() <= now) OnReportDue(now, out);
}

Instant Session::next_deadline() const {
  if (!configured_ || stopped_) return kNever;
  return std::min({playout_tick_, send_tick_, event_receiver_.deadline(), report_timer_->deadline()});
}

void Session::OnPlayoutTick(Instant now, SessionSink& out) {
  if (now - playout_tick_ > kStallMax) {
    const std::int64_t skipped = (now - playout_tick_) / kPlayoutPeriod;
    playout_tick_ += skipped * kPlayoutPeriod;
    jitter_buffer_.Skip(static_cast<std::uint32_t>(skipped) * kPlayoutSamples);
    statistics_.ticks_skipped += static_cast<std::uint64_t>(skipped);
  }
  playout_tick_ += kPlayoutPeriod;
  const JitterBuffer::Taken taken = jitter_buffer_.Take(playout_);
  statistics_.samples_missing += taken.lost;
  out.Append(action::Frame{playout_, taken.timestamp, taken.missing});
}

void Session::OnSendTick(Instant now, SessionSink& out) {
  const Duration period = Milliseconds(stream_.send_ptime_ms);
  if (now - send_tick_ > kStallMax) {
    const std::int64_t skipped = (now - send_tick_) / period;
    send_tick_ += skipped * period;
    statistics_.ticks_skipped += static_cast<std::uint64_t>(skipped);
    after_silence_ = sent_anything_;
  }
  // RFC 3551 4.1: a frame that was due and never came is silence.
  if (frame_due_) after_silence_ = sent_anything_;
  frame_due_ = false;
  const Instant tick = send_tick_;
  send_tick_ += period;
  if (!event_sender_.active() && digit_count_ != 0 && tick >= digit_not_before_) {
    const QueuedDigit digit = digits_[digit_first_];
    digit_first_ = (digit_first_ + 1) % kDigitsQueuedMax;
    --digit_count_;
    event_sender_.Start(digit.event, options_.digit_volume, send_time_.At(tick), digit.length);
    digit_not_before_ = tick + DurationOfUnits(digit.length, kClockRate) + kDigitPause;
  }
  if (event_sender_.active()) return SendEvent(tick, out);
  frame_due_ = true;
  frame_samples_ = static_cast<std::uint32_t>(stream_.send_ptime_ms) * kSamplesPerMillisecond;
  frame_timestamp_ = send_time_.At(tick);
  out.Append(action::FrameDue{frame_samples_, frame_timestamp_});
}

void Session::SendEvent(Instant tick, SessionSink& out) {
  const EventSender::Update update =
      event_sender_.Next(static_cast<std::uint32_t>(stream_.send_ptime_ms) * kSamplesPerMillisecond);
  WriteEvent(update.payload, std::span(rtp_wire_).subspan(kHeaderOctets));
  Transmit(*stream_.send_event_type, update.marker, update.timestamp, kEventOctets, out);
  if (event_sender_.active()) return;
  ++statistics_.digits_sent;
  digit_not_before_ = std::max(digit_not_before_, tick + Milliseconds(stream_.send_ptime_ms));
}

void Session::Transmit(std::uint8_t payload_type, bool marker, std::uint32_t timestamp,
                       std::size_t payload_octets, SessionSink& out) {
  WriteHeader({marker, payload_type, next_sequence_++, timestamp, ssrc_}, rtp_wire_);
  ++ssrc_packets_;
  ssrc_octets_ += static_cast<std::uint32_t>(payload_octets);
  ++statistics_.packets_sent;
  statistics_.octets_sent += payload_octets;
  sent_anything_ = sent_since_report_ = true;
  // RFC 4961: where the peer's packets come from is where it receives, once that is settled.
  out.Append(action::TransmitRtp{sources_.latched().value_or(stream_.remote_rtp),
                                 {rtp_wire_.data(), kHeaderOctets + payload_octets}});
}

SendResult Session::SendFrame(Instant now, std::span<const std::int16_t> samples, SessionSink& out) {
  Clamp(now);
  if (!frame_due_ || !CanSend()) return SendResult::kNotDue;
  if (samples.size() != frame_samples_) return SendResult::kWrongSize;
  frame_due_ = false;
  Encode(stream_.send.codec, samples, std::span(rtp_wire_).subspan(kHeaderOctets, samples.size()));
  Transmit(stream_.send.payload_type, after_silence_, frame_timestamp_, samples.size(), out);
  after_silence_ = false;
  return SendResult::kSent;
}

DigitResult Session::SendDigit(Instant now, std::uint8_t event, Duration length) {
  Clamp(now);
  if (!CanSend() || !stream_.send_event_type) return DigitResult::kNotNegotiated;
  if (!stream_.send_events[event]) return DigitResult::kNotTaken;
  if (digit_count_ == kDigitsQueuedMax) return DigitResult::kQueueFull;
  const std::int64_t units = UnitsIn(std::clamp(length, kDigitMin, kDigitMax), kClockRate);
  digits_[(digit_first_ + digit_count_++) % kDigitsQueuedMax] = {event, static_cast<std::uint32_t>(units)};
  return DigitResult::kQueued;
}

void Session::Stop(Instant now, SessionSink& out) {
  now = Clamp(now);
  if (stopped_) return;
  // RFC 3550 6.3.7: who never sent says no BYE.
  if (configured_ && sent_anything_) TransmitReport(now, true, out);
  stopped_ = true;
}

SessionStatistics Session::statistics() const {
  SessionStatistics statistics = statistics_;
  statistics.lost = sources_.lost();
  return statistics;
}

bool Session::IsConsistent() const {
  return digit_count_ <= kDigitsQueuedMax && conflict_count_ <= kConflictsMax &&
         (!configured_ || report_timer_.has_value()) && (!frame_due_ || send_tick_ != kNever) &&
         (playout_tick_ == kNever || Receives(stream_.direction)) && !sources_.HasSsrc(ssrc_);
}

}  // namespace sansip::rtp
