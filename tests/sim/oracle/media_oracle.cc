#include "sansip/tests/sim/oracle/media_oracle.h"

#include <algorithm>
#include <charconv>

#include "sansip/rtp/jitter_buffer.h"
#include "sansip/rtp/packet.h"
#include "sansip/rtp/rtcp/packet.h"
#include "sansip/tests/sim/media.h"
#include "sansip/tests/sim/random.h"

namespace sansip::sim {
namespace {

constexpr std::int64_t kDelay = 320;                             // samples: SessionOptions::playout_delay
constexpr std::uint32_t kLateMax = rtp::JitterBuffer::kLateMax;  // then it begins anew, with what is older
constexpr std::int64_t kLeadMax = rtp::JitterBuffer::kLeadMax;
constexpr std::size_t kSeenMax = 128;         // copies come within a second
constexpr std::size_t kPacketsHereMax = 100;  // more than wait to be heard
constexpr std::uint8_t kSilence = 0xFF;       // of PCMU
constexpr std::int64_t kCycle = std::int64_t{1} << 16;

// Read without the stack's own parser.
bool ReadAudio(std::string_view wire, std::uint16_t& port, bool& sends, bool& receives) {
  const std::size_t body_at = wire.find("\r\n\r\n");
  if (body_at == std::string_view::npos) return false;
  const std::string_view body = wire.substr(body_at + 4);
  constexpr std::string_view kMedia = "\r\nm=audio ";
  const std::size_t media_at = body.find(kMedia);
  if (media_at == std::string_view::npos) return false;
  const char* const digits = body.data() + media_at + kMedia.size();
  if (std::from_chars(digits, body.data() + body.size(), port).ec != std::errc()) return false;
  const auto has = [&](std::string_view line) { return body.find(line) != std::string_view::npos; };
  const bool is_inactive = port == 0 || has("\r\na=inactive\r\n");
  sends = !is_inactive && !has("\r\na=recvonly\r\n");
  receives = !is_inactive && !has("\r\na=sendonly\r\n");
  return true;
}

}  // namespace

void Oracles::Media::Add(const char* oracle, const Record& record, std::string text) {
  findings_.push_back(
      {oracle, record.at, record.node, "port " + std::to_string(record.port) + ", " + std::move(text)});
}

// ---- Offers and answers ----

void Oracles::Media::Settle(Exchange& exchange, bool offer_was_ours, const Described& offer,
                            const Described& answer) {
  exchange.local = offer_was_ours ? offer : answer;
  exchange.remote = offer_was_ours ? answer : offer;
}

void Oracles::Media::OnMessage(const SeenMessage& seen) {
  const bool by_us = seen.is_sent() == seen.is_request;  // the request that it is, or that it answers
  const std::size_t side = by_us ? 0 : 1;
  const Key key(seen.record->node, seen.call_id);
  Described described;
  if (ReadAudio(seen.record->wire, described.port, described.sends, described.receives)) {
    const bool is_new = TakeDescription(exchanges_[key], seen, described, by_us);
    if (is_new && seen.is_sent()) call_of_[{key.first, described.port}] = key.second;
    return;
  }
  const auto found = exchanges_.find(key);
  if (found == exchanges_.end() || seen.is_request || seen.status < 300) return;
  std::optional<Exchange::Offer>& open = found->second.in_request[side];
  if (open && open->cseq == seen.cseq) open.reset();
}

bool Oracles::Media::TakeDescription(Exchange& exchange, const SeenMessage& seen, const Described& described,
                                     bool by_us) {
  const std::size_t side = by_us ? 0 : 1;
  std::optional<Exchange::Offer>& in_request = exchange.in_request[side];
  std::optional<Exchange::Offer>& in_response = exchange.in_response[side];
  const bool may_answer_response = seen.method == Method::kAck || seen.method == Method::kPrack;
  if (seen.is_request && may_answer_response) {
    if (!in_response) return false;
    Settle(exchange, !by_us, in_response->description, described);
    in_response.reset();
    return true;
  }
  if (seen.is_request) {
    if (seen.cseq <= exchange.request_cseq[side]) return false;  // a copy, or late
    exchange.request_cseq[side] = seen.cseq;
    in_request = {described, seen.cseq};
    return true;
  }
  if (seen.status >= 300 || seen.cseq <= exchange.answered_cseq[side]) return false;
  exchange.answered_cseq[side] = seen.cseq;
  if (in_request && in_request->cseq == seen.cseq) {
    Settle(exchange, by_us, in_request->description, described);
    in_request.reset();
  } else {
    in_response = {described, seen.cseq};
  }
  return true;
}

void Oracles::Media::CheckMaySend(const Record& record) {
  const auto call = call_of_.find({record.node, record.port});
  if (call == call_of_.end()) return Add("media as agreed", record, "RTP before any description of it");
  const Exchange& exchange = exchanges_[{record.node, call->second}];
  if (!exchange.local || !exchange.remote) return Add("media as agreed", record, "RTP before the answer");
  if (!exchange.local->sends || !exchange.remote->receives)
    return Add("media as agreed", record, "RTP although the call is held");
  if (exchange.remote->port != record.peer_port)
    return Add("media as agreed", record, "RTP to port " + std::to_string(record.peer_port));
}

// ---- Packets ----

void Oracles::Media::OnRecord(const Record& record) {
  switch (record.kind) {
    case Record::Kind::kEvent:
      if (record.name == "Ended") ended_.emplace(Key(record.node, record.call), record.at);
      return;
    case Record::Kind::kMediaSent:
    case Record::Kind::kMediaLost:
      return OnSent(record);
    case Record::Kind::kMediaArrived:
      return OnArrived(record);
    case Record::Kind::kPlayed:
      return OnPlayed(record);
    case Record::Kind::kMedia:
      return OnMedia(record);
    default:
      return;
  }
}

void Oracles::Media::OnSent(const Record& record) {
  if (record.kind == Record::Kind::kMediaSent)
    under_way_[record.datagram] = {record.at, record.node, record.wire_hash};
  Line& line = lines_[{record.node, record.port}];
  const auto ended = ended_.find({record.node, record.call});
  const bool is_over = ended != ended_.end();
  if (record.name == "RTCP") {
    if (is_over && ended->second != record.at) Add("media ends", record, "RTCP after the call");
    return OnRtcpSent(line, record);
  }
  if (is_over) return Add("media ends", record, "RTP after the call");
  CheckMaySend(record);
  OnRtpSent(line, record);
}

void Oracles::Media::OnRtpSent(Line& line, const Record& record) {
  rtp::Packet packet;
  if (rtp::ParsePacket(record.wire, packet) != rtp::PacketError::kNone)
    return Add("media packets", record, "sent what is no RTP");
  line.sent_anything = true;
  ++line.sent;
  if (line.sequence && packet.sequence != static_cast<std::uint16_t>(*line.sequence + 1)) {
    Add("media packets", record,
        "sequence number " + std::to_string(packet.sequence) + " after " + std::to_string(*line.sequence));
  }
  line.sequence = packet.sequence;
}

void Oracles::Media::OnRtcpSent(Line& line, const Record& record) {
  line.sent_anything = true;
  std::optional<rtcp::Compound> compound = rtcp::Compound::Read(record.wire);
  if (!compound) return Add("media packets", record, "sent what is no RTCP");
  while (const std::optional<rtcp::Packet> packet = compound->Next()) {
    if (packet->type == rtcp::kBye) line.bye_at = record.at;
    const bool is_report = packet->type == rtcp::kSenderReport || packet->type == rtcp::kReceiverReport;
    const std::optional<rtcp::Report> report = is_report ? rtcp::Report::Read(*packet) : std::nullopt;
    if (!report) continue;
    if (report->sender_info() && report->sender_info()->packet_count != line.sent) {
      Add("media reports", record,
          std::to_string(report->sender_info()->packet_count) + " packets said to be sent, not " +
              std::to_string(line.sent));
    }
    for (std::size_t i = 0; i < report->block_count(); ++i) {
      const rtcp::ReportBlock block = report->block(i);
      CheckBlock(line, record, block.ssrc, block.extended_highest, block.cumulative_lost,
                 block.fraction_lost);
    }
    for (auto& [ssrc, source] : line.sources) {
      if (std::exchange(source.was_heard, false) && !source.said_bye)
        Add("media reports", record, "a source that was heard is left out");
    }
  }
}

void Oracles::Media::CheckBlock(Line& line, const Record& record, std::uint32_t ssrc, std::uint32_t highest,
                                std::int64_t lost, std::uint32_t fraction) {
  const auto found = line.sources.find(ssrc);
  if (found == line.sources.end() || !found->second.is_valid)
    return Add("media reports", record, "a report of who was never heard");
  Source& source = found->second;
  source.was_heard = false;
  const std::int64_t expected = source.expected() - source.expected_before;
  const std::int64_t received = source.received - source.received_before;
  source.expected_before = source.expected();
  source.received_before = source.received;
  const std::int64_t missing = std::max<std::int64_t>(0, expected - received);
  const std::int64_t share = expected <= 0 ? 0 : std::min<std::int64_t>(255, missing * 256 / expected);
  const auto check = [&](const char* what, std::int64_t said, std::int64_t right) {
    if (said == right) return;
    Add("media reports", record,
        std::string(what) + " " + std::to_string(said) + ", not " + std::to_string(right));
  };
  check("highest", highest, source.highest);
  check("lost", lost, source.expected() - source.received);
  check("fraction lost", fraction, share);
}

void Oracles::Media::OnArrived(const Record& record) {
  const auto sent = under_way_.find(record.datagram);
  if (sent != under_way_.end()) {
    if (sent->second.wire != record.wire_hash) Add("media arrives", record, "not as it was sent");
    under_way_.erase(sent);
  }
  const auto line = lines_.find({record.node, record.port});
  if (record.name == "RTP" && line != lines_.end() && line->second.is_started) Count(line->second, record);
}

void Oracles::Media::Count(Line& line, const Record& record) {
  rtp::Packet packet;
  if (rtp::ParsePacket(record.wire, packet) != rtp::PacketError::kNone) return;
  Source& source = line.sources[packet.ssrc];
  if (source.said_bye) return;
  if (!source.is_valid) {
    // RFC 3550 A.1: two packets in sequence.
    source.is_valid = source.has_any && packet.sequence == static_cast<std::uint16_t>(source.last + 1);
    source.has_any = true;
    source.last = packet.sequence;
    if (!source.is_valid) return;
    source.base = source.highest = packet.sequence;
    source.seen.clear();
    line.hearing = {};
  }
  const auto ahead = static_cast<std::int16_t>(packet.sequence - source.highest % kCycle);
  const std::int64_t number = source.highest + ahead;
  if (ahead > 0) source.highest = number;
  ++source.received;
  ++line.received;
  source.was_heard = true;
  const bool is_new = source.seen.insert(number).second;
  if (source.seen.size() > kSeenMax) source.seen.erase(source.seen.begin());
  if (is_new && line.receives) Hear(line.hearing, packet.timestamp, packet.payload.size());
}

void Oracles::Media::Hear(Hearing& hearing, std::uint32_t timestamp, std::size_t size) {
  if (!hearing.is_begun) {
    hearing = {};
    hearing.is_begun = true;
    hearing.zero = timestamp;
    hearing.next = -kDelay;
  }
  const std::int64_t begin = static_cast<std::int32_t>(timestamp - hearing.zero);
  const std::int64_t end = begin + static_cast<std::int64_t>(size);
  if (end <= hearing.next) {
    if (++hearing.late < kLateMax) return;
    hearing.here.clear();
    hearing.next = begin - kDelay;
  }
  hearing.late = 0;
  // Too far ahead: what lies between is left out.
  if (end - hearing.next > kDelay + kLeadMax) hearing.next = begin - kDelay;
  hearing.here[begin] = end;
  if (hearing.here.size() > kPacketsHereMax) hearing.here.erase(hearing.here.begin());
}

void Oracles::Media::OnPlayed(const Record& record) {
  const auto found = lines_.find({record.node, record.port});
  if (found == lines_.end() || !found->second.hearing.is_begun)
    return Add("media heard", record, "a frame of nobody's");
  Hearing& hearing = found->second.hearing;
  const std::int64_t begin = static_cast<std::int32_t>(record.actions - hearing.zero);
  if (begin < hearing.next) return Add("media heard", record, "a frame out of order, or twice");
  constexpr std::int64_t kFrame = rtp::Session::kPlayoutSamples;
  hearing.next = begin + kFrame;
  std::string what;
  for (std::int64_t i = 0; i < kFrame; ++i) {
    const std::int64_t at = begin + i;
    const auto behind = hearing.here.upper_bound(at);
    const bool is_here = behind != hearing.here.begin() && std::prev(behind)->second > at;
    const std::uint8_t heard =
        record.wire.empty() ? kSilence : static_cast<std::uint8_t>(record.wire[static_cast<std::size_t>(i)]);
    const std::uint8_t right = is_here ? SaidAt(record.actions + static_cast<std::uint32_t>(i)) : kSilence;
    if (heard == right) continue;
    what = is_here ? heard == kSilence ? "silence in the place of what was there" : "something else"
                   : "what has not come";
  }
  if (!what.empty()) Add("media heard", record, what);
  while (!hearing.here.empty() && hearing.here.begin()->second <= hearing.next)
    hearing.here.erase(hearing.here.begin());
}

void Oracles::Media::OnMedia(const Record& record) {
  const Key key(record.node, record.port);
  Line& line = lines_[key];
  if (record.name == "Started") {
    line.is_started = true;
    line.receives = !record.text.empty();
    if (!line.receives) line.hearing = {};
  } else if (record.name == "SourceGone") {
    Source& source = line.sources[record.actions];
    if (record.text == "bye") {
      source.said_bye = true;
    } else {
      line.lost += source.expected() - source.received;
      source = {};
    }
  } else if (record.name == "Stopped") {
    for (const auto& [ssrc, source] : line.sources) line.lost += source.expected() - source.received;
    const std::string right = std::to_string(line.sent) + " sent, " + std::to_string(line.received) +
                              " received, " + std::to_string(line.lost) + " lost";
    if (record.text != right) {
      Add("media figures", record, std::string(record.text) + "; it is " + right);
    }
    if (line.sent_anything && line.bye_at != record.at) Add("media ends", record, "without a BYE");
    lines_.erase(key);
    ended_.erase({record.node, record.call});
    call_of_.erase(key);
  }
}

void Oracles::Media::Finish() {
  std::map<std::uint64_t, Sent> left(under_way_.begin(), under_way_.end());
  for (const auto& [datagram, sent] : left)
    findings_.push_back({"media arrives", sent.at, sent.node, "a packet that was not lost never came"});
}

}  // namespace sansip::sim
