#include "sansip/core/message/parse_error.h"

#include <iterator>

namespace sansip {
namespace {

struct Row {
  ParseCode code;
  int response;
  std::string_view text;
  std::string_view clause;
};

// In the order of the enum.
constexpr Row kRows[] = {
    {ParseCode::kNone, 0, "", ""},
    {ParseCode::kEmptyMessage, 400, "Message Is Empty", "RFC 3261 7"},
    {ParseCode::kMessageTooLong, 513, "Message Is Too Long", "RFC 3261 21.5.7"},
    {ParseCode::kHeaderSectionTooLong, 513, "Header Section Is Too Long", "RFC 3261 21.5.7"},
    {ParseCode::kTooManyHeaders, 513, "Too Many Header Fields", "RFC 3261 21.5.7"},
    {ParseCode::kHeaderTooLong, 513, "Header Field Is Too Long", "RFC 3261 21.5.7"},
    {ParseCode::kUriTooLong, 414, "Request-URI Is Too Long", "RFC 3261 21.4.12"},
    {ParseCode::kBodyTooLong, 413, "Body Is Too Long", "RFC 3261 21.4.11"},
    {ParseCode::kBadRequestLine, 400, "Malformed Request-Line", "RFC 3261 7.1"},
    {ParseCode::kBadStatusLine, 400, "Malformed Status-Line", "RFC 3261 7.2"},
    {ParseCode::kBadMethod, 400, "Malformed Method", "RFC 3261 25.1"},
    {ParseCode::kBadRequestUri, 400, "Malformed Request-URI", "RFC 3261 7.1"},
    {ParseCode::kUnsupportedVersion, 505, "Version Not Supported", "RFC 3261 21.5.6"},
    {ParseCode::kBadStatusCode, 400, "Malformed Status-Code", "RFC 3261 7.2"},
    {ParseCode::kBadHeaderName, 400, "Malformed Header Field Name", "RFC 3261 7.3.1"},
    {ParseCode::kBadHeaderLine, 400, "Malformed Header Field", "RFC 3261 7.3.1"},
    {ParseCode::kControlCharacter, 400, "Stray Control Character", "RFC 3261 25.1"},
    {ParseCode::kMissingBlankLine, 400, "Empty Line Missing After Header Fields", "RFC 3261 7"},
    {ParseCode::kBadContentLength, 400, "Malformed Content-Length", "RFC 3261 20.14"},
    {ParseCode::kContentLengthMismatch, 400, "Content-Length Does Not Match Body", "RFC 3261 18.3"},
    {ParseCode::kRepeatedHeader, 400, "Repeated Header Field", "RFC 3261 7.3.1"},
    {ParseCode::kMissingVia, 400, "Missing Via", "RFC 3261 8.1.1"},
    {ParseCode::kMissingFrom, 400, "Missing From", "RFC 3261 8.1.1"},
    {ParseCode::kMissingTo, 400, "Missing To", "RFC 3261 8.1.1"},
    {ParseCode::kMissingCallId, 400, "Missing Call-ID", "RFC 3261 8.1.1"},
    {ParseCode::kMissingCSeq, 400, "Missing CSeq", "RFC 3261 8.1.1"},
    {ParseCode::kMissingMaxForwards, 400, "Missing Max-Forwards", "RFC 3261 8.1.1"},
    {ParseCode::kMissingContact, 400, "Missing Contact", "RFC 3261 8.1.1.8"},
    {ParseCode::kBadVia, 400, "Malformed Via", "RFC 3261 20.42"},
    {ParseCode::kBadFrom, 400, "Malformed From", "RFC 3261 20.20"},
    {ParseCode::kBadTo, 400, "Malformed To", "RFC 3261 20.39"},
    {ParseCode::kBadCallId, 400, "Malformed Call-ID", "RFC 3261 20.8"},
    {ParseCode::kBadCSeq, 400, "Malformed CSeq", "RFC 3261 20.16"},
    {ParseCode::kCSeqMethodMismatch, 400, "CSeq Method Differs From Request-Line", "RFC 3261 8.1.1.5"},
    {ParseCode::kBadMaxForwards, 400, "Malformed Max-Forwards", "RFC 3261 20.22"},
    {ParseCode::kBadContact, 400, "Malformed Contact", "RFC 3261 20.10"},
    {ParseCode::kBadRoute, 400, "Malformed Route", "RFC 3261 20.34"},
    {ParseCode::kBadUri, 400, "Malformed URI", "RFC 3261 25.1"},
    {ParseCode::kBadHost, 400, "Malformed Host", "RFC 3261 25.1"},
    {ParseCode::kBadPort, 400, "Malformed Port", "RFC 3261 25.1"},
    {ParseCode::kBadParameter, 400, "Malformed Parameter", "RFC 3261 25.1"},
    {ParseCode::kRepeatedParameter, 400, "Repeated Parameter", "RFC 3261 7.3.1"},
    {ParseCode::kBadQuotedString, 400, "Malformed Quoted String", "RFC 3261 25.1"},
    {ParseCode::kBadNumber, 400, "Malformed Number", "RFC 3261 25.1"},
    {ParseCode::kBadToken, 400, "Malformed Token", "RFC 3261 25.1"},
    {ParseCode::kBadSessionExpires, 400, "Malformed Session-Expires", "RFC 4028 4"},
    {ParseCode::kBadMinSe, 400, "Malformed Min-SE", "RFC 4028 5"},
    {ParseCode::kBadFieldValue, 400, "Malformed Header Field Value", "RFC 3261 20"},
    {ParseCode::kMissingContentLength, 400, "Missing Content-Length", "RFC 3261 20.14"},
    {ParseCode::kBadMultipart, 400, "Malformed Multipart Body", "RFC 2046 5.1.1"},
    {ParseCode::kTooManyBodyParts, 413, "Too Many Body Parts", "RFC 3261 21.4.11"},
    {ParseCode::kMissingContentType, 400, "Missing Content-Type", "RFC 3261 20.15"},
    {ParseCode::kTooManyParameters, 513, "Too Many Parameters", "RFC 3261 21.5.7"},
    {ParseCode::kMultipartTooDeep, 413, "Body Parts Nested Too Deep", "RFC 3261 21.4.11"},
};

constexpr bool IsInOrder() {
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    if (static_cast<std::size_t>(kRows[i].code) != i) return false;
  }
  return std::size(kRows) == kParseCodeCount;
}
static_assert(IsInOrder());

const Row& RowOf(ParseCode code) { return kRows[static_cast<std::size_t>(code)]; }

}  // namespace

std::string_view ParseCodeText(ParseCode code) { return RowOf(code).text; }
std::string_view ParseCodeClause(ParseCode code) { return RowOf(code).clause; }
int ResponseCodeFor(ParseCode code) { return RowOf(code).response; }

}  // namespace sansip
