// A multipart body into the caller's storage (RFC 2046 5.1.1; RFC 5621 4.3).
//
// As suspicious as Writer: header lines are checked as Writer checks them, and a part in which the boundary
// occurs is refused, at whatever place it does, so that what is read back is the parts that were given.
// Beyond the storage it goes on counting.
//
//   Boundary boundary;
//   if (!ChooseBoundary(random, {{sdp, location}}, boundary)) ...
//   MultipartWriter body(storage, boundary);
//   body.Part({{HeaderId::kContentType, "application/sdp"}}, sdp);
//   body.Part({{HeaderId::kContentType, "application/pidf+xml"}, {HeaderId::kOther, "<l@h>", "Content-ID"}},
//             location);
//   body.Close();
//   message.Field(HeaderId::kContentType, MultipartType{"mixed", boundary.view()});
//   message.Body(body.text());
#ifndef SANSIP_CORE_MESSAGE_MULTIPART_WRITER_H_
#define SANSIP_CORE_MESSAGE_MULTIPART_WRITER_H_

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>

#include "sansip/core/base/random.h"
#include "sansip/core/message/draft.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/multipart.h"
#include "sansip/core/message/output.h"
#include "sansip/core/message/writer.h"

namespace sansip {

// Could a line of it be taken for a delimiter line? True of "--" and the boundary anywhere.
bool Occurs(const Boundary& boundary, std::string_view content);

// A boundary of 128 random bits, a token, that occurs in none of the contents. False after four that did:
// then the randomness is none.
[[nodiscard]] bool ChooseBoundary(RandomSource& random, std::span<const std::string_view> contents,
                                  Boundary& boundary);

// A Content-Type to write: multipart/<subtype>;boundary=..., in quotes where it is no token.
struct MultipartType {
  std::string_view subtype;
  std::string_view boundary;
};
void Write(const MultipartType& media_type, ValueWriter& value);

class MultipartWriter {
 public:
  MultipartWriter(std::span<char> storage, const Boundary& boundary) : out_(storage), boundary_(boundary) {}

  // Names begin with "Content-" as a rule, never with a hyphen; Content-Length has no meaning and is refused.
  void Part(std::span<const HeaderLine> headers, std::string_view content);
  void Part(std::initializer_list<HeaderLine> headers, std::string_view content) {
    Part(std::span<const HeaderLine>(headers.begin(), headers.size()), content);
  }
  void Close();  // ends the body

  WriteError error() const;  // the first that happened
  std::size_t needed() const { return out_.needed(); }
  // What was written; the whole body if error() is kNone after Close().
  std::string_view text() const { return out_.text(); }

 private:
  void Fail(WriteError error);

  Output out_;
  Boundary boundary_;
  std::size_t part_count_ = 0;
  WriteError error_ = WriteError::kNone;
};

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_MULTIPART_WRITER_H_
