// Bodies of several parts (RFC 2046 5.1; RFC 5621 4 for SIP; RFC 3261 7.4): the parts as views into the body,
// without allocation, at a cost linear in the body whatever is in it.
//
// A delimiter line is "--", the boundary, "--" in the last one, white space that a transport added, and CRLF
// or the end of the body; nothing else: of two boundaries one of which begins like the other each finds its
// own lines. The CRLF before it belongs to it. What stands before the first and behind the last is nobody's.
// An outer boundary is looked for before an inner one, so that it ends whatever is open in it (5.1.2).
#ifndef SANSIP_CORE_MESSAGE_MULTIPART_H_
#define SANSIP_CORE_MESSAGE_MULTIPART_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/message/fields/content_type.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

// RFC 2046 5.1.1 boundary: 1 to 70 bchars, no space at the end.
class Boundary {
 public:
  static constexpr std::size_t kSizeMax = 70;
  static constexpr std::string_view kDashes = "--";  // stand before it, and after that of the last part

  // False, and then empty, if `text` is none.
  [[nodiscard]] bool Assign(std::string_view text);
  std::string_view view() const { return {chars_.data(), size_}; }

 private:
  std::array<char, kSizeMax> chars_{};
  std::uint8_t size_ = 0;
};

// The boundary parameter, unquoted. Errors: kBadParameter if missing or not well formed, kRepeatedParameter
// if there are two; the offset is into `parameters`.
[[nodiscard]] ParseError ParseBoundary(std::string_view parameters, Boundary& boundary);

struct MultipartLimits {
  std::size_t part_count_max = 32;      // of one multipart; the extensions of SIP send two or three
  std::size_t multipart_depth_max = 4;  // multiparts in multiparts; RFC 5621 4.3 wants no more than two
  // RFC 2046 5.1.2: a body that ends without its close-delimiter, as some gateways leave it; the last part
  // ends with the body.
  bool accept_missing_close = true;
};

// RFC 2046 5.1 body-part: an entity, not a message. Of its header fields only those named Content-... have a
// meaning, by their long names; Content-Length has none (the delimiter ends the part). Views into the body.
struct BodyPart {
  std::string_view text;     // all between two delimiters
  std::string_view headers;  // its header lines as they are, CRLF included, without the blank line
  std::string_view content;  // what is behind the blank line; may be any bytes
  // Values; absent if there is no such header field.
  std::optional<std::string_view> content_type;
  std::optional<std::string_view> content_disposition;
  std::optional<std::string_view> content_encoding;
  std::optional<std::string_view> content_transfer_encoding;
  std::optional<std::string_view> content_id;
  bool in_digest = false;  // a part of a multipart/digest
};

// What a part is: its Content-Type, or text/plain (message/rfc822 in a digest; RFC 2046 5.1.1). The offset of
// an error is into content_type.
[[nodiscard]] ParseError MediaTypeOf(const BodyPart& part, MediaType& media_type);

class MultipartReader {
 public:
  // The body of this type, which has a boundary: anything multipart (RFC 2046 5.1.7).
  MultipartReader(const MediaType& media_type, std::string_view body, const MultipartLimits& limits = {});

  // The next part; false behind the last one and where the body is malformed, which error() tells.
  [[nodiscard]] bool Next(BodyPart& part);

  // kBadParameter and kRepeatedParameter are about the boundary, with an offset into the type's parameters;
  // the others have one into the body: kBadMultipart (no part, or no close-delimiter where it is asked for),
  // kTooManyBodyParts, kRepeatedHeader (a part's type or disposition said twice) and those of TakeHeaderLine.
  ParseError error() const { return error_; }
  bool is_closed() const { return is_closed_; }  // the close-delimiter has been seen
  // To be ignored. Known when the first part is, and behind the last one.
  std::string_view preamble() const { return preamble_; }
  std::string_view epilogue() const { return is_closed_ ? body_.substr(next_) : std::string_view(); }

 private:
  struct Delimiter {
    std::size_t begin = 0;  // of its CRLF
    std::size_t end = 0;    // behind its line
    bool is_found = false;
    bool is_close = false;
  };

  Delimiter FindDelimiter(std::size_t from) const;
  bool TakeDelimiterLine(std::size_t begin, Delimiter& delimiter) const;
  bool Begin();
  bool TakeHeaders(BodyPart& part, std::size_t part_begin);
  bool Fail(ParseCode code, std::size_t offset);

  std::string_view body_;
  MultipartLimits limits_;
  Boundary boundary_;
  bool is_digest_ = false;
  bool has_begun_ = false;
  bool is_at_end_ = false;  // no further part
  bool is_closed_ = false;
  std::size_t next_ = 0;  // behind the last delimiter line that was read
  std::size_t part_count_ = 0;
  std::string_view preamble_;
  ParseError error_;
};

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_MULTIPART_H_
