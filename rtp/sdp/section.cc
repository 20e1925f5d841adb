// What a section says, read off its lines when it is asked for.
#include <limits>

#include "sansip/core/text/ascii.h"
#include "sansip/rtp/sdp/description.h"
#include "sansip/rtp/sdp/grammar.h"

namespace sansip::sdp {
namespace {

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

// "97 rest": the rest, if the number is `payload_type`.
std::optional<std::string_view> ValueFor(std::uint8_t payload_type, std::string_view value) {
  const std::size_t space = value.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  if (ParseDecimal(value.substr(0, space), 127) != payload_type) return std::nullopt;
  return Trimmed(value.substr(space + 1));
}

// name/clock[/channels[/...]]
std::optional<RtpMap> ParseRtpMap(std::uint8_t payload_type, std::string_view text) {
  RtpMap map;
  map.payload_type = payload_type;
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  map.encoding_name = text.substr(0, slash);
  std::string_view rest = text.substr(slash + 1);
  const std::size_t second = rest.find('/');
  const std::optional<std::uint64_t> clock =
      ParseDecimal(rest.substr(0, second), std::numeric_limits<std::uint32_t>::max());
  if (!IsToken(map.encoding_name) || !clock || *clock == 0) return std::nullopt;
  map.clock_rate = static_cast<std::uint32_t>(*clock);
  if (second == std::string_view::npos) return map;
  rest.remove_prefix(second + 1);
  const std::optional<std::uint64_t> channels = ParseDecimal(rest.substr(0, rest.find('/')), 255);
  // RFC 8866 6.6: for other media the parameter may be anything; we only know audio's.
  map.channels = channels ? static_cast<std::uint32_t>(*channels) : 0;
  return map;
}

std::optional<rtp::Direction> DirectionNamed(std::string_view name) {
  if (name == "sendrecv") return rtp::Direction::kSendRecv;
  if (name == "sendonly") return rtp::Direction::kSendOnly;
  if (name == "recvonly") return rtp::Direction::kRecvOnly;
  if (name == "inactive") return rtp::Direction::kInactive;
  return std::nullopt;
}

// integer or non-zero-real of RFC 8866 9, in whole units; the fraction may end in zeros.
std::optional<int> Milliseconds(std::optional<Attribute> attribute) {
  if (!attribute) return std::nullopt;
  const std::string_view text = Trimmed(attribute->value);
  const std::size_t point = text.find('.');
  if (point != std::string_view::npos && !IsDigits(text.substr(point + 1))) return std::nullopt;
  const std::optional<std::uint64_t> value = ParseDecimal(text.substr(0, point), 1000000);
  if (!value || *value == 0) return std::nullopt;
  return static_cast<int>(*value);
}

}  // namespace

bool Section::is_rtp() const {
  return proto_.substr(0, 4) == "RTP/" || proto_.find("/RTP/") != std::string_view::npos;
}

std::optional<Attribute> Section::attribute(std::size_t index) const {
  for (std::size_t i = first_line_; i < lines_end_; ++i) {
    if (description_->lines_[i].type != 'a' || index-- != 0) continue;
    return AttributeAt(i);
  }
  return std::nullopt;
}

Attribute Section::AttributeAt(std::size_t line) const {
  const std::string_view value = description_->ValueOf(description_->lines_[line]);
  const std::size_t colon = value.find(':');
  if (colon == std::string_view::npos) return {value, {}, false};
  return {value.substr(0, colon), value.substr(colon + 1), true};
}

std::optional<Attribute> Section::Find(std::string_view name) const {
  for (std::size_t i = first_line_; i < lines_end_; ++i) {
    if (description_->lines_[i].type != 'a') continue;
    if (const Attribute attribute = AttributeAt(i); attribute.name == name) return attribute;
  }
  return std::nullopt;
}

std::string_view Section::ValueOfFirst(char type) const {
  for (std::size_t i = first_line_; i < lines_end_; ++i) {
    if (description_->lines_[i].type == type) return description_->ValueOf(description_->lines_[i]);
  }
  return {};
}

std::string_view Section::title() const { return ValueOfFirst('i'); }

std::optional<std::uint64_t> Section::Bandwidth(std::string_view type) const {
  for (std::size_t i = first_line_; i < lines_end_; ++i) {
    if (description_->lines_[i].type != 'b') continue;
    const std::string_view value = description_->ValueOf(description_->lines_[i]);
    const std::size_t colon = value.find(':');
    if (value.substr(0, colon) != type) continue;
    constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
    return ParseDecimal(value.substr(colon + 1), kMax).value_or(kMax);
  }
  return std::nullopt;
}

std::optional<Connection> Section::connection() const {
  const std::string_view value = ValueOfFirst('c');
  return value.empty() ? std::nullopt : ParseConnection(value);
}

std::optional<rtp::Direction> Section::direction() const {
  for (std::size_t i = first_line_; i < lines_end_; ++i) {
    if (description_->lines_[i].type != 'a') continue;
    const Attribute attribute = AttributeAt(i);
    if (attribute.has_value) continue;
    if (const std::optional<rtp::Direction> direction = DirectionNamed(attribute.name)) return direction;
  }
  return std::nullopt;
}

std::optional<RtpMap> Section::rtpmap(std::uint8_t payload_type) const {
  for (std::size_t i = first_line_; i < lines_end_; ++i) {
    if (description_->lines_[i].type != 'a') continue;
    const Attribute attribute = AttributeAt(i);
    if (attribute.name != "rtpmap") continue;
    if (const auto value = ValueFor(payload_type, attribute.value)) return ParseRtpMap(payload_type, *value);
  }
  return std::nullopt;
}

std::string_view Section::fmtp(std::uint8_t payload_type) const {
  for (std::size_t i = first_line_; i < lines_end_; ++i) {
    if (description_->lines_[i].type != 'a') continue;
    const Attribute attribute = AttributeAt(i);
    if (attribute.name != "fmtp") continue;
    if (const auto value = ValueFor(payload_type, attribute.value)) return *value;
  }
  return {};
}

std::optional<int> Section::ptime() const { return Milliseconds(Find("ptime")); }
std::optional<int> Section::maxptime() const { return Milliseconds(Find("maxptime")); }

std::optional<RtcpAttribute> Section::rtcp() const {
  // RFC 3605 2.1: never at session level.
  if (media_.empty()) return std::nullopt;
  const std::optional<Attribute> attribute = Find("rtcp");
  if (!attribute) return std::nullopt;
  const std::string_view value = Trimmed(attribute->value);
  const std::size_t space = value.find(' ');
  const std::optional<std::uint64_t> port = ParseDecimal(value.substr(0, space), 65535);
  if (!port || *port == 0) return std::nullopt;
  RtcpAttribute rtcp;
  rtcp.port = static_cast<std::uint16_t>(*port);
  if (space == std::string_view::npos) return rtcp;
  const std::optional<Connection> connection = ParseConnection(value.substr(space + 1));
  if (!connection || connection->address.family == SocketAddress::Family::kNone) return std::nullopt;
  rtcp.address = connection->address;
  rtcp.address.port = rtcp.port;
  return rtcp;
}

}  // namespace sansip::sdp
