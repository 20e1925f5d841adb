// What a receiver does with a body: which of its parts it works on, and what it answers if it cannot (RFC
// 3261 8.2.3, 20.11; RFC 5621 8; RFC 3204 4). A body that is not multipart is its one part.
//
// Every part has a handling: required, unless its Content-Disposition says optional. A multipart (mixed, or
// of an unknown kind: RFC 2046 5.1.7) is understood if all its required parts are. Of a multipart/alternative
// one part has to be understood, whatever the handling of each is, and the last such one is taken (RFC 5621
// 6.1, 8.3). What is optional and not understood is left out, with all that is in it.
#ifndef SANSIP_CORE_MESSAGE_BODY_HANDLING_H_
#define SANSIP_CORE_MESSAGE_BODY_HANDLING_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansip/core/message/message_view.h"
#include "sansip/core/message/multipart.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

// The most that MultipartLimits::multipart_depth_max may ask for here: a level is a level of recursion.
inline constexpr std::size_t kMultipartDepthMax = 16;

// What the receiver understands where it is: by method and dialog (RFC 5621 8.1). Lists of option_list.h.
struct UnderstoodBodies {
  std::string_view types;              // "application/sdp, text/*"; every multipart is understood
  std::string_view dispositions = {};  // "session, render"; empty: all
  // What it can undo, of Content-Encoding and of Content-Transfer-Encoding; identity, 7bit, 8bit and binary
  // are nothing to undo.
  std::string_view encodings = {};
  bool leaves_out_required = false;  // of a response, say, which nobody can answer 415
};

enum class BodyAnswer : std::uint8_t {
  kUnderstood,
  kUnknownType,         // 415 with Accept
  kUnknownEncoding,     // 415 with Accept-Encoding
  kUnknownDisposition,  // 415
  kMalformed,           // see the error
};

struct BodyChoice {
  BodyAnswer answer = BodyAnswer::kUnderstood;
  ParseError error;            // of kMalformed; the offset is into the multipart or the value that is
  std::size_t part_count = 0;  // 0 unless kUnderstood
};

// The parts to work on, in their order, into `parts`: no multipart among them, and the default Content-Type
// left absent. Whether a disposition such as by-reference is referred to is the caller's matter. More parts
// than `parts` holds are kMalformed with kTooManyBodyParts, nesting deeper than the limit with
// kMultipartTooDeep.
BodyChoice ChooseParts(const MessageView& message, const UnderstoodBodies& understood,
                       std::span<BodyPart> parts, const MultipartLimits& limits = {});

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_BODY_HANDLING_H_
