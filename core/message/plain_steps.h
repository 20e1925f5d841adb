// The steps that the forms of plain_forms.h are made of.
#ifndef SANSIP_CORE_MESSAGE_PLAIN_STEPS_H_
#define SANSIP_CORE_MESSAGE_PLAIN_STEPS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansip/core/base/address.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/text/bytes.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/scan_block.h"

namespace sansip {

inline TextSpan Span(std::size_t begin, std::size_t end) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)};
}

// What is empty is nowhere.
inline TextSpan SpanIfAny(std::size_t begin, std::size_t end) {
  return begin == end ? TextSpan{} : Span(begin, end);
}

// Steps through a header field's value or a Request-URI, which ends at `end`. A step that returns a position
// returns 0 where there is no such thing. No step looks beyond the line's CRLF and the two characters behind
// it: a CR is not plain, so that every run ends before it. Line breaks in the value are folding: TakeLines()
// has seen to that.
//
// Always inline: as calls, these cost more than they do.
class Steps {
 public:
  Steps(std::string_view text, const TextMasks& masks, std::size_t end)
      : text_(text), masks_(masks), end_(end) {}

#define SANSIP_INLINE [[gnu::always_inline]] inline

  SANSIP_INLINE char At(std::size_t at) const { return text_[at]; }
  SANSIP_INLINE std::uint16_t Two(std::size_t at) const { return TwoBytesAt(text_, at); }
  SANSIP_INLINE std::uint32_t Four(std::size_t at) const { return FourBytesAt(text_, at); }
  SANSIP_INLINE std::uint64_t Eight(std::size_t at) const { return EightBytesAt(text_, at); }
  SANSIP_INLINE std::size_t EndOfPlain(std::size_t at) const { return masks_.NotPlainFrom(at); }
  SANSIP_INLINE std::string_view Text(TextSpan span) const { return text_.substr(span.begin, span.size); }

  // 1*9DIGIT
  SANSIP_INLINE std::size_t Number(std::size_t begin, std::uint32_t& number) const {
    std::size_t at = begin;
    for (std::uint32_t digit = 0; (digit = ByteAt(text_, at) - '0') <= 9; ++at) number = number * 10 + digit;
    return at - begin - 1 < 9 ? at : 0;
  }

  // ":" port
  SANSIP_INLINE std::size_t Port(std::size_t at, std::uint16_t& port) const {
    const std::size_t begin = ++at;
    std::uint32_t number = 0;
    for (std::uint32_t digit = 0; (digit = ByteAt(text_, at) - '0') <= 9; ++at) number = number * 10 + digit;
    port = static_cast<std::uint16_t>(number);
    return at - begin <= 5 && number - 1 < 65535 ? at : 0;
  }

  // host [ ":" port ]
  SANSIP_INLINE std::size_t HostPort(std::size_t begin, TextSpan& host, std::uint16_t& port) const {
    const std::size_t end = EndOfPlain(begin);
    host = Span(begin, end);
    const TextMasks::Host kind = masks_.HostAt(begin, end);
    if (kind != TextMasks::Host::kName) {
      if (kind == TextMasks::Host::kOther || !IsIpv4(Text(host))) return 0;
    }
    return At(end) == ':' ? Port(end, port) : end;
  }

  // SWS. What is not above the space is blank here, and the last character of a value is not.
  SANSIP_INLINE std::size_t SkipBlanks(std::size_t at) const {
    if (at < end_) {
      while (ByteAt(text_, at) <= ' ') ++at;
    }
    return at;
  }

  struct Param {
    TextSpan name;
    TextSpan value;  // empty: none
  };

  enum class Blanks : bool { kNone, kAllowed };

  // ";" name [ "=" value ], or SEMI name [ EQUAL value ] but for the blanks before the semicolon.
  SANSIP_INLINE std::size_t TakeParam(std::size_t at, Blanks blanks, Param& param) const {
    const auto skip = [this, blanks](std::size_t from) {
      return blanks == Blanks::kAllowed ? SkipBlanks(from) : from;
    };
    const std::size_t name = skip(at + 1);
    const std::size_t name_end = EndOfPlain(name);
    if (name_end == name) return 0;
    param.name = Span(name, name_end);
    param.value = {};
    const std::size_t equal = skip(name_end);
    if (At(equal) != '=') return name_end;
    const std::size_t value = skip(equal + 1);
    const std::size_t end = EndOfPlain(value);
    param.value = Span(value, end);
    return end != value ? end : 0;
  }

