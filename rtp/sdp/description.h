// A session description (RFC 8866, and what RFC 4566 said otherwise), read.
//
// Parse checks every line against the grammar and keeps an index into the text: no copies, no allocation, no
// text of its own. The text must outlive the Description. Attributes that nobody knows are ignored; k= is
// read over and never given out (RFC 8866 5.12). What is tolerated beyond the grammar is in Policy and is
// counted.
#ifndef SANSIP_RTP_SDP_DESCRIPTION_H_
#define SANSIP_RTP_SDP_DESCRIPTION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "sansip/core/base/address.h"
#include "sansip/rtp/sdp/connection.h"
#include "sansip/rtp/stream.h"

namespace sansip::sdp {

// Limits, each a refusal of its own.
inline constexpr std::size_t kOctetsMax = 16384;  // fits four times into the largest datagram
inline constexpr std::size_t kLinesMax = 512;     // a browser's description has some two hundred
inline constexpr std::size_t kMediaMax = 32;
inline constexpr std::size_t kFormatsMax = 128;  // of one m= over RTP: there are no more payload types

enum class Rule : std::uint8_t {
  kNone,
  kTooLong,       // kOctetsMax
  kTooManyLines,  // kLinesMax
  kTooManyMedia,  // kMediaMax
  kEmpty,
  kLineEnd,  // CR or LF alone, or none at the end
  kNul,
  kLineForm,     // <letter>=<value>
  kUnknownType,  // a letter the grammar does not know
  kOrder,        // a line that may not stand here, a second one of a kind that stands once
  kMissingVersion,
  kMissingOrigin,
  kMissingName,
  kMissingTime,
  kMissingConnection,
  kVersion,
  kOrigin,
  kName,
  kInformation,
  kUri,
  kEmail,
  kPhone,
  kConnection,
  kBandwidth,
  kTime,
  kRepeat,
  kZone,
  kKey,
  kAttribute,
  kMedia,
  kPort,
  kPayloadType,
  kTooManyFormats,  // kFormatsMax
};

struct Error {
  Rule rule = Rule::kNone;
  std::uint32_t offset = 0;
  std::uint32_t line = 0;  // from 1

  constexpr bool ok() const { return rule == Rule::kNone; }
};

std::string_view RuleText(Rule rule);    // "o= is malformed"
std::string_view RuleClause(Rule rule);  // "RFC 8866 5.2"

// Leniency as data. Strict() takes nothing that section 9 does not allow.
struct Policy {
  bool accept_bare_lf = true;                // RFC 8866 5: a SHOULD
  bool accept_missing_last_line_end = true;  // the body just stops
  bool accept_blank_last_line = true;        // one CRLF too many behind the last line
  bool accept_empty_name = true;             // RFC 3264 5: "s=" is seen
  bool accept_missing_time = true;           // RFC 8866 5.9: no t=, read as "0 0"
  bool accept_short_time = true;             // RFC 8866 9: "t=5 0" has fewer than ten digits
  bool accept_media_line_disorder = true;    // RFC 8866 9: i=, c=, b= behind a= within a media section
  bool accept_missing_connection = true;     // RFC 8866 5.7: of a section with port 0
  bool accept_trailing_space = true;         // RFC 8866 9: "m=audio 4000 RTP/AVP 0 "
  bool accept_empty_attribute_value = true;  // RFC 8866 9: "a=x:"

  static constexpr Policy Strict() {
    return {.accept_bare_lf = false,
            .accept_missing_last_line_end = false,
            .accept_blank_last_line = false,
            .accept_empty_name = false,
            .accept_missing_time = false,
            .accept_short_time = false,
            .accept_media_line_disorder = false,
            .accept_missing_connection = false,
            .accept_trailing_space = false,
            .accept_empty_attribute_value = false};
  }
};

// o=
struct OriginLine {
  std::string_view text;  // the whole value
  std::string_view username;
  std::string_view session_id;       // digits, any number of them
  std::string_view session_version;  // likewise
  std::string_view nettype, addrtype, address;
};

struct Attribute {
  std::string_view name;
  std::string_view value;  // empty for a property
  bool has_value = false;
};

struct RtpMap {
  std::uint8_t payload_type = 0;
  std::string_view encoding_name;
  std::uint32_t clock_rate = 0;
  std::uint32_t channels = 1;
};

struct RtcpAttribute {  // RFC 3605
  std::uint16_t port = 0;
  SocketAddress address;  // with that port; family kNone: that of c=
};

class Description;

// One media section, or (Description::session()) what stands before the first. A view; copy it freely.
class Section {
 public:
  // m=; empty in the session's section.
  std::string_view media() const { return media_; }
  std::string_view proto() const { return proto_; }
  std::string_view formats() const { return formats_; }  // "0 8 101"
  std::uint16_t port() const { return port_; }
  std::uint32_t port_count() const { return port_count_; }
  bool is_rtp() const;  // RTP/...: formats are payload types (RFC 8866 8.2.3)

