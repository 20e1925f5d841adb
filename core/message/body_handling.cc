#include "sansip/core/message/body_handling.h"

#include <algorithm>

#include "sansip/core/message/fields/content_disposition.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/option_list.h"
#include "sansip/core/text/ascii.h"

namespace sansip {
namespace {

constexpr std::string_view kNothingToUndo = "identity, 7bit, 8bit, binary";

// RFC 3261 20.11: without it a session description is the session's, all else is to be rendered.
ParseError ReadDisposition(const BodyPart& part, const MediaType& media_type,
                           ContentDisposition& disposition) {
  if (part.content_disposition) return ParseContentDisposition(*part.content_disposition, disposition);
  disposition.type = media_type.Is("application", "sdp") ? "session" : "render";
  return {};
}

class Chooser {
 public:
  Chooser(const UnderstoodBodies& understood, std::span<BodyPart> parts, const MultipartLimits& limits)
      : understood_(understood), parts_(parts), limits_(limits) {}

  // Takes the part, or what of it is to be worked on; nothing unless kUnderstood.
  BodyAnswer Take(const BodyPart& part, std::size_t depth, bool& is_required);
  // Every encoding of this list?
  bool CanUndo(std::string_view encodings, bool is_multipart) const;

  ParseError error() const { return error_; }
  std::size_t count() const { return count_; }

 private:
  BodyAnswer TakeMixed(MultipartReader& reader, std::size_t depth);
  BodyAnswer TakeAlternative(MultipartReader& reader, std::size_t depth);
  BodyAnswer Malformed(ParseError error) {
    error_ = error;
    return BodyAnswer::kMalformed;
  }

  const UnderstoodBodies& understood_;
  std::span<BodyPart> parts_;
  const MultipartLimits& limits_;
  std::size_t count_ = 0;
  ParseError error_;  // of the last kMalformed
};

BodyAnswer Chooser::Take(const BodyPart& part, std::size_t depth, bool& is_required) {
  is_required = true;
  MediaType media_type;
  ParseError error = MediaTypeOf(part, media_type);
  if (!error.ok()) return Malformed(error);
  ContentDisposition disposition;
  error = ReadDisposition(part, media_type, disposition);
  if (!error.ok()) return Malformed(error);
  is_required = !understood_.leaves_out_required && HandlingOf(disposition) != Handling::kOptional;
  const bool is_multipart = EqualsIgnoreCase(media_type.type, "multipart");
  if (!CanUndo(part.content_encoding.value_or(""), is_multipart) ||
      !CanUndo(part.content_transfer_encoding.value_or(""), is_multipart)) {
    return BodyAnswer::kUnknownEncoding;
  }
  if (is_multipart) {
    // RFC 5621 8.2: the disposition of a multipart says nothing, that of its parts does.
    if (depth >= std::min(limits_.multipart_depth_max, kMultipartDepthMax))
      return Malformed({ParseCode::kMultipartTooDeep, 0});
    MultipartReader reader(media_type, part.content, limits_);
    const std::size_t before = count_;
    const BodyAnswer answer = media_type.Is("multipart", "alternative") ? TakeAlternative(reader, depth + 1)
                                                                        : TakeMixed(reader, depth + 1);
    if (answer != BodyAnswer::kUnderstood) count_ = before;
    return answer;
  }
  if (!IsTypeListed(understood_.types, media_type.type, media_type.subtype)) return BodyAnswer::kUnknownType;
  if (!understood_.dispositions.empty() && !IsListed(understood_.dispositions, disposition.type))
    return BodyAnswer::kUnknownDisposition;
  if (count_ == parts_.size()) return Malformed({ParseCode::kTooManyBodyParts, 0});
  parts_[count_++] = part;
  return BodyAnswer::kUnderstood;
}

BodyAnswer Chooser::TakeMixed(MultipartReader& reader, std::size_t depth) {
  for (BodyPart part; reader.Next(part);) {
    bool is_required = true;
    const BodyAnswer answer = Take(part, depth, is_required);
    if (answer != BodyAnswer::kUnderstood && is_required) return answer;
  }
  return reader.error().ok() ? BodyAnswer::kUnderstood : Malformed(reader.error());
}

BodyAnswer Chooser::TakeAlternative(MultipartReader& reader, std::size_t depth) {
  BodyAnswer last = BodyAnswer::kUnknownType;
  const std::size_t begin = count_;
  bool is_any = false;
  for (BodyPart part; reader.Next(part);) {
    const std::size_t before = count_;
    bool is_required = true;
    last = Take(part, depth, is_required);
    if (last != BodyAnswer::kUnderstood) continue;
    // In the place of the one that was the best so far.
    const std::span<BodyPart> taken = parts_.subspan(before, count_ - before);
    std::copy(taken.begin(), taken.end(), parts_.subspan(begin).begin());
    count_ = begin + taken.size();
    is_any = true;
  }
  if (!reader.error().ok()) return Malformed(reader.error());
  return is_any ? BodyAnswer::kUnderstood : last;
}

bool Chooser::CanUndo(std::string_view encodings, bool is_multipart) const {
  Elements elements(encodings);
  for (std::string_view encoding; elements.Next(encoding);) {
    if (IsListed(kNothingToUndo, encoding)) continue;
    // RFC 2045 6.4: nothing but the parts of a multipart is encoded; encoded, its parts cannot be seen.
    if (is_multipart || !IsListed(understood_.encodings, encoding)) return false;
  }
  return true;
}

}  // namespace

BodyChoice ChooseParts(const MessageView& message, const UnderstoodBodies& understood,
                       std::span<BodyPart> parts, const MultipartLimits& limits) {
  if (message.body().empty()) return {};
  // RFC 3261 7.4.1: a body has a type; nothing stands for one that is not said.
  if (!message.Has(HeaderId::kContentType)) return {BodyAnswer::kUnknownType, {}, 0};
  BodyPart whole;
  whole.text = whole.content = message.body();
  whole.content_type = message.First(HeaderId::kContentType);
  whole.content_disposition = message.First(HeaderId::kContentDisposition);
  Chooser chooser(understood, parts, limits);
  // On whichever row it stands, the encoding that decides: one that cannot be undone, or one that has to be.
  ElementsOf encodings(message, HeaderId::kContentEncoding);
  for (std::string_view encoding; encodings.Next(encoding);) {
    if (!chooser.CanUndo(encoding, /*is_multipart=*/true)) whole.content_encoding = encoding;
    if (!chooser.CanUndo(encoding, /*is_multipart=*/false)) break;
  }
  bool is_required = true;
  const BodyAnswer answer = chooser.Take(whole, 0, is_required);
  if (answer == BodyAnswer::kUnderstood) return {answer, {}, chooser.count()};
  if (!is_required) return {};
  return {answer, answer == BodyAnswer::kMalformed ? chooser.error() : ParseError{}, 0};
}

}  // namespace sansip
