#include "sansip/rtp/sdp/description.h"

#include "sansip/core/text/ascii.h"
#include "sansip/rtp/sdp/connection.h"
#include "sansip/rtp/sdp/grammar.h"

namespace sansip::sdp {
namespace {

// RFC 8866 9: how far a section has got. Lines may not go back, and most stand once.
enum Rank : int {
  kVersionRank,
  kOriginRank,
  kNameRank,
  kInformationRank,
  kUriRank,
  kEmailRank,
  kPhoneRank,
  kConnectionRank,
  kBandwidthRank,
  kTimeRank,
  kKeyRank,
  kAttributeRank,
  kNoRank
};

constexpr Rank RankOf(char type) {
  switch (type) {
    case 'v':
      return kVersionRank;
    case 'o':
      return kOriginRank;
    case 's':
      return kNameRank;
    case 'i':
      return kInformationRank;
    case 'u':
      return kUriRank;
    case 'e':
      return kEmailRank;
    case 'p':
      return kPhoneRank;
    case 'c':
      return kConnectionRank;
    case 'b':
      return kBandwidthRank;
    case 't':
    case 'r':
    case 'z':
      return kTimeRank;
    case 'k':
      return kKeyRank;
    case 'a':
      return kAttributeRank;
    default:
      return kNoRank;
  }
}

constexpr bool StandsOnce(Rank rank) {
  return rank <= kNameRank || rank == kInformationRank || rank == kUriRank || rank == kKeyRank;
}

bool IsKey(std::string_view value) {
  if (value == "prompt") return true;
  for (std::string_view kind : {"clear:", "base64:", "uri:"}) {
    if (value.substr(0, kind.size()) == kind) return true;
  }
  return false;
}

bool IsZone(std::string_view value) {
  Fields fields(value);
  while (true) {
    if (!IsTime(fields.NextOrEmpty())) return false;
    std::string_view offset = fields.NextOrEmpty();
    if (!offset.empty() && offset.front() == '-') offset.remove_prefix(1);
    if (!IsTypedTime(offset)) return false;
    if (fields.done()) return true;
  }
}

bool IsRepeat(std::string_view value) {
  Fields fields(value);
  const std::string_view interval = fields.NextOrEmpty();
  if (!IsTypedTime(interval) || interval.front() == '0') return false;
  if (!IsTypedTime(fields.NextOrEmpty())) return false;
  do {
    if (!IsTypedTime(fields.NextOrEmpty())) return false;
  } while (!fields.done());
  return true;
}

}  // namespace

// Reads the lines of one text into one Description, once.
class Reader {
 public:
  Reader(Description& into, const Policy& policy) : d_(into), policy_(policy) {}

  Error Read() {
    if (d_.text_.size() > kOctetsMax) return Wrong(Rule::kTooLong, kOctetsMax);
    if (d_.text_.empty()) return Wrong(Rule::kEmpty, 0);
    d_.session_.description_ = &d_;
    std::size_t at = 0;
    while (at < d_.text_.size()) {
      ++line_number_;
      std::size_t next = 0;
      std::string_view line;
      if (!TakeLine(at, line, next)) return error_;
      if (line.empty() && next == d_.text_.size() && Tolerate(policy_.accept_blank_last_line)) break;
      if (!ReadLine(at, line)) return error_;
      at = next;
    }
    if (!EndSession(d_.text_.size())) return error_;
    if (d_.media_count_ != 0 && !EndMedia()) return error_;
    return {};
  }

 private:
  Error Wrong(Rule rule, std::size_t offset) {
    error_ = {rule, static_cast<std::uint32_t>(offset), line_number_};
    return error_;
  }
  bool Fail(Rule rule, std::size_t offset) {
    Wrong(rule, offset);
    return false;
  }
  // Whether to go on; counts if so.
  bool Tolerate(bool accepted) {
    if (accepted) ++d_.tolerated_;
    return accepted;
  }
  std::size_t OffsetOf(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - d_.text_.data());
  }