  // The attributes in order; nullopt behind the last.
  std::optional<Attribute> attribute(std::size_t i) const;
  // The first of this name (case-sensitive, RFC 8866 5.13).
  std::optional<Attribute> Find(std::string_view name) const;
  // b=: the first of this type, in its own unit.
  std::optional<std::uint64_t> Bandwidth(std::string_view type) const;
  std::optional<Connection> connection() const;     // its own c= only
  std::optional<rtp::Direction> direction() const;  // its own only; the first of several
  // The first rtpmap of a payload type; the static table has no say here.
  std::optional<RtpMap> rtpmap(std::uint8_t payload_type) const;
  std::string_view fmtp(std::uint8_t payload_type) const;  // empty: none
  // Milliseconds; nullopt: none, zero or malformed. Fractions are cut.
  std::optional<int> ptime() const;
  std::optional<int> maxptime() const;
  std::optional<RtcpAttribute> rtcp() const;
  std::string_view title() const;  // i=

 private:
  friend class Description;
  friend class Reader;
  Attribute AttributeAt(std::size_t line) const;
  std::string_view ValueOfFirst(char type) const;

  const Description* description_ = nullptr;
  std::size_t first_line_ = 0, lines_end_ = 0;
  std::string_view media_, proto_, formats_;
  std::uint16_t port_ = 0;
  std::uint32_t port_count_ = 1;
};

class Description {
 public:
  Description() = default;
  Description(const Description&) = delete;
  Description& operator=(const Description&) = delete;

  // On error nothing else of the object is to be used.
  [[nodiscard]] Error Parse(std::string_view text, const Policy& policy = {});
  template <typename Text>
  requires std::is_same_v<Text, std::string> Error Parse(Text&& dies_at_once, const Policy& policy = {})
  = delete;

  std::string_view text() const { return text_; }
  const OriginLine& origin() const { return origin_; }
  std::string_view name() const { return name_; }  // s=
  // The t=, r= and z= lines, "t=0 0" if there are none.
  void AppendTimes(std::string& to) const;
  const Section& session() const { return session_; }
  std::size_t media_count() const { return media_count_; }
  const Section& media(std::size_t i) const { return media_[i]; }
  std::size_t tolerated() const { return tolerated_; }  // how often Policy was needed

  // Media-level values over session-level ones.
  std::optional<Connection> ConnectionOf(const Section& media) const;
  rtp::Direction DirectionOf(const Section& media) const;  // sendrecv when nothing is said

 private:
  friend class Section;
  friend class Reader;
  struct Line {
    char type = 0;
    std::uint16_t offset = 0;  // of the value
    std::uint16_t size = 0;
  };
  std::string_view ValueOf(const Line& line) const { return text_.substr(line.offset, line.size); }

  std::string_view text_;
  OriginLine origin_;
  std::string_view name_;
  Section session_;
  std::array<Section, kMediaMax> media_;
  std::array<Line, kLinesMax> lines_;
  std::size_t media_count_ = 0, line_count_ = 0, tolerated_ = 0;
};

// RFC 3264 8: whether `offer` has the same o= as `before`, so that it changes nothing. False where one of
// them cannot be read. Pure: fit to be handed to a dialog that does not read SDP.
bool SameSession(std::string_view before, std::string_view offer);

}  // namespace sansip::sdp

#endif  // SANSIP_RTP_SDP_DESCRIPTION_H_
