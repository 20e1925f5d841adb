// The framer on any stream. First bytes: limits, policy and the sizes of the pieces; the rest is the stream.
//
// Oracles: any split gives the frames that no split gives; a framed message is one to the parser as well, or
// wrong for another reason than where it ends; memory stays within its bound.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/check.h"
#include "sansip/core/message/framer.h"
#include "sansip/core/message/parser.h"
#include "sansip/fuzz/byte_source.h"

namespace sansip {
namespace {

struct Seen {
  Frame::Kind kind;
  std::string bytes;
  ParseError error;
  friend bool operator==(const Seen&, const Seen&) = default;
};

void CheckMessage(std::string_view bytes, const ParseLimits& limits, const ParsePolicy& policy) {
  const auto index = std::make_unique<MessageIndex>();
  const ParseError error = Parser(limits, policy).Parse(bytes, Framing::kStream, *index);
  SANSIP_CHECK(error.code != ParseCode::kContentLengthMismatch && error.code != ParseCode::kMissingBlankLine);
  SANSIP_CHECK(error.code != ParseCode::kMissingContentLength && error.code != ParseCode::kMessageTooLong);
  SANSIP_CHECK(error.code != ParseCode::kHeaderSectionTooLong && error.code != ParseCode::kBodyTooLong);
  if (error.ok()) SANSIP_CHECK(MessageView(bytes, *index).bytes() == bytes);
}

std::vector<Seen> FramesInPieces(std::string_view stream, ByteSource pieces, const ParseLimits& limits,
                                 const ParsePolicy& policy) {
  Framer framer(limits, policy);
  std::vector<Seen> seen;
  while (!stream.empty()) {
    const std::span<char> room = framer.Writable();
    SANSIP_CHECK(!room.empty());
    const std::size_t piece = pieces.empty() ? stream.size() : std::size_t{1} + pieces.Byte();
    const std::size_t size = std::min({piece, room.size(), stream.size()});
    std::memcpy(room.data(), stream.data(), size);
    framer.Commit(size);
    stream.remove_prefix(size);
    for (Frame frame = framer.Next(); frame.kind != Frame::Kind::kNeedMore; frame = framer.Next()) {
      SANSIP_CHECK(frame.error.offset <= frame.bytes.size() || frame.error.code == ParseCode::kBodyTooLong ||
                   frame.error.code == ParseCode::kMessageTooLong);
      seen.push_back({frame.kind, std::string(frame.bytes), frame.error});
      if (frame.kind == Frame::Kind::kMessage) CheckMessage(frame.bytes, limits, policy);
      if (frame.kind == Frame::Kind::kError) return seen;
    }
    SANSIP_CHECK(framer.pending() <= limits.message_bytes_max);
  }
  return seen;
}

void Run(ByteSource bytes) {
  ParseLimits limits;
  const std::uint8_t choice = bytes.Byte();
  if (choice & 1) limits.message_bytes_max = std::size_t{16} * bytes.Byte();
  if (choice & 2) limits.header_section_bytes_max = std::size_t{8} * bytes.Byte();
  if (choice & 4) limits.body_bytes_max = bytes.Byte();
  ParsePolicy policy;
  policy.accept_bare_lf = (choice & 8) != 0;
  policy.accept_missing_stream_content_length = (choice & 16) != 0;
  const std::size_t piece_count = bytes.Below(16);
  const std::string_view pieces = bytes.Take(piece_count);
  const std::string_view stream = bytes.Rest();
  const auto whole = FramesInPieces(stream, ByteSource(nullptr, 0), limits, policy);
  const auto* data = reinterpret_cast<const std::uint8_t*>(pieces.data());
  SANSIP_CHECK(FramesInPieces(stream, ByteSource(data, pieces.size()), limits, policy) == whole);
  const std::vector<std::uint8_t> ones(stream.size(), 0);
  SANSIP_CHECK(FramesInPieces(stream, ByteSource(ones.data(), ones.size()), limits, policy) == whole);
}

}  // namespace
}  // namespace sansip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sansip::Run(sansip::ByteSource(data, size));
  return 0;
}