  // `lower` has three characters to eight. Of what is plain only letters fold into letters.
  template <std::size_t kSize>
  SANSIP_INLINE bool IsNamed(const Param& param, const char (&lower)[kSize]) const {
    constexpr std::size_t kLength = kSize - 1;
    static_assert(kLength >= 3 && kLength <= 8);
    constexpr std::uint32_t kFold = 0x20202020;
    if (param.name.size != kLength) return false;
    const std::uint32_t first = Four(param.name.begin) | kFold;
    if (kLength == 3) return (first & 0xFFFFFF) == (FourBytesAt({lower, kSize}, 0) & 0xFFFFFF);
    return first == FourBytesAt({lower, kSize}, 0) &&
           (Four(param.name.begin + kLength - 4) | kFold) == FourBytesAt({lower, kSize}, kLength - 4);
  }

  // *( ";" uri-parameter )
  SANSIP_INLINE std::size_t UriParameters(std::size_t at) const {
    constexpr int kParametersMax = 8;
    for (int count = 0; At(at) == ';'; ++count) {
      Param param;
      at = TakeParam(at, Blanks::kNone, param);
      if (at == 0 || count == kParametersMax) return 0;
      // RFC 3261 25.1: transport, user and method need a token for a value, which is what is plain; ttl and
      // maddr more than that. The sizes of these names tell that a name is none of them.
      constexpr std::uint32_t kSizes = 1u << 3 | 1u << 4 | 1u << 5 | 1u << 6 | 1u << 9;
      if (param.value.size != 0 ? IsNamed(param, "ttl") || IsNamed(param, "maddr")
                                : param.name.size < 32 && (kSizes >> param.name.size & 1) != 0) {
        return 0;
      }
    }
    return at;
  }

  // "sip:" or "sips:", userinfo without a password, host and port.
  SANSIP_INLINE std::size_t SchemeToPort(std::size_t at, SipUriSpans& uri) const {
    const std::uint32_t scheme = Four(at);
    at += 4;
    if (scheme != FourBytesAt("sip:", 0)) {
      if (scheme != FourBytesAt("sips", 0) || At(at) != ':') return 0;
      uri.is_sips = true;
      ++at;
    }
    const std::size_t user_end = EndOfPlain(at);
    if (At(user_end) == '@') {
      if (user_end == at) return 0;
      uri.has_user = true;
      uri.user = Span(at, user_end);
      at = user_end + 1;
    }
    return HostPort(at, uri.host, uri.port);
  }

  SANSIP_INLINE std::size_t TakeSipUri(std::size_t at, SipUriSpans& uri) const {
    const std::size_t host_end = SchemeToPort(at, uri);
    if (host_end == 0) return 0;
    const std::size_t end = UriParameters(host_end);
    uri.parameters = SpanIfAny(host_end, end);
    // A userinfo that is not plain looks like a host, or a host and a port, up to here.
    return At(end) != '@' && At(end) != '?' ? end : 0;
  }

  // A quoted-string that is not folded: behind it.
  SANSIP_INLINE std::size_t QuotedString(std::size_t at) const {
    for (++at;; ++at) {
      while (Is(kQuotedText | kWhiteSpace, At(at))) ++at;
      if (At(at) == '"') return at + 1;
      if (At(at) != '\\') return 0;
      ++at;
      if (static_cast<unsigned char>(At(at)) > 0x7F || At(at) == '\r' || At(at) == '\n') return 0;
    }
  }

  // A token or a quoted-string, and SWS: the place of the "<".
  SANSIP_INLINE std::size_t DisplayName(std::size_t begin, TextSpan& name) const {
    const std::size_t end = At(begin) == '"' ? QuotedString(begin) : EndOfPlain(begin);
    if (end == 0 || end == begin) return 0;
    name = Span(begin, end);
    const std::size_t bracket = SkipBlanks(end);
    return At(bracket) == '<' ? bracket : 0;
  }

#undef SANSIP_INLINE

 private:
  std::string_view text_;
  const TextMasks& masks_;
  std::size_t end_;
};

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_PLAIN_STEPS_H_