  bool TakeLine(std::size_t at, std::string_view& line, std::size_t& next) {
    const std::size_t end = d_.text_.find('\n', at);
    if (end == std::string_view::npos) {
      if (!Tolerate(policy_.accept_missing_last_line_end)) return Fail(Rule::kLineEnd, d_.text_.size());
      line = d_.text_.substr(at);
      next = d_.text_.size();
    } else {
      line = d_.text_.substr(at, end - at);
      next = end + 1;
      if (!line.empty() && line.back() == '\r') {
        line.remove_suffix(1);
      } else if (!Tolerate(policy_.accept_bare_lf)) {
        return Fail(Rule::kLineEnd, end);
      }
    }
    if (const std::size_t bad = line.find('\r'); bad != std::string_view::npos) {
      return Fail(Rule::kLineEnd, at + bad);
    }
    if (const std::size_t bad = line.find('\0'); bad != std::string_view::npos)
      return Fail(Rule::kNul, at + bad);
    return true;
  }

  bool ReadLine(std::size_t at, std::string_view line) {
    if (line.size() < 2 || line[1] != '=') return Fail(Rule::kLineForm, at);
    const char type = line.front();
    const std::string_view value = line.substr(2);
    if (type != 'm' && RankOf(type) == kNoRank) return Fail(Rule::kUnknownType, at);
    if (d_.line_count_ == kLinesMax) return Fail(Rule::kTooManyLines, at);
    // RFC 8866 5.1: v= comes first, whatever else is wrong.
    if (line_number_ == 1 && type != 'v') return Fail(Rule::kMissingVersion, at);
    if (type == 'm') {
      if (!EndSession(at) || (d_.media_count_ != 0 && !EndMedia())) return false;
      return ReadMedia(at, value);
    }
    if (!CheckOrder(type, at) || !ReadValue(type, value, at)) return false;
    d_.lines_[d_.line_count_++] = {type, static_cast<std::uint16_t>(at + 2),
                                   static_cast<std::uint16_t>(value.size())};
    last_type_ = type;
    return true;
  }

  bool CheckOrder(char type, std::size_t at) {
    const Rank rank = RankOf(type);
    const bool in_media = d_.media_count_ != 0;
    if (in_media && rank != kInformationRank && rank != kConnectionRank && rank != kBandwidthRank &&
        rank != kKeyRank && rank != kAttributeRank) {
      return Fail(Rule::kOrder, at);
    }
    const bool seen = (seen_ & (1u << rank)) != 0;
    if (seen && StandsOnce(rank)) return Fail(Rule::kOrder, at);
    // RFC 8866 5.7: one c= for the session; several in a media section are layered multicast.
    if (seen && rank == kConnectionRank && !in_media) return Fail(Rule::kOrder, at);
    if (rank < rank_ && !(in_media && Tolerate(policy_.accept_media_line_disorder))) {
      return Fail(Rule::kOrder, at);
    }
    // RFC 8866 5.10, 5.11: r= belongs to a t=, z= to its r= lines.
    if (type == 'r' && last_type_ != 't' && last_type_ != 'r') return Fail(Rule::kOrder, at);
    if (type == 'z' && last_type_ != 'r') return Fail(Rule::kOrder, at);
    if (!in_media && !HasRequiredBefore(rank, at)) return false;
    seen_ |= 1u << rank;
    if (rank > rank_) rank_ = rank;
    return true;
  }

  bool Seen(Rank rank) const { return (seen_ & (1u << rank)) != 0; }

  bool HasRequiredBefore(Rank rank, std::size_t at) {
    if (rank > kOriginRank && !Seen(kOriginRank)) return Fail(Rule::kMissingOrigin, at);
    if (rank > kNameRank && !Seen(kNameRank)) return Fail(Rule::kMissingName, at);
    if (rank > kTimeRank && !Seen(kTimeRank) && !missing_time_counted_) {
      if (!Tolerate(policy_.accept_missing_time)) return Fail(Rule::kMissingTime, at);
      missing_time_counted_ = true;
    }
    return true;
  }

