#include "sansip/core/message/framer.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

// A frame that owns its bytes.
struct Seen {
  Frame::Kind kind;
  std::string bytes;
  ParseError error;
  friend bool operator==(const Seen&, const Seen&) = default;
};

void Drain(Framer& framer, std::vector<Seen>& seen) {
  for (;;) {
    const Frame frame = framer.Next();
    if (frame.kind == Frame::Kind::kNeedMore) return;
    seen.push_back({frame.kind, std::string(frame.bytes), frame.error});
    if (frame.kind == Frame::Kind::kError) return;
  }
}

// All frames of a stream that arrives in pieces of these sizes, the last one repeated.
std::vector<Seen> FramesInPieces(std::string_view stream, std::vector<std::size_t> pieces,
                                 const ParseLimits& limits = {}, const ParsePolicy& policy = {}) {
  Framer framer(limits, policy);
  std::vector<Seen> seen;
  for (std::size_t i = 0; !stream.empty(); ++i) {
    const std::span<char> room = framer.Writable();
    if (room.empty()) break;
    const std::size_t piece = pieces[std::min(i, pieces.size() - 1)];
    const std::size_t size = std::min({piece, room.size(), stream.size()});
    std::memcpy(room.data(), stream.data(), size);
    framer.Commit(size);
    stream.remove_prefix(size);
    Drain(framer, seen);
  }
  return seen;
}

std::vector<Seen> Frames(std::string_view stream, const ParseLimits& limits = {},
                         const ParsePolicy& policy = {}) {
  return FramesInPieces(stream, {SIZE_MAX}, limits, policy);
}

std::string Message(std::string_view body, std::string_view length_name = "Content-Length") {
  std::string text = RequestWith({});
  const std::string line = std::string(length_name) + ": " + std::to_string(body.size()) + "\r\n";
  return text.insert(text.size() - 2, line).append(body);
}

std::vector<std::string> Messages(const std::vector<Seen>& seen) {
  std::vector<std::string> messages;
  for (const Seen& frame : seen) {
    if (frame.kind == Frame::Kind::kMessage) messages.push_back(frame.bytes);
  }
  return messages;
}

TEST(FramerTest, OneMessage) {
  const std::string message = Message("body");
  const auto seen = Frames(message);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].kind, Frame::Kind::kMessage);
  EXPECT_EQ(seen[0].bytes, message);
  EXPECT_TRUE(Parsed(seen[0].bytes, ParsePolicy::Strict(), Framing::kStream).ok());
}

TEST(FramerTest, NothingNeedsMore) {
  Framer framer{ParseLimits{}};
  EXPECT_EQ(framer.Next().kind, Frame::Kind::kNeedMore);
  EXPECT_EQ(framer.pending(), 0u);
  EXPECT_GT(framer.Writable().size(), 0u);
}

// Three messages with bodies, one with a CRLFCRLF in it, line breaks between them and a ping.
TEST(FramerTest, AnySplitGivesTheSameFrames) {
  const std::string stream =
      "\r\n" + Message("") + Message("a\r\n\r\nb", "l") + "\r\n\r\n\r\n" + Message("c") + "\r\n";
  const auto whole = Frames(stream);
  EXPECT_EQ(Messages(whole),
            (std::vector<std::string>{Message(""), Message("a\r\n\r\nb", "l"), Message("c")}));
  EXPECT_EQ(
      std::count_if(whole.begin(), whole.end(), [](const Seen& s) { return s.kind == Frame::Kind::kPing; }),
      1);
  for (std::size_t piece = 1; piece < 40; ++piece) EXPECT_EQ(FramesInPieces(stream, {piece}), whole) << piece;
  for (std::size_t first = 1; first < stream.size(); ++first) {
    EXPECT_EQ(FramesInPieces(stream, {first, SIZE_MAX}), whole) << first;
  }
  SANSIP_SHOWS("3261-7.5-1");
}

TEST(FramerTest, AnySplitGivesTheSameErrors) {
  ParseLimits limits;
  limits.message_bytes_max = 400;
  limits.header_section_bytes_max = 200;
  limits.body_bytes_max = 50;
  const std::string streams[] = {
      std::string(500, 'x'),
      "OPTIONS sip:a@h SIP/2.0\r\nSubject: " + std::string(300, 'x') + "\r\n\r\n",
      "OPTIONS sip:a@h SIP/2.0\r\nSubject: a\nb: c\r\n\r\n",
      "OPTIONS sip:a@h SIP/2.0\r\nContent-Length: 1\r\nl: 1\r\n\r\n",
      "OPTIONS sip:a@h SIP/2.0\r\nContent-Length: x\r\n\r\n",
      "OPTIONS sip:a@h SIP/2.0\r\nContent-Length: 51\r\n\r\n",
      "OPTIONS sip:a@h SIP/2.0\r\nSubject: x\r\n\r\n",
      "OPTIONS sip:a@h SIP/2.0\n\n",
  };
  for (const std::string& stream : streams) {
    const auto whole = Frames(stream, limits);
    ASSERT_EQ(whole.size(), 1u) << stream;
    EXPECT_EQ(whole[0].kind, Frame::Kind::kError) << stream;
    for (std::size_t piece = 1; piece < stream.size(); ++piece)
      EXPECT_EQ(FramesInPieces(stream, {piece}, limits), whole) << stream;
    for (std::size_t first = 1; first < stream.size(); ++first) {
      EXPECT_EQ(FramesInPieces(stream, {first, SIZE_MAX}, limits), whole) << stream;
    }
  }
}

