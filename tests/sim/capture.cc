#include "sansip/tests/sim/capture.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "sansip/core/base/address.h"
#include "sansip/core/message/framer.h"
#include "sansip/tests/sim/capture_file.h"
#include "sansip/tests/sim/node.h"

namespace sansip::sim {
namespace {

constexpr std::uint32_t kTypeIpv4 = 0x0800, kTypeIpv6 = 0x86DD;
constexpr std::uint32_t kUdp = 17, kTcp = 6;

struct Datagram {
  SocketAddress from, to;
  std::uint32_t protocol = 0;
  std::string_view bytes;  // with the UDP or TCP header
};

enum class Taken { kWell, kOther, kFragment, kCutOff };

bool IsIp(std::uint32_t ethernet_type) { return ethernet_type == kTypeIpv4 || ethernet_type == kTypeIpv6; }

// The IP packet in a link layer's frame; nullopt: something else.
std::optional<std::string_view> IpPacketOf(const Packet& packet) {
  Octets octets(packet.bytes);
  std::uint32_t type = 0;
  switch (packet.link_type) {
    case 0:    // loopback of BSD: an address family, in the byte order of who captured
    case 108:  // of OpenBSD
      octets.Skip(4);
      return octets.Rest();
    case 12:
    case 14:
    case 101:  // raw IP
    case 228:
    case 229:
      return octets.Rest();
    case 1:  // Ethernet
      octets.Skip(12);
      type = octets.Number(2);
      for (int tags = 0; tags < 4 && (type == 0x8100 || type == 0x88A8); ++tags) {
        octets.Skip(2);
        type = octets.Number(2);
      }
      break;
    case 113:  // Linux cooked
      octets.Skip(14);
      type = octets.Number(2);
      break;
    case 276:  // Linux cooked, version 2
      type = octets.Number(2);
      octets.Skip(18);
      break;
    default:
      return std::nullopt;
  }
  if (!octets.ok() || !IsIp(type)) return std::nullopt;
  return octets.Rest();
}

SocketAddress AddressOf(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (bytes.size() == 4) {
      text += (i == 0 ? "" : ".") + std::to_string(byte);
    } else {
      if (i > 0 && i % 2 == 0) text += ':';
      text += {kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return ParseIp(text, 0).value_or(SocketAddress{});
}

Taken TakeIpv4(std::string_view bytes, Datagram& datagram) {
  Octets octets(bytes);
  const std::size_t header = std::size_t{octets.Number(1) & 15} * 4;
  octets.Skip(1);
  const std::size_t total = octets.Number(2);
  octets.Skip(2);
  const std::uint32_t fragment = octets.Number(2);
  octets.Skip(1);
  datagram.protocol = octets.Number(1);
  octets.Skip(2);
  datagram.from = AddressOf(octets.Take(4));
  datagram.to = AddressOf(octets.Take(4));
  if (!octets.ok() || header < 20) return Taken::kOther;
  if ((fragment & 0x3FFF) != 0) return Taken::kFragment;
  // 0: segmentation was left to the network card.
  const std::size_t end = total == 0 ? bytes.size() : total;
  if (end > bytes.size()) return Taken::kCutOff;
  if (header > end) return Taken::kOther;
  datagram.bytes = bytes.substr(header, end - header);
  return Taken::kWell;
}

Taken TakeIpv6(std::string_view bytes, Datagram& datagram) {
  Octets octets(bytes);
  octets.Skip(4);
  const std::size_t length = octets.Number(2);
  std::uint32_t next = octets.Number(1);
  octets.Skip(1);
  datagram.from = AddressOf(octets.Take(16));
  datagram.to = AddressOf(octets.Take(16));
  if (!octets.ok()) return Taken::kOther;
  if (length > octets.Rest().size()) return Taken::kCutOff;
  Octets payload(length == 0 ? octets.Rest() : octets.Rest().substr(0, length));
  // Hop-by-hop options, routing, destination options.
  for (int headers = 0; headers < 8 && (next == 0 || next == 43 || next == 60); ++headers) {
    next = payload.Number(1);
    payload.Skip(std::size_t{payload.Number(1)} * 8 + 6);
  }
  if (!payload.ok()) return Taken::kOther;
  if (next == 44) return Taken::kFragment;
  datagram.protocol = next;
  datagram.bytes = payload.Rest();
  return Taken::kWell;
}

Taken TakeIp(std::string_view bytes, Datagram& datagram) {
  const std::uint32_t version = Octets(bytes).Number(1) >> 4;
  if (version == 4) return TakeIpv4(bytes, datagram);
  if (version == 6) return TakeIpv6(bytes, datagram);
  return Taken::kOther;
}

// Does it begin with a start-line of SIP?
bool IsSip(std::string_view bytes) {
  const std::string_view line = bytes.substr(0, std::min<std::size_t>(bytes.find('\r'), 1024));
  if (line.starts_with("SIP/2.0 ")) return true;
  return line.ends_with(" SIP/2.0") && std::count(line.begin(), line.end(), ' ') == 2 && line[0] >= 'A' &&
         line[0] <= 'Z';
}

std::string TextOf(std::string_view wire) {
  std::string text = MessageText(wire);
  if (text == "?") text = "? " + std::string(wire.substr(0, std::min<std::size_t>(wire.find('\r'), 40)));
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';  // a terminal is not to obey a capture
  }
  return text;
}

// One direction of a TCP connection, put together again.
class Direction {
 public:
  template <typename OnMessage>
  void OnSegment(std::uint32_t sequence, std::string_view bytes, bool is_syn, CaptureFigures& figures,
                 OnMessage&& on_message) {
    if (is_syn || !is_begun_) Begin(sequence + (is_syn ? 1 : 0));
    if (is_syn) BeginMessages();  // from the first byte on
    if (bytes.empty()) return;
    if (Ahead(sequence) > 0) {
      waiting_.emplace(sequence, std::string(bytes));
      if (waiting_.size() <= kWaitingMax) return;
      // What is missing was not captured.
      ++figures.gaps;
      Begin(Earliest());
    } else {
      Feed(sequence, bytes, figures, on_message);
    }
    for (auto next = FindReady(); next != waiting_.end(); next = FindReady()) {
      const auto node = waiting_.extract(next);
      Feed(node.key(), node.mapped(), figures, on_message);
    }
  }

 private:
  static constexpr std::size_t kWaitingMax = 32;

  // How far after what is expected; sequence numbers turn around (RFC 9293 3.4).
  std::int32_t Ahead(std::uint32_t sequence) const { return static_cast<std::int32_t>(sequence - expected_); }

  void Begin(std::uint32_t sequence) {
    is_begun_ = true;
    expected_ = sequence;
    framer_ = nullptr;
  }
  void BeginMessages() { framer_ = std::make_unique<Framer>(ParseLimits{}); }
  std::uint32_t Earliest() const {
    return std::min_element(waiting_.begin(), waiting_.end(),
                            [this](const auto& a, const auto& b) { return Ahead(a.first) < Ahead(b.first); })
        ->first;
  }
  std::map<std::uint32_t, std::string>::iterator FindReady() {
    return std::find_if(waiting_.begin(), waiting_.end(),
                        [this](const auto& segment) { return Ahead(segment.first) <= 0; });
  }

  template <typename OnMessage>
  void Feed(std::uint32_t sequence, std::string_view bytes, CaptureFigures& figures, OnMessage&& on_message) {
    const auto known = static_cast<std::size_t>(-static_cast<std::int64_t>(Ahead(sequence)));
    if (known >= bytes.size()) return;  // sent again
    bytes.remove_prefix(known);
    expected_ += static_cast<std::uint32_t>(bytes.size());
    while (!bytes.empty()) {
      if (framer_ == nullptr) {
        // In the middle of something: the next segment that begins like SIP is where to get on.
        if (!IsSip(bytes) && bytes.find_first_not_of("\r\n") != std::string_view::npos) {
          figures.unframed += bytes.size();
          return;
        }
        BeginMessages();
      }
      const std::span<char> room = framer_->Writable();
      const std::size_t size = std::min(room.size(), bytes.size());
      std::memcpy(room.data(), bytes.data(), size);
      framer_->Commit(size);
      bytes.remove_prefix(size);
      if (!TakeFrames(on_message)) {
        framer_ = nullptr;
        figures.unframed += bytes.size();
        return;
      }
    }
  }

  template <typename OnMessage>
  bool TakeFrames(OnMessage&& on_message) {
    for (Frame frame = framer_->Next(); frame.kind != Frame::Kind::kNeedMore; frame = framer_->Next()) {
      if (frame.kind == Frame::Kind::kError) return false;
      if (frame.kind == Frame::Kind::kMessage) on_message(frame.bytes);
    }
    return true;
  }

  bool is_begun_ = false;
  std::uint32_t expected_ = 0;
  std::unique_ptr<Framer> framer_;  // null: not at a message's beginning
  std::map<std::uint32_t, std::string> waiting_;
};

class Reading {
 public:
  Reading(Trace& trace, std::vector<std::string>& names, CaptureFigures& figures, const CaptureLimits& limits)
      : trace_(trace), names_(names), figures_(figures), limits_(limits) {}

  void OnPacket(const Packet& packet) {
    if (figures_.packets++ == 0) begin_ = packet.at;
    now_ = std::max(now_, Instant(packet.at - begin_));  // a clock that was set back stands still
    const std::optional<std::string_view> ip = IpPacketOf(packet);
    if (!ip) return;
    Datagram datagram;
    Taken taken = TakeIp(*ip, datagram);
    if (packet.is_cut_off && taken == Taken::kWell) taken = Taken::kCutOff;
    figures_.cut_off += taken == Taken::kCutOff;
    figures_.fragments += taken == Taken::kFragment;
    if (taken != Taken::kWell) return;
    Octets octets(datagram.bytes);
    datagram.from.port = static_cast<std::uint16_t>(octets.Number(2));
    datagram.to.port = static_cast<std::uint16_t>(octets.Number(2));
    if (datagram.protocol == kUdp) OnUdp(datagram, octets);
    if (datagram.protocol == kTcp) OnTcp(datagram, octets);
  }

 private:
  void OnUdp(const Datagram& datagram, Octets octets) {
    octets.Skip(4);
    if (octets.ok() && IsSip(octets.Rest())) OnMessage(datagram, octets.Rest());
  }

  void OnTcp(const Datagram& datagram, Octets octets) {
    const std::uint32_t sequence = octets.Number(4);
    octets.Skip(4);
    const std::size_t header = std::size_t{octets.Number(1) >> 4} * 4;
    const std::uint32_t flags = octets.Number(1);
    if (!octets.ok() || header < 20 || header > datagram.bytes.size()) return;
    const std::string_view payload = datagram.bytes.substr(header);
    const bool is_syn = (flags & 2) != 0;
    const std::string key = std::string(sansip::TextOf(datagram.from).view()) + ">" +
                            std::string(sansip::TextOf(datagram.to).view());
    auto found = directions_.find(key);
    if (found == directions_.end()) {
      if (payload.empty() && !is_syn) return;
      if (directions_.size() >= limits_.streams_max) return;
      found = directions_.emplace(key, Direction()).first;
    }
    found->second.OnSegment(sequence, payload, is_syn, figures_,
                            [&](std::string_view message) { OnMessage(datagram, message); });
    if ((flags & 5) != 0) directions_.erase(found);  // FIN, RST
  }

  void OnMessage(const Datagram& datagram, std::string_view wire) {
    ++figures_.messages;
    const std::string text = TextOf(wire);
    const std::uint32_t from = ColumnOf(datagram.from);
    trace_.Add({.at = now_,
                .kind = Record::Kind::kSent,
                .node = from,
                .peer = ColumnOf(datagram.to),
                .datagram = figures_.messages,
                .text = text,
                .wire = wire});
  }

  std::uint32_t ColumnOf(const SocketAddress& address) {
    const std::string name(sansip::TextOf(address).view());
    const auto found = columns_.find(name);
    if (found != columns_.end()) return found->second;
    if (names_.size() + 1 >= limits_.columns_max) {
      if (names_.size() < limits_.columns_max) names_.emplace_back("all others");
      return static_cast<std::uint32_t>(names_.size() - 1);
    }
    const auto column = static_cast<std::uint32_t>(names_.size());
    names_.push_back(name);
    columns_.emplace(name, column);
    return column;
  }

  Trace& trace_;
  std::vector<std::string>& names_;
  CaptureFigures& figures_;
  const CaptureLimits limits_;
  Instant begin_;
  Instant now_;
  std::map<std::string, std::uint32_t> columns_;
  std::map<std::string, Direction> directions_;
};

}  // namespace

bool IsCapture(std::string_view bytes) { return CaptureFile::IsOne(bytes); }

bool ReadCapture(std::string_view bytes, Trace& trace, std::vector<std::string>& names,
                 CaptureFigures& figures, std::string& why, const CaptureLimits& limits) {
  if (!IsCapture(bytes)) {
    why = "it begins neither like pcap nor like pcapng";
    return false;
  }
  CaptureFile file(bytes);
  Reading reading(trace, names, figures, limits);
  Packet packet;
  while (file.Next(packet)) reading.OnPacket(packet);
  figures.cut_off += file.is_broken_off();
  return true;
}

}  // namespace sansip::sim