  bool ReadValue(char type, std::string_view value, std::size_t at) {
    const std::size_t offset = at + 2;
    switch (type) {
      case 'v':
        return value == "0" || Fail(Rule::kVersion, offset);
      case 'o':
        return ReadOrigin(value, offset);
      case 's':
        d_.name_ = value;
        return !value.empty() || Tolerate(policy_.accept_empty_name) || Fail(Rule::kName, offset);
      case 'i':
        return !value.empty() || Fail(Rule::kInformation, offset);
      case 'u':
        return IsNonWhiteSpace(value) || Fail(Rule::kUri, offset);
      case 'e':
        return !value.empty() || Fail(Rule::kEmail, offset);
      case 'p':
        return !value.empty() || Fail(Rule::kPhone, offset);
      case 'c':
        return CheckConnection(value, offset);
      case 'b':
        return CheckBandwidth(value, offset);
      case 't':
        return CheckTime(value, offset);
      case 'r':
        return IsRepeat(value) || Fail(Rule::kRepeat, offset);
      case 'z':
        return IsZone(value) || Fail(Rule::kZone, offset);
      case 'k':
        return IsKey(value) || Fail(Rule::kKey, offset);
      case 'a':
        return CheckAttribute(value, offset);
      default:
        return Fail(Rule::kUnknownType, at);
    }
  }

  bool ReadOrigin(std::string_view value, std::size_t offset) {
    OriginLine& o = d_.origin_;
    Fields fields(value);
    o.text = value;
    o.username = fields.NextOrEmpty();
    o.session_id = fields.NextOrEmpty();
    o.session_version = fields.NextOrEmpty();
    o.nettype = fields.NextOrEmpty();
    o.addrtype = fields.NextOrEmpty();
    o.address = fields.NextOrEmpty();
    // The address stays text: it never decides where media goes (RFC 8866 5.2).
    return (IsNonWhiteSpace(o.username) && IsDigits(o.session_id) && IsDigits(o.session_version) &&
            IsToken(o.nettype) && IsToken(o.addrtype) && IsNonWhiteSpace(o.address) && fields.done()) ||
           Fail(Rule::kOrigin, offset);
  }

  bool CheckConnection(std::string_view value, std::size_t offset) {
    const std::optional<Connection> connection = ParseConnection(value);
    if (!connection) return Fail(Rule::kConnection, offset);
    // RFC 8866 5.7: no ranges for the session.
    return d_.media_count_ != 0 || connection->count == 1 || Fail(Rule::kConnection, offset);
  }

  bool CheckBandwidth(std::string_view value, std::size_t offset) {
    const std::size_t colon = value.find(':');
    return (colon != std::string_view::npos && IsToken(value.substr(0, colon)) &&
            IsDigits(value.substr(colon + 1))) ||
           Fail(Rule::kBandwidth, offset);
  }

  bool CheckTime(std::string_view value, std::size_t offset) {
    Fields fields(value);
    const std::string_view start = fields.NextOrEmpty();
    const std::string_view stop = fields.NextOrEmpty();
    if (!IsDigits(start) || !IsDigits(stop) || !fields.done()) return Fail(Rule::kTime, offset);
    return (IsTime(start) && IsTime(stop)) || Tolerate(policy_.accept_short_time) ||
           Fail(Rule::kTime, offset);
  }

  bool CheckAttribute(std::string_view value, std::size_t offset) {
    const std::size_t colon = value.find(':');
    if (!IsToken(value.substr(0, colon))) return Fail(Rule::kAttribute, offset);
    if (colon != std::string_view::npos && colon + 1 == value.size()) {
      return Tolerate(policy_.accept_empty_attribute_value) || Fail(Rule::kAttribute, offset);
    }
    return true;
  }

  bool ReadMedia(std::size_t at, std::string_view value) {
    if (d_.media_count_ == kMediaMax) return Fail(Rule::kTooManyMedia, at);
    if (!value.empty() && value.back() == ' ' && Tolerate(policy_.accept_trailing_space))
      value.remove_suffix(1);
    Section& m = d_.media_[d_.media_count_];
    m = Section();
    m.description_ = &d_;
    m.first_line_ = m.lines_end_ = d_.line_count_;
    Fields fields(value);
    m.media_ = fields.NextOrEmpty();
    const std::string_view port = fields.NextOrEmpty();
    m.proto_ = fields.NextOrEmpty();
    m.formats_ = fields.rest();
    if (!IsToken(m.media_) || !IsProto(m.proto_) || fields.done()) return Fail(Rule::kMedia, at + 2);
    if (!ReadPort(port, m)) return Fail(Rule::kPort, OffsetOf(port));
    if (!CheckFormats(m)) return false;
    ++d_.media_count_;
    seen_ = 0;
    rank_ = kVersionRank;
    last_type_ = 'm';
    media_offset_ = at;
    media_line_ = line_number_;
    return true;
  }

