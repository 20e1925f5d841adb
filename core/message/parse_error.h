// What is wrong with a message: which rule, and at which byte. No text, no allocation; the text and the
// clause are looked up from the code.
#ifndef SANSIP_CORE_MESSAGE_PARSE_ERROR_H_
#define SANSIP_CORE_MESSAGE_PARSE_ERROR_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sansip {

// One code per reason that a 400's phrase could want (RFC 3261 21.4.1).
enum class ParseCode : std::uint8_t {
  kNone,
  kEmptyMessage,
  kMessageTooLong,
  kHeaderSectionTooLong,
  kTooManyHeaders,
  kHeaderTooLong,
  kUriTooLong,
  kBodyTooLong,
  kBadRequestLine,
  kBadStatusLine,
  kBadMethod,
  kBadRequestUri,
  kUnsupportedVersion,
  kBadStatusCode,
  kBadHeaderName,
  kBadHeaderLine,
  kControlCharacter,
  kMissingBlankLine,
  kBadContentLength,
  kContentLengthMismatch,
  kRepeatedHeader,
  kMissingVia,
  kMissingFrom,
  kMissingTo,
  kMissingCallId,
  kMissingCSeq,
  kMissingMaxForwards,
  kMissingContact,
  kBadVia,
  kBadFrom,
  kBadTo,
  kBadCallId,
  kBadCSeq,
  kCSeqMethodMismatch,
  kBadMaxForwards,
  kBadContact,
  kBadRoute,
  kBadUri,
  kBadHost,
  kBadPort,
  kBadParameter,
  kRepeatedParameter,
  kBadQuotedString,
  kBadNumber,
  kBadToken,
  kBadSessionExpires,
  kBadMinSe,
  kBadFieldValue,
  kMissingContentLength,
  kBadMultipart,
  kTooManyBodyParts,
  kMissingContentType,
  kTooManyParameters,
  kMultipartTooDeep,
};
inline constexpr std::size_t kParseCodeCount = static_cast<std::size_t>(ParseCode::kMultipartTooDeep) + 1;

struct ParseError {
  ParseCode code = ParseCode::kNone;
  std::uint32_t offset = 0;  // into the text that was parsed

  constexpr bool ok() const { return code == ParseCode::kNone; }
  friend constexpr bool operator==(const ParseError&, const ParseError&) = default;
};

std::string_view ParseCodeText(ParseCode code);    // "CSeq is missing": fit for a reason phrase
std::string_view ParseCodeClause(ParseCode code);  // "RFC 3261 8.1.1"
int ResponseCodeFor(ParseCode code);               // 400, 413, 414, 505, ... (RFC 3261 21.4)

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_PARSE_ERROR_H_