TEST(FramerTest, LineBreaksBeforeMessagesAreSkipped) {
  EXPECT_EQ(Messages(Frames("\r\n" + Message("a") + "\r\n" + Message("b"))).size(), 2u);
  EXPECT_EQ(Messages(Frames("\r\n\r\n\r\n\r\n\r\n" + Message("a"))).size(), 1u);
}

// RFC 5626 3.5.1
TEST(FramerTest, APongIsToldWhereOneIsExpected) {
  Framer framer(ParseLimits{});
  const auto feed = [&framer](std::string_view bytes) {
    std::copy(bytes.begin(), bytes.end(), framer.Writable().begin());
    framer.Commit(bytes.size());
    return framer.Next().kind;
  };
  EXPECT_EQ(feed("\r\n"), Frame::Kind::kNeedMore);  // half a ping, perhaps
  EXPECT_EQ(feed("\r\n"), Frame::Kind::kPing);
  framer.ExpectPong();
  EXPECT_EQ(feed("\r\n\r\n"), Frame::Kind::kPing);  // of the peer's own
  EXPECT_EQ(feed("\r"), Frame::Kind::kNeedMore);
  EXPECT_EQ(feed("\n"), Frame::Kind::kPong);
  EXPECT_EQ(feed("\r\n"), Frame::Kind::kNeedMore);  // one is all
}

TEST(FramerTest, Pings) {
  const auto ping = Frames("\r\n\r\n");
  ASSERT_EQ(ping.size(), 1u);
  EXPECT_EQ(ping[0].kind, Frame::Kind::kPing);
  EXPECT_EQ(Frames("\r\n\r\n\r\n\r\n").size(), 2u);
  EXPECT_EQ(Frames("\r\n").size(), 0u);
  EXPECT_EQ(Frames("\r\n\r").size(), 0u);
}

TEST(FramerTest, PendingIsWhatWouldBeCutOff) {
  const auto pending = [](std::string_view text) {
    Framer framer{ParseLimits{}};
    std::memcpy(framer.Writable().data(), text.data(), text.size());
    framer.Commit(text.size());
    while (framer.Next().kind != Frame::Kind::kNeedMore) {
    }
    return framer.pending();
  };
  EXPECT_EQ(pending("\r\n"), 0u);
  EXPECT_EQ(pending("\r\n\r\n\r"), 0u);
  EXPECT_EQ(pending("OPTI"), 4u);
  EXPECT_EQ(pending("\r\nO"), 1u);
  EXPECT_EQ(pending(Message("abc")), 0u);
  const std::string cut = Message("abc");
  EXPECT_EQ(pending(cut.substr(0, cut.size() - 1)), cut.size() - 1);
}

TEST(FramerTest, ContentLengthIsRequired) {
  const auto seen = Frames(RequestWith({}));
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].error.code, ParseCode::kMissingContentLength);
  EXPECT_EQ(seen[0].bytes, RequestWith({}));  // enough for a 400
  ParsePolicy policy;
  policy.accept_missing_stream_content_length = true;
  EXPECT_EQ(Messages(Frames(RequestWith({}) + Message("x"), {}, policy)).size(), 2u);
}

TEST(FramerTest, ContentLengthFoldedSpacedCompact) {
  for (std::string_view line :
       {"Content-Length:\r\n 4", "content-length : 4", "L:4", "l\t:\t4", "Content-Length: 0004 \r\n "}) {
    std::string text = RequestWith({line}) + "body" + Message("");
    EXPECT_EQ(Messages(Frames(text)).size(), 2u) << line;
  }
  // These are no Content-Length.
  for (std::string_view line :
       {"Subject: x\r\n Content-Length: 4", "Content-Lengthy: 4", "Contents: 4", "Lx: 4"}) {
    const auto seen = Frames(RequestWith({line}));
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_EQ(seen[0].error.code, ParseCode::kMissingContentLength) << line;
  }
}

TEST(FramerTest, MalformedContentLength) {
  struct Bad {
    std::string_view line;
    ParseCode code;
  };
  constexpr Bad kBad[] = {
      {"Content-Length: -1", ParseCode::kBadContentLength},
      {"Content-Length: ", ParseCode::kBadContentLength},
      {"Content-Length: 4 4", ParseCode::kBadContentLength},
      {"Content-Length 4", ParseCode::kBadHeaderLine},
      {"Content-Length: 4\r\nl: 4", ParseCode::kRepeatedHeader},
      {"Content-Length: 99999999999999999999999999", ParseCode::kBodyTooLong},
      {"Content-Length: 18446744073709551615", ParseCode::kBodyTooLong},
      {"Content-Length: 4\x01", ParseCode::kControlCharacter},
  };
  for (const Bad& bad : kBad) {
    const auto seen = Frames(RequestWith({bad.line}) + "body");
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_EQ(seen[0].kind, Frame::Kind::kError);
    EXPECT_EQ(seen[0].error.code, bad.code) << bad.line;
    EXPECT_EQ(seen[0].bytes, RequestWith({bad.line}));
  }
}