  static bool ReadPort(std::string_view text, Section& m) {
    const std::size_t slash = text.find('/');
    const std::optional<std::uint64_t> port = ParseDecimal(text.substr(0, slash), 65535);
    if (!port) return false;
    m.port_ = static_cast<std::uint16_t>(*port);
    if (slash == std::string_view::npos) return true;
    const std::string_view count_text = text.substr(slash + 1);
    const std::optional<std::uint64_t> count = ParseDecimal(count_text, 65535);
    if (!count || count_text.front() == '0') return false;
    m.port_count_ = static_cast<std::uint32_t>(*count);
    return true;
  }

  bool CheckFormats(const Section& m) {
    const bool rtp = m.is_rtp();
    std::size_t count = 0;
    Fields formats(m.formats_);
    while (const std::optional<std::string_view> format = formats.Next()) {
      if (!IsToken(*format)) return Fail(Rule::kMedia, OffsetOf(*format));
      // RFC 8866 8.2.3: the formats of the RTP profiles are payload types.
      if (rtp && !ParseDecimal(*format, 127)) return Fail(Rule::kPayloadType, OffsetOf(*format));
      if (rtp && ++count > kFormatsMax) return Fail(Rule::kTooManyFormats, OffsetOf(*format));
    }
    return true;
  }

  // What stands before the first m= is complete.
  bool EndSession(std::size_t at) {
    if (d_.media_count_ != 0) return true;
    d_.session_.lines_end_ = d_.line_count_;
    session_has_connection_ = Seen(kConnectionRank);
    return HasRequiredBefore(kNoRank, at);
  }

  bool EndMedia() {
    Section& m = d_.media_[d_.media_count_ - 1];
    m.lines_end_ = d_.line_count_;
    // RFC 8866 5.7.
    if (session_has_connection_ || Seen(kConnectionRank)) return true;
    if (m.port_ == 0 && Tolerate(policy_.accept_missing_connection)) return true;
    line_number_ = media_line_;
    return Fail(Rule::kMissingConnection, media_offset_);
  }

  Description& d_;
  const Policy& policy_;
  Error error_;
  std::uint32_t line_number_ = 0;
  unsigned seen_ = 0;  // a bit per Rank, in this section
  Rank rank_ = kVersionRank;
  char last_type_ = 0;
  bool missing_time_counted_ = false;
  bool session_has_connection_ = false;
  std::size_t media_offset_ = 0;
  std::uint32_t media_line_ = 0;
};

Error Description::Parse(std::string_view text, const Policy& policy) {
  text_ = text;
  origin_ = {};
  name_ = {};
  session_ = {};
  media_count_ = line_count_ = tolerated_ = 0;
  return Reader(*this, policy).Read();
}

void Description::AppendTimes(std::string& to) const {
  bool any = false;
  for (std::size_t i = 0; i < session_.lines_end_; ++i) {
    if (RankOf(lines_[i].type) != kTimeRank) continue;
    any = true;
    to += lines_[i].type;
    to += '=';
    to += ValueOf(lines_[i]);
    to += "\r\n";
  }
  if (!any) to += "t=0 0\r\n";
}

std::optional<Connection> Description::ConnectionOf(const Section& media) const {
  std::optional<Connection> own = media.connection();
  return own ? own : session_.connection();
}

rtp::Direction Description::DirectionOf(const Section& media) const {
  if (const std::optional<rtp::Direction> own = media.direction()) return *own;
  return session_.direction().value_or(rtp::Direction::kSendRecv);
}

bool SameSession(std::string_view before, std::string_view offer) {
  Description a, b;
  return a.Parse(before).ok() && b.Parse(offer).ok() && a.origin().text == b.origin().text;
}

}  // namespace sansip::sdp
