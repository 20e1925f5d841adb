// Messages to bytes, into the caller's storage (RFC 3261 7, 25.1).
//
// As suspicious as the parser: a name that is no token, a value with a line break, a Request-URI that is none
// is refused and nothing of it is written, so that header injection is impossible by construction. The one
// line break that is understood is the folding of a value that came out of a parsed message: it is written as
// the space that it stands for (7.3.1). Content-Length is written by Body() alone, so that there is one and
// it is right. Beyond the storage the writer goes on counting: needed() says how much it would have taken. Of
// the storage only text() counts: what was refused may have left bytes behind it.
#ifndef SANSIP_CORE_MESSAGE_WRITER_H_
#define SANSIP_CORE_MESSAGE_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include "sansip/core/message/draft.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/output.h"

namespace sansip {

enum class WriteError : std::uint8_t {
  kNone,
  kNoRoom,     // needed() > storage
  kBadName,    // not a token (RFC 3261 25.1), or Content-Length
  kBadValue,   // CR or LF, or a control character outside a quoted-pair, in a header value or reason phrase
  kBadUri,     // a Request-URI that is none
  kBadStatus,  // outside 100 to 699
  kBadParts,   // no boundary, one that occurs in a part, or no part: MultipartWriter's alone
};

class Writer {
 public:
  explicit Writer(std::span<char> storage) : out_(storage) {}

  void RequestLine(std::string_view method, std::string_view request_uri);
  void StatusLine(int status_code, std::string_view reason);  // an empty reason: the usual phrase
  void Header(HeaderId id, std::string_view value);
  void Header(std::string_view name, std::string_view value);
  void Header(const HeaderLine& line);
  void Headers(std::span<const HeaderLine> lines);
  // The fields of a request that `head` has in parts.
  void Head(const RequestHead& head, std::string_view method);
  // A header whose value is made of parts, concatenated.
  void Header(HeaderId id, std::initializer_list<std::string_view> parts);
  // A typed field, written by the Write(const T&, ValueWriter&) of its file.
  template <typename T>
  void Field(HeaderId id, const T& field) {
    if (!BeginField(id)) return;
    ValueWriter value(out_.room());
    Write(field, value);
    EndField(value);
  }
  // Whole header lines, CRLF included, as they stood in a parsed message; checked for being just that.
  void RawHeaders(std::string_view lines);
  // Whole header lines that a Writer has written: not looked at again.
  void OwnHeaders(std::string_view lines) { Put(lines); }
  // Content-Length, the blank line and the body. Ends the message.
  void Body(std::string_view body);

  WriteError error() const;  // the first that happened
  std::size_t needed() const { return out_.needed(); }
  // What was written; the whole message if error() is kNone after Body().
  std::string_view text() const { return out_.text(); }

 private:
  bool BeginField(HeaderId id);
  void EndField(const ValueWriter& value);
  [[gnu::always_inline]] static bool PutPlainHeader(HeaderId id, std::string_view value, Output& out);
  // A line that begins with the name of `id`; kOther: with none. Its pieces may be any values.
  [[gnu::always_inline]] void PutLine(HeaderId id, std::initializer_list<std::string_view> pieces);
  void PutUnusualLine(HeaderId id, std::initializer_list<std::string_view> pieces);
  void Put(std::string_view text) { out_.Put(text); }
  void Fail(WriteError error);

  Output out_;
  std::size_t field_begin_ = 0;  // of the field that Field() is writing
  WriteError error_ = WriteError::kNone;
};

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_WRITER_H_
