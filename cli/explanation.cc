#include "sansip/cli/explanation.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "fmt/core.h"
#include "sansip/cli/grammar.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/status_code.h"
#include "sansip/core/message/verdict.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"

namespace sansip::cli {
namespace {

// Where a problem is, for what tells its cases apart.
struct Spot {
  std::string_view value;   // the field's value or the start-line
  std::string_view before;  // of it, up to the problem
  std::string_view rest;    // from the problem on
};

bool Always(const Spot&) { return true; }
bool IsAtEnd(const Spot& spot) { return Trim(spot.rest).empty(); }
bool IsAtBracket(const Spot& spot) { return spot.rest.starts_with('<'); }
bool IsAtQuestionMark(const Spot& spot) { return spot.rest.starts_with('?'); }
bool IsAtSpace(const Spot& spot) { return !spot.rest.empty() && Is(kBlank, spot.rest.front()); }
bool IsAtLineFeed(const Spot& spot) { return spot.rest.starts_with('\n'); }
bool IsAtNumber(const Spot& spot) { return !spot.rest.empty() && Is(kDigit, spot.rest.front()); }
bool IsBehindSeparator(const Spot& spot) {
  const std::string_view before = Trim(spot.before);
  const bool is_behind = before.ends_with(';') || before.ends_with(',');
  return (is_behind && (spot.rest.empty() || !Is(kAlphanum, spot.rest.front()))) ||
         spot.rest.starts_with(",");
}
bool HasOpenQuote(const Spot& spot) {
  bool is_open = false;
  for (std::size_t i = 0; i < spot.value.size(); ++i) {
    if (spot.value[i] == '\\' && is_open)
      ++i;
    else if (spot.value[i] == '"')
      is_open = !is_open;
  }
  return is_open;
}
bool HasCommaInName(const Spot& spot) {
  const std::string_view name = spot.value.substr(0, spot.value.find('<'));
  return name.size() < spot.value.size() && name.find('"') == std::string_view::npos &&
         name.find(',') != std::string_view::npos && name.find(':') == std::string_view::npos;
}
bool HasBareUri(const Spot& spot) { return spot.value.find('<') == std::string_view::npos; }
bool HasOpenBracket(const Spot& spot) {
  return spot.value.rfind('<') != std::string_view::npos &&
         spot.value.find('>', spot.value.rfind('<')) == std::string_view::npos;
}
bool HasSpaceInBrackets(const Spot& spot) {
  const std::size_t open = spot.value.find('<');
  if (open == std::string_view::npos) return false;
  const std::string_view uri = spot.value.substr(open + 1, spot.value.find('>', open) - open - 1);
  return uri.find_first_of(" \t\r\n") != std::string_view::npos;
}
// What is left of the address that the problem is in.
std::string_view AddressAt(const Spot& spot) { return spot.rest.substr(0, spot.rest.find_first_of(" >;,")); }
bool HasBareIpv6(const Spot& spot) {
  const std::string_view address = AddressAt(spot);
  return spot.value.find('[') == std::string_view::npos &&
         std::count(address.begin(), address.end(), ':') > 1;
}
bool IsAtIpv6(const Spot& spot) { return spot.rest.starts_with('['); }
bool IsAtOpenIpv6(const Spot& spot) {
  return IsAtIpv6(spot) && AddressAt(spot).find(']') == std::string_view::npos;
}
bool IsAtPort(const Spot& spot) {
  const std::string_view before = spot.before.substr(0, spot.before.find_last_not_of("0123456789") + 1);
  return before.ends_with(':') && !before.ends_with("sip:") && !before.ends_with("sips:");
}
bool HasEmptyLabel(const Spot& spot) { return AddressAt(spot).find("..") != std::string_view::npos; }
// "SIP/2.0/UDPhost": what should be the host counts for the transport.
bool HasNoSpace(const Spot& spot) {
  return std::count(spot.before.begin(), spot.before.end(), '/') == 2 &&
         spot.before.find_first_of(" \t\r\n") == std::string_view::npos;
}
bool IsAtStar(const Spot& spot) { return spot.rest.starts_with('*'); }
bool IsEmpty(const Spot& spot) { return Trim(spot.value).empty(); }
bool IsBehindComma(const Spot& spot) { return Trim(spot.before).ends_with(','); }
// Those of word processors, in UTF-8: the four of U+201C to U+201F.
bool HasOtherQuotes(const Spot& spot) {
  const std::size_t at = spot.value.find("\xE2\x80");
  return at != std::string_view::npos && spot.value.size() - at > 2 &&
         (static_cast<unsigned char>(spot.value[at + 2]) & 0xFC) == 0x9C;
}
bool HasNoGmt(const Spot& spot) { return !spot.value.ends_with("GMT"); }
bool IsAtPercent(const Spot& spot) { return spot.rest.starts_with('%'); }
bool IsAtSign(const Spot& spot) { return spot.rest.starts_with('@'); }
bool IsAtSemicolon(const Spot& spot) { return spot.rest.starts_with(';'); }
bool IsBehindAtSign(const Spot& spot) { return spot.before.ends_with('@'); }
bool HasNoScheme(const Spot& spot) { return AddressAt(spot).find(':') == std::string_view::npos; }
// The parameter that the problem is in, or behind the end of which it is.
std::string_view ParamAt(const Spot& spot) {
  if (IsAtSemicolon(spot)) return spot.rest;
  return spot.value.substr(std::min(spot.before.rfind(';'), spot.value.size()));
}
bool IsAtTag(const Spot& spot) {
  const std::string_view param = ParamAt(spot);
  return param.size() > 3 && EqualsIgnoreCase(param.substr(0, 4), ";tag");
}
bool IsAtSecondTag(const Spot& spot) {
  return IsAtTag(spot) && spot.value.find(";tag=") < spot.value.size() - ParamAt(spot).size();
}

struct Row {
  ParseCode code;
  HeaderId field;  // kOther: any, or none
  bool (*applies)(const Spot&);
  std::string_view expected;
  std::string_view hint =
      {};  // {declared}: what Content-Length says, {there}: the bytes behind the empty line
};

constexpr std::string_view kAddress = "an address: \"Name\" <sip:user@host>;tag=... or sip:user@host;tag=...";
constexpr std::string_view kContactAddress =
    "an address: \"Name\" <sip:user@host>;expires=... or sip:user@host";
constexpr std::string_view kBracketed = "addresses in angle brackets: <sip:host;lr>, <...>";
constexpr std::string_view kTokens = "tokens with commas between them";
constexpr std::string_view kIpv6 =
    "eight groups of one to four hexadecimal digits; \"::\" once for groups of zeros";
constexpr std::string_view kPort = "a port from 1 to 65535";
constexpr std::string_view kHost =
    "a host: labels of letters, digits and hyphens with dots between them, or an IP address";
constexpr std::string_view kEscape = "an escape: \"%\" and two hexadecimal digits";
constexpr std::string_view kPercent = "write a percent sign of its own as %25";
constexpr std::string_view kStar =
    "addresses; or \"*\" alone, in a REGISTER with \"Expires: 0\" (RFC 3261 10.2.2)";
constexpr std::string_view kQuotes = "write the quotation marks as \", the character 0x22";
constexpr std::string_view kOneDot = "remove the second dot: a host has no empty label";
constexpr std::string_view kOneAddress = "one address, and no comma behind it";
constexpr std::string_view kCutList = "remove the comma and what is behind it: this field is no list";
constexpr std::string_view kTagOnce = "a tag once";
constexpr std::string_view kTag = "a token for a tag: \";tag=1928\"";
constexpr std::string_view kBothTags = "a Call-ID, one to-tag and one from-tag";
constexpr std::string_view kMissingTag = "add what is not there of ;to-tag=... and ;from-tag=...";
constexpr std::string_view kSeconds = "a number of seconds";
constexpr HeaderId kAny = HeaderId::kOther;

// The first that fits counts.
constexpr Row kRows[] = {
    {ParseCode::kEmptyMessage, kAny, Always, "a start-line, header fields and an empty line"},
    {ParseCode::kMessageTooLong, kAny, Always, "at most 65535 bytes, what a datagram can hold"},
    {ParseCode::kHeaderSectionTooLong, kAny, Always, "at most 32768 bytes of header fields"},
    {ParseCode::kTooManyHeaders, kAny, Always, "at most 256 header fields"},
    {ParseCode::kHeaderTooLong, kAny, Always, "at most 8192 bytes in a field, folded lines included"},
    {ParseCode::kTooManyParameters, kAny, Always,
     "at most 64 parameters in a value, those of its URI included"},
    {ParseCode::kUriTooLong, kAny, Always, "at most 4096 bytes"},
    {ParseCode::kBodyTooLong, kAny, Always, "at most 65535 bytes of body"},
    {ParseCode::kBadRequestLine, kAny, IsAtEnd, "a method, a Request-URI and SIP/2.0, one space between them",
     "write \"SIP/2.0\" behind the Request-URI, and no space behind it"},
    {ParseCode::kBadRequestLine, kAny, Always, "SIP/2.0 at the end of the line"},
    {ParseCode::kBadStatusLine, kAny, Always, "SIP/2.0, a status code and a phrase, one space between them"},
    {ParseCode::kBadMethod, kAny, Always, "a method: a token such as INVITE, and a space"},
    {ParseCode::kBadRequestUri, kAny, IsAtBracket, "a URI", "remove the angle brackets around the URI"},
    {ParseCode::kBadRequestUri, kAny, IsAtQuestionMark, "a URI without header fields",
     "make what follows the question mark header fields of the request"},
    {ParseCode::kBadRequestUri, kAny, IsAtSpace, "a URI, and one space on either side of it",
     "remove the white space; within a URI it is written %20"},
    {ParseCode::kBadRequestUri, kAny, HasBareIpv6, "a host",
     "put the IPv6 address in square brackets: sip:[2001:db8::1]"},
    {ParseCode::kBadRequestUri, kAny, IsAtOpenIpv6, kIpv6, "close the square bracket"},
    {ParseCode::kBadRequestUri, kAny, IsAtIpv6, kIpv6},
    {ParseCode::kBadRequestUri, kAny, IsAtPort, kPort},
    {ParseCode::kBadRequestUri, kAny, IsAtPercent, kEscape, kPercent},
    {ParseCode::kBadRequestUri, kAny, IsAtSign, "a user before the \"@\"",
     "write the user, or remove the \"@\": sip:host"},
    {ParseCode::kBadRequestUri, kAny, HasEmptyLabel, kHost, kOneDot},
    {ParseCode::kBadRequestUri, kAny, IsBehindAtSign, kHost},
    {ParseCode::kBadRequestUri, kAny, HasNoScheme, "a scheme and a colon", "write \"sip:\" before it"},
    {ParseCode::kBadRequestUri, kAny, Always, "a URI such as sip:user@host:5060;transport=tcp"},
    {ParseCode::kUnsupportedVersion, kAny, Always, "SIP/2.0"},
    {ParseCode::kBadStatusCode, kAny, Always, "three digits from 100 to 699, behind one space"},
    {ParseCode::kBadHeaderName, kAny, IsAtSpace, "the name of a header field",
     "remove the white space at the begin of the line: there is no line that it could continue"},
    {ParseCode::kBadHeaderName, kAny, Always, "the name of a header field, a token, and a colon"},
    {ParseCode::kBadHeaderLine, kAny, Always, "a colon behind the name of the header field",
     "write \"Name: value\"; a line that continues another begins with white space"},
    {ParseCode::kControlCharacter, kAny, IsAtLineFeed, "CR LF at the end of the line",
     "LF line ends: try --lf"},
    {ParseCode::kControlCharacter, kAny, Always,
     "no control character, but behind a backslash in quotation marks", "remove it"},
    {ParseCode::kMissingBlankLine, kAny, Always, "CR LF behind the last header field and an empty line",
     "end the header section with CR LF CR LF"},
    {ParseCode::kBadContentLength, kAny, Always, "a decimal number", "{there} bytes follow the empty line"},
    {ParseCode::kContentLengthMismatch, kAny, Always, "the number of bytes behind the empty line",
     "Content-Length says {declared}, {there} bytes follow"},
    {ParseCode::kMissingContentLength, kAny, Always,
     "a Content-Length field: over a stream nothing else ends a message", "add \"Content-Length: {there}\""},
    {ParseCode::kRepeatedHeader, kAny, Always, "this field once",
     "remove one of them: receivers may read either"},
    {ParseCode::kMissingVia, kAny, Always, "a Via field",
     "add \"Via: SIP/2.0/UDP host:port;branch=z9hG4bK...\""},
    {ParseCode::kMissingFrom, kAny, Always, "a From field", "add \"From: <sip:user@host>;tag=...\""},
    {ParseCode::kMissingTo, kAny, Always, "a To field", "add \"To: <sip:user@host>\""},
    {ParseCode::kMissingCallId, kAny, Always, "a Call-ID field",
     "add \"Call-ID: ...\", another in every call"},
    {ParseCode::kMissingCSeq, kAny, Always, "a CSeq field", "add \"CSeq: 1\" and the method"},
    {ParseCode::kMissingMaxForwards, kAny, Always, "a Max-Forwards field", "add \"Max-Forwards: 70\""},
    {ParseCode::kBadVia, kAny, IsBehindSeparator, "a parameter or another value behind the separator",
     "remove the separator that nothing follows"},
    {ParseCode::kBadVia, kAny, HasBareIpv6, kHost, "put the IPv6 address in square brackets: [2001:db8::1]"},
    {ParseCode::kBadVia, kAny, IsAtIpv6, kIpv6},
    {ParseCode::kBadVia, kAny, IsAtPort, kPort},
    {ParseCode::kBadVia, kAny, HasEmptyLabel, kHost, kOneDot},
    {ParseCode::kBadVia, kAny, HasNoSpace, "SIP/2.0/UDP host:port;branch=z9hG4bK...",
     "write a space between the transport and the host"},
    {ParseCode::kBadVia, kAny, Always, "SIP/2.0/UDP host:port;branch=z9hG4bK..."},
    {ParseCode::kBadHost, kAny, Always, "a host name: letters, digits, hyphens and dots",
     "rename the host: an underscore is no character of a host name"},
    {ParseCode::kBadCallId, kAny, Always, "a word, perhaps \"@\" and another one; no spaces"},
    {ParseCode::kBadCSeq, kAny, IsAtNumber,
     "a number below 4294967296, white space and the method, as in \"31 INVITE\""},
    {ParseCode::kBadCSeq, kAny, Always, "a number, white space and the method, as in \"31 INVITE\""},
    {ParseCode::kCSeqMethodMismatch, kAny, Always, "the method of the Request-Line",
     "write the same in both; methods are case-sensitive"},
    {ParseCode::kBadMaxForwards, kAny, Always, "a number from 0 to 255", "70 is usual"},
    {ParseCode::kBadContact, kAny, HasOpenQuote, kContactAddress, "close the quotation mark"},
    {ParseCode::kBadFrom, kAny, HasOpenQuote, kAddress, "close the quotation mark"},
    {ParseCode::kBadTo, kAny, HasOpenQuote, kAddress, "close the quotation mark"},
    {ParseCode::kBadContact, kAny, IsEmpty, kContactAddress, "write an address, or remove the field"},
    {ParseCode::kBadFrom, kAny, IsEmpty, kAddress, "write an address"},
    {ParseCode::kBadTo, kAny, IsEmpty, kAddress, "write an address"},
    {ParseCode::kBadContact, kAny, IsAtStar, kStar,
     "remove the \"*\", or write it alone beside \"Expires: 0\""},
    {ParseCode::kBadContact, kAny, HasOtherQuotes, kContactAddress, kQuotes},
    {ParseCode::kBadFrom, kAny, HasOtherQuotes, kAddress, kQuotes},
    {ParseCode::kBadTo, kAny, HasOtherQuotes, kAddress, kQuotes},
    {ParseCode::kBadFrom, kAny, IsAtSecondTag, kTagOnce, "remove one of them: receivers may read either"},
    {ParseCode::kBadTo, kAny, IsAtSecondTag, kTagOnce, "remove one of them: receivers may read either"},
    {ParseCode::kBadFrom, kAny, IsAtTag, kTag},
    {ParseCode::kBadTo, kAny, IsAtTag, kTag},
    {ParseCode::kBadContact, kAny, HasCommaInName, kContactAddress,
     "put the display name in quotation marks"},
    {ParseCode::kBadFrom, kAny, HasCommaInName, kAddress, "put the display name in quotation marks"},
    {ParseCode::kBadTo, kAny, HasCommaInName, kAddress, "put the display name in quotation marks"},
    {ParseCode::kBadContact, kAny, HasOpenBracket, kContactAddress, "close the angle bracket"},
    {ParseCode::kBadFrom, kAny, HasOpenBracket, kAddress, "close the angle bracket"},
    {ParseCode::kBadTo, kAny, HasOpenBracket, kAddress, "close the angle bracket"},
    {ParseCode::kBadRoute, kAny, HasOpenBracket, kBracketed, "close the angle bracket"},
    {ParseCode::kBadContact, kAny, HasSpaceInBrackets, kContactAddress,
     "remove the white space within the angle brackets"},
    {ParseCode::kBadFrom, kAny, HasSpaceInBrackets, kAddress,
     "remove the white space within the angle brackets"},
    {ParseCode::kBadTo, kAny, HasSpaceInBrackets, kAddress,
     "remove the white space within the angle brackets"},
    {ParseCode::kBadContact, kAny, IsAtPercent, kEscape, kPercent},
    {ParseCode::kBadFrom, kAny, IsAtPercent, kEscape, kPercent},
    {ParseCode::kBadTo, kAny, IsAtPercent, kEscape, kPercent},
    {ParseCode::kBadContact, kAny, IsAtPort, kPort},
    {ParseCode::kBadFrom, kAny, IsAtPort, kPort},
    {ParseCode::kBadTo, kAny, IsAtPort, kPort},
    {ParseCode::kBadContact, kAny, HasEmptyLabel, kHost, kOneDot},
    {ParseCode::kBadFrom, kAny, HasEmptyLabel, kHost, kOneDot},
    {ParseCode::kBadTo, kAny, HasEmptyLabel, kHost, kOneDot},
    {ParseCode::kBadFrom, kAny, IsBehindComma, kOneAddress, kCutList},
    {ParseCode::kBadTo, kAny, IsBehindComma, kOneAddress, kCutList},
    {ParseCode::kBadContact, kAny, HasBareUri, kContactAddress, "add angle brackets around the URI"},
    {ParseCode::kBadFrom, kAny, HasBareUri, kAddress, "add angle brackets around the URI"},
    {ParseCode::kBadTo, kAny, HasBareUri, kAddress, "add angle brackets around the URI"},
    {ParseCode::kBadRoute, kAny, HasBareUri, kBracketed, "add angle brackets around the URI"},
    {ParseCode::kBadContact, kAny, IsBehindSeparator, "a parameter or another address behind the separator",
     "remove the separator that nothing follows"},
    {ParseCode::kBadContact, kAny, Always, kContactAddress},
    {ParseCode::kBadFrom, kAny, Always, kAddress},
    {ParseCode::kBadTo, kAny, Always, kAddress},
    {ParseCode::kBadRoute, kAny, Always, kBracketed},
    {ParseCode::kBadSessionExpires, kAny, Always,
     "a number of seconds, and perhaps ;refresher=uac or ;refresher=uas"},
    {ParseCode::kBadMinSe, kAny, Always, kSeconds},
    {ParseCode::kBadFieldValue, HeaderId::kAllow, Always, kTokens},
    {ParseCode::kBadFieldValue, HeaderId::kSupported, Always, kTokens},
    {ParseCode::kBadFieldValue, HeaderId::kRequire, Always, kTokens},
    {ParseCode::kBadFieldValue, HeaderId::kProxyRequire, Always, kTokens},
    {ParseCode::kBadFieldValue, HeaderId::kUnsupported, Always, kTokens},
    {ParseCode::kBadFieldValue, HeaderId::kExpires, Always, kSeconds, "write the number of seconds alone"},
    {ParseCode::kBadFieldValue, HeaderId::kMinExpires, Always, kSeconds, "write the number of seconds alone"},
    {ParseCode::kBadFieldValue, HeaderId::kRetryAfter, Always,
     "a number of seconds, perhaps a (comment) and parameters"},
    {ParseCode::kBadFieldValue, HeaderId::kContentType, Always, "type/subtype;parameter=value",
     "a session description is application/sdp"},
    {ParseCode::kBadFieldValue, HeaderId::kDate, HasNoGmt,
     "a date of this form: Sat, 13 Nov 2010 23:29:00 GMT", "the only time zone is GMT"},
    {ParseCode::kBadFieldValue, HeaderId::kDate, Always,
     "a day, month and time that exist, in this form: Sat, 13 Nov 2010 23:29:00 GMT"},
    {ParseCode::kBadFieldValue, HeaderId::kReplaces, IsAtEnd, kBothTags, kMissingTag},
    {ParseCode::kBadFieldValue, HeaderId::kJoin, IsAtEnd, kBothTags, kMissingTag},
    {ParseCode::kBadFieldValue, HeaderId::kTargetDialog, IsAtEnd,
     "a Call-ID, one local-tag and one remote-tag",
     "add what is not there of ;local-tag=... and ;remote-tag=..."},
    {ParseCode::kBadFieldValue, HeaderId::kRAck, Always, "the RSeq number, the CSeq number and the method"},
    {ParseCode::kBadFieldValue, HeaderId::kRSeq, Always, "a number below 4294967296"},
    {ParseCode::kBadFieldValue, HeaderId::kReplyTo, Always, kAddress},
    {ParseCode::kBadFieldValue, HeaderId::kReferTo, Always, kAddress},
    {ParseCode::kBadFieldValue, HeaderId::kReferredBy, Always, kAddress},
};

// A code that says how a value goes wrong: the clause is the field's.
bool IsOfValue(ParseCode code) {
  return code >= ParseCode::kBadVia && code <= ParseCode::kBadFieldValue &&
         code != ParseCode::kCSeqMethodMismatch && code != ParseCode::kBadHost;
}

bool IsMissing(ParseCode code) {
  return code >= ParseCode::kMissingVia && code <= ParseCode::kMissingContact;
}

std::string FoundText(std::string_view bytes, std::size_t offset) {
  constexpr std::size_t kFoundMax = 40;
  const std::string_view rest = bytes.substr(std::min(offset, bytes.size()));
  if (rest.empty()) return "the end of the message";
  if (rest.starts_with("\r\n")) return "the end of the line";
  const char first = rest.front();
  if (first == '\n') return "a line feed without carriage return";
  if (first == '\r') return "a carriage return without line feed";
  if (first == ' ' || first == '\t') return "white space";
  if (!Is(kLineText, first))
    return fmt::format("the control character 0x{:02X}", static_cast<unsigned char>(first));
  std::size_t size = 1;
  while (size < rest.size() && size < kFoundMax && Is(kLineText, rest[size]) && !Is(kWhiteSpace, rest[size]))
    ++size;
  // Not within a character of UTF-8.
  while (size < rest.size() && size > 1 && (static_cast<unsigned char>(rest[size]) & 0xC0) == 0x80) --size;
  return fmt::format("{}{}", rest.substr(0, size), size == kFoundMax ? "..." : "");
}

// A response repeats the fields of RFC 3261 8.2.6.2.
bool IsAnswerable(std::span<const Problem> all, const MessageView& message) {
  for (const HeaderId id :
       {HeaderId::kVia, HeaderId::kFrom, HeaderId::kTo, HeaderId::kCallId, HeaderId::kCSeq}) {
    if (!message.Has(id)) return false;
  }
  return std::none_of(all.begin(), all.end(), [&](const Problem& problem) {
    switch (problem.error.code) {
      case ParseCode::kBadCSeq:
        return !IsCSeqOfAnyNumber(message.First(HeaderId::kCSeq).value_or(""));
      case ParseCode::kBadFrom:
      case ParseCode::kBadTo:
      case ParseCode::kBadCallId:
        return true;
      case ParseCode::kBadVia:
        return problem.is_fatal;
      default:
        return false;
    }
  });
}

void AddReceiver(const Problem& problem, std::span<const Problem> all, const MessageView& message,
                 Explanation& explanation) {
  if (message.is_response()) {
    explanation.receiver =
        problem.is_fatal ? "drops the response" : "takes the response, if it does not need the field";
    return;
  }
  if (message.method() == Method::kAck) {
    explanation.receiver = problem.is_fatal
                               ? "drops it: an ACK is never answered"
                               : "takes it, if it does not need the field: an ACK is never answered";
    return;
  }
  if (!problem.is_fatal) {
    std::string who;
    constexpr std::pair<Role, std::string_view> kRoles[] = {
        {Role::kUserAgent, "a user agent"}, {Role::kProxy, "a proxy"}, {Role::kRegistrar, "a registrar"}};
    for (const auto& [role, name] : kRoles) {
      const ElementPolicy policy = {.role = role, .options = "100rel, join, path, replaces, timer"};
      if (!IsFieldNeeded(problem.field, message.method(), policy)) continue;
      who += who.empty() ? "" : " or ";
      who += name;
    }
    if (who.empty()) {
      explanation.receiver = "ignores the field, which it does not need (RFC 3261 8.2.2)";
      return;
    }
    explanation.response = 400;
    explanation.receiver =
        fmt::format("answers 400 {} if it is {}; others ignore it", ParseCodeText(problem.error.code), who);
    return;
  }
  const Verdict verdict = VerdictOf(message, problem.error, {});
  explanation.response = verdict.status;
  explanation.receiver = fmt::format("answers {} {}", verdict.status, verdict.reason);
  if (!IsAnswerable(all, message)) {
    explanation.receiver += ", or drops it: a response repeats Via, From, To, Call-ID and CSeq";
  }
}

// RFC 3261 18.3: over a stream Content-Length alone says where the next message begins.
void AddStream(const Problem& problem, Explanation& explanation) {
  const ParseCode code = problem.error.code;
  if (code == ParseCode::kContentLengthMismatch) {
    explanation.receiver = "waits for what is missing, or takes what is too much for the next message";
    explanation.response = 0;
  } else if (code == ParseCode::kBadContentLength || code == ParseCode::kMissingContentLength ||
             (code == ParseCode::kRepeatedHeader && problem.field == HeaderId::kContentLength)) {
    explanation.receiver += ", and closes the connection: it cannot tell where the next message begins";
  }
}

std::string Filled(std::string_view hint, std::string_view bytes, const MessageView& message) {
  const std::string declared(message.First(HeaderId::kContentLength).value_or("nothing"));
  const std::size_t begin = message.index().body.begin;
  const std::string there = std::to_string(begin == 0 ? 0 : bytes.size() - begin);
  std::string text(hint);
  for (const auto& [name, value] : {std::pair{"{declared}", declared}, std::pair{"{there}", there}}) {
    if (const std::size_t at = text.find(name); at != std::string::npos)
      text.replace(at, std::string_view(name).size(), value);
  }
  return text;
}

}  // namespace

Explanation Explain(const Problem& problem, std::span<const Problem> all, std::string_view bytes,
                    const MessageView& message, Framing framing) {
  const ParseCode code = problem.error.code;
  Explanation explanation = {.rule = std::string(ParseCodeText(code)),
                             .clause = ParseCodeClause(code),
                             .field = HeaderName(problem.field)};
  if (IsOfValue(code) && !explanation.field.empty()) {
    explanation.rule = fmt::format("Malformed {}", explanation.field);
    explanation.clause = HeaderClause(problem.field);
  }
  const std::size_t at =
      problem.error.offset - std::min<std::size_t>(problem.value_begin, problem.error.offset);
  const std::size_t in_value = std::min(at, problem.value.size());
  const Spot spot = {.value = problem.value,
                     .before = problem.value.substr(0, in_value),
                     .rest = code == ParseCode::kControlCharacter || code == ParseCode::kBadHeaderName
                                 ? bytes.substr(std::min<std::size_t>(problem.error.offset, bytes.size()))
                                 : problem.value.substr(in_value)};
  const bool is_of_value = IsOfValue(code) || code == ParseCode::kBadContentLength;
  const Grammar grammar = is_of_value ? GrammarOf(problem.field) : GrammarOf(code);
  explanation.expected = grammar.example.empty() ? fmt::format("what {} says", explanation.clause)
                                                 : fmt::format("a value such as {}", grammar.example);
  if (!grammar.rule.empty()) {
    explanation.grammar =
        fmt::format("{} ({})", grammar.rule, ClauseOfGrammar(is_of_value ? HeaderClause(problem.field) : ""));
  }
  for (const Row& row : kRows) {
    if (row.code != code || (row.field != kAny && row.field != problem.field) || !row.applies(spot)) continue;
    explanation.expected = row.expected;
    explanation.hint = Filled(row.hint, bytes, message);
    break;
  }
  explanation.found = IsMissing(code) ? "none" : FoundText(bytes, problem.error.offset);
  AddReceiver(problem, all, message, explanation);
  if (framing == Framing::kStream) AddStream(problem, explanation);
  return explanation;
}

}  // namespace sansip::cli