TEST(FramerTest, BareLineFeeds) {
  std::string text = Message("x");
  std::erase(text, '\r');
  const auto refused = Frames(text);
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].error.code, ParseCode::kControlCharacter);
  EXPECT_EQ(refused[0].error.offset, text.find('\n'));
  ParsePolicy policy;
  policy.accept_bare_lf = true;
  EXPECT_EQ(Messages(Frames("\n" + text + text, {}, policy)), (std::vector<std::string>{text, text}));
}

TEST(FramerTest, AnErrorStays) {
  Framer framer{ParseLimits{}};
  const std::string text = RequestWith({"l: x"}) + Message("");
  std::memcpy(framer.Writable().data(), text.data(), text.size());
  framer.Commit(text.size());
  EXPECT_EQ(framer.Next().kind, Frame::Kind::kError);
  EXPECT_EQ(framer.Next().kind, Frame::Kind::kError);
  EXPECT_TRUE(framer.Writable().empty());
}

// --- limits: reached, and one more

TEST(FramerTest, MessageBytesMax) {
  const std::string message = Message(std::string(100, 'x'));
  ParseLimits limits;
  limits.message_bytes_max = message.size();
  EXPECT_EQ(Messages(Frames(message, limits)).size(), 1u);
  limits.message_bytes_max = message.size() - 1;
  const auto seen = Frames(message, limits);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].error.code, ParseCode::kMessageTooLong);
}

TEST(FramerTest, HeaderSectionBytesMax) {
  const std::string message = Message("");
  const std::size_t section = message.size() - 40 - 2;
  ParseLimits limits;
  limits.header_section_bytes_max = section;
  EXPECT_EQ(Messages(Frames(message, limits)).size(), 1u);
  EXPECT_TRUE(Parsed(message, {}, Framing::kStream, limits).ok());
  limits.header_section_bytes_max = section - 1;
  const auto seen = Frames(message, limits);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].error.code, ParseCode::kHeaderSectionTooLong);
  EXPECT_EQ(Parsed(message, {}, Framing::kStream, limits).error(), seen[0].error);
}

TEST(FramerTest, BodyBytesMax) {
  ParseLimits limits;
  limits.body_bytes_max = 10;
  EXPECT_EQ(Messages(Frames(Message("0123456789"), limits)).size(), 1u);
  const auto seen = Frames(Message("0123456789a"), limits);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].error.code, ParseCode::kBodyTooLong);
}

TEST(FramerTest, TheBlankLineCountsForTheMessage) {
  const std::string text = "OPTIONS sip:a@h SIP/2.0\r\nl: 0\r\n\r\n";
  ParseLimits limits;
  limits.message_bytes_max = text.size();
  EXPECT_EQ(Messages(Frames(text, limits)).size(), 1u);
  for (limits.message_bytes_max = text.size() - 3; limits.message_bytes_max < text.size();
       ++limits.message_bytes_max) {
    const auto whole = Frames(text, limits);
    ASSERT_EQ(whole.size(), 1u);
    EXPECT_EQ(whole[0].error.code, ParseCode::kMessageTooLong);
    EXPECT_EQ(whole[0].bytes.size(), limits.message_bytes_max);
    EXPECT_EQ(FramesInPieces(text, {1}, limits), whole);
  }
}

// However slowly and long a peer sends, there is a bound.
TEST(FramerTest, MemoryIsBounded) {
  ParseLimits limits;
  limits.message_bytes_max = 10000;
  limits.header_section_bytes_max = 10000;
  Framer framer{limits};
  std::size_t most = 0;
  std::size_t sent = 0;
  while (framer.Next().kind != Frame::Kind::kError) {
    const std::span<char> room = framer.Writable();
    ASSERT_FALSE(room.empty());
    most = std::max(most, framer.pending() + room.size());
    room[0] = 'x';
    framer.Commit(1);
    ASSERT_LE(++sent, 10001u);
  }
  EXPECT_LE(most, 2 * 10000u);
}

TEST(FramerTest, SteadyStreamReusesItsMemory) {
  Framer framer{ParseLimits{}};
  const std::string message = Message(std::string(700, 'b'));
  const char* lowest = nullptr;
  std::size_t room_max = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::span<char> room = framer.Writable();
    ASSERT_GE(room.size(), message.size());
    if (lowest == nullptr) lowest = room.data();
    EXPECT_GE(room.data(), lowest);
    room_max = std::max(room_max, room.size());
    std::memcpy(room.data(), message.data(), message.size());
    framer.Commit(message.size());
    const Frame frame = framer.Next();
    ASSERT_EQ(frame.kind, Frame::Kind::kMessage);
    ASSERT_EQ(frame.bytes, message);
  }
  EXPECT_LE(room_max, 8192u);
}

}  // namespace
}  // namespace sansip
