#include "sansip/core/message/body_handling.h"

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

using namespace std::literals;

constexpr UnderstoodBodies kUnderstood = {.types = "application/sdp, text/plain",
                                          .dispositions = "session, render"};

// A request with these header lines and this body, and what is done with it.
struct Chosen {
  Chosen(std::initializer_list<std::string_view> lines, std::string_view body,
         const UnderstoodBodies& understood = kUnderstood, const MultipartLimits& limits = {},
         std::size_t room = 8)
      : message(RequestWith(lines) + std::string(body)) {
    EXPECT_TRUE(message.ok());
    choice = ChooseParts(message.view(), understood, std::span(parts).first(room), limits);
  }
  std::string contents() const {
    std::string text;
    for (std::size_t i = 0; i < choice.part_count; ++i) text.append(parts[i].content).append("|");
    return text;
  }
  Parsed message;
  std::array<BodyPart, 8> parts;
  BodyChoice choice;
};

constexpr std::string_view kMixed = "Content-Type: multipart/mixed;boundary=b";
constexpr std::string_view kAlternative = "Content-Type: multipart/alternative;boundary=b";

// A part of the multipart with boundary b.
std::string Part(std::initializer_list<std::string_view> lines, std::string_view content) {
  return "--b\r\n" + Lines(lines) + "\r\n" + std::string(content) + "\r\n";
}

TEST(BodyHandlingTest, NoBodyNothingToDo) {
  const Chosen chosen({}, "");
  EXPECT_EQ(chosen.choice.answer, BodyAnswer::kUnderstood);
  EXPECT_EQ(chosen.choice.part_count, 0u);
}

TEST(BodyHandlingTest, ABodyIsItsOnePart) {
  const Chosen chosen({"Content-Type: Application/SDP"}, "v=0\r\n");
  EXPECT_EQ(chosen.choice.answer, BodyAnswer::kUnderstood);
  EXPECT_EQ(chosen.contents(), "v=0\r\n|");
  EXPECT_EQ(chosen.parts[0].content_type, "Application/SDP");
}

TEST(BodyHandlingTest, UnknownTypeEncodingOrDisposition) {
  EXPECT_EQ(Chosen({}, "x").choice.answer, BodyAnswer::kUnknownType);
  EXPECT_EQ(Chosen({"Content-Type: application/x-foo"}, "x").choice.answer, BodyAnswer::kUnknownType);
  EXPECT_EQ(Chosen({"Content-Type: text/plain", "Content-Encoding: gzip"}, "x").choice.answer,
            BodyAnswer::kUnknownEncoding);
  EXPECT_EQ(Chosen({"Content-Type: text/plain", "Content-Disposition: icon"}, "x").choice.answer,
            BodyAnswer::kUnknownDisposition);
  EXPECT_EQ(Chosen({"Content-Type: text/plain", "Content-Disposition: ;a"}, "x").choice.answer,
            BodyAnswer::kMalformed);
  EXPECT_EQ(Chosen({"Content-Type: text/plain", "Content-Disposition: render x"}, "x").choice.error,
            (ParseError{ParseCode::kBadFieldValue, 7}));
  EXPECT_EQ(Chosen({"Content-Type: text"}, "x").choice.answer, BodyAnswer::kMalformed);
}

// RFC 3261 20.11: what is not said.
TEST(BodyHandlingTest, DefaultDispositionAndHandling) {
  UnderstoodBodies sessions = kUnderstood;
  sessions.dispositions = "session";
  EXPECT_EQ(Chosen({"Content-Type: application/sdp"}, "x", sessions).choice.answer, BodyAnswer::kUnderstood);
  EXPECT_EQ(Chosen({"Content-Type: text/plain"}, "x", sessions).choice.answer,
            BodyAnswer::kUnknownDisposition);
  EXPECT_EQ(Chosen({"Content-Type: a/b", "Content-Disposition: session"}, "x").choice.answer,
            BodyAnswer::kUnknownType);
  EXPECT_EQ(Chosen({"Content-Type: a/b", "Content-Disposition: session;handling=other"}, "x").choice.answer,
            BodyAnswer::kUnknownType);
  SANSIP_SHOWS("3261-20.11-1", "3261-20.11-2");
}

TEST(BodyHandlingTest, OptionalAndNotUnderstoodIsLeftOut) {
  const Chosen chosen({"Content-Type: a/b", "Content-Disposition: signal; HANDLING = Optional"}, "x");
  EXPECT_EQ(chosen.choice.answer, BodyAnswer::kUnderstood);
  EXPECT_EQ(chosen.choice.part_count, 0u);
}

TEST(BodyHandlingTest, EncodingsThatCanBeUndone) {
  UnderstoodBodies understood = kUnderstood;
  understood.encodings = "gzip";
  EXPECT_EQ(Chosen({"Content-Type: text/plain", "Content-Encoding: gzip"}, "x", understood).contents(), "x|");
  EXPECT_EQ(Chosen({"Content-Type: text/plain", "Content-Encoding: identity"}, "x").contents(), "x|");
  for (std::string_view rows : {"e: gzip, deflate"sv, "e: deflate\r\ne: gzip"sv, "e: gzip\r\ne: deflate"sv}) {
    EXPECT_EQ(Chosen({"Content-Type: text/plain", rows}, "x", understood).choice.answer,
              BodyAnswer::kUnknownEncoding)
        << rows;
  }
  const std::string body =
      Part({"Content-Transfer-Encoding: Binary"}, "1") +
      Part({"Content-Transfer-Encoding: base64", "Content-Disposition: render;handling=optional"}, "2") +
      "--b--";
  EXPECT_EQ(Chosen({kMixed}, body).contents(), "1|");
  // The parts of an encoded multipart cannot be seen.
  EXPECT_EQ(Chosen({kMixed, "Content-Encoding: gzip"}, body, understood).choice.answer,
            BodyAnswer::kUnknownEncoding);
}

TEST(BodyHandlingTest, AllRequiredPartsOfAMixed) {
  const std::string sdp = Part({"Content-Type: application/sdp"}, "v=0");
  const std::string text = Part({}, "hello");
  const std::string isup = Part({"Content-Type: application/ISUP"}, "x");
  const std::string optional =
      Part({"Content-Type: application/ISUP", "Content-Disposition: signal;handling=optional"}, "x");
  EXPECT_EQ(Chosen({kMixed}, sdp + text + "--b--").contents(), "v=0|hello|");
  EXPECT_EQ(Chosen({kMixed}, sdp + optional + text + "--b--").contents(), "v=0|hello|");
  const Chosen refused({kMixed}, sdp + isup + "--b--");
  EXPECT_EQ(refused.choice.answer, BodyAnswer::kUnknownType);
  EXPECT_EQ(refused.choice.part_count, 0u);
  // RFC 5621 8.2: what is required in a multipart that is not.
  EXPECT_EQ(
      Chosen({kMixed, "Content-Disposition: render;handling=optional"}, sdp + isup + "--b--").choice.answer,
      BodyAnswer::kUnderstood);
  UnderstoodBodies of_response = kUnderstood;
  of_response.leaves_out_required = true;
  EXPECT_EQ(Chosen({kMixed}, isup + sdp + "--b--", of_response).contents(), "v=0|");
  SANSIP_SHOWS("3261-7.4.1-4");
}

TEST(BodyHandlingTest, RangesOfTypesAndEveryDisposition) {
  const UnderstoodBodies texts = {.types = "text/*;q=0.5 , application/sdp"};
  EXPECT_EQ(Chosen({"Content-Type: TEXT/x-y", "Content-Disposition: icon"}, "x", texts).contents(), "x|");
  EXPECT_EQ(Chosen({"Content-Type: image/gif"}, "x", texts).choice.answer, BodyAnswer::kUnknownType);
}

// RFC 2046 5.1.7
TEST(BodyHandlingTest, UnknownMultipartsAreMixed) {
  const std::string body = Part({}, "1") + Part({}, "2") + "--b--";
  EXPECT_EQ(Chosen({"Content-Type: multipart/related;boundary=b"}, body).contents(), "1|2|");
  EXPECT_EQ(Chosen({"Content-Type: multipart/x-new;boundary=b"}, body).contents(), "1|2|");
}

// RFC 5621 6.1, 8.3
TEST(BodyHandlingTest, TheLastAlternativeThatIsUnderstood) {
  const std::string plain = Part({"Content-Disposition: render;handling=optional"}, "plain");
  const std::string sdp = Part({"Content-Type: application/sdp"}, "sdp");
  const std::string html = Part({"Content-Type: text/html"}, "html");
  EXPECT_EQ(Chosen({kAlternative}, plain + sdp + html + "--b--").contents(), "sdp|");
  EXPECT_EQ(Chosen({kAlternative}, html + plain + "--b--").contents(), "plain|");
  const Chosen none({kAlternative}, html + "--b--");
  EXPECT_EQ(none.choice.answer, BodyAnswer::kUnknownType);
  const std::string pair =
      Part({"Content-Type: multipart/mixed;boundary=c"}, Lines({"--c", "", "1", "--c", "", "2", "--c--"}));
  EXPECT_EQ(Chosen({kAlternative}, plain + pair + html + "--b--").contents(), "1|2|");
  EXPECT_EQ(Chosen({kAlternative}, pair + plain + "--b--").contents(), "plain|");
}

TEST(BodyHandlingTest, NestedToALimit) {
  std::string body = "--b4\r\n\r\nx\r\n--b4--";
  for (std::string_view inner : {"4"sv, "3"sv, "2"sv}) {
    const std::string outer = "b" + std::string(1, static_cast<char>(inner[0] - 1));
    body = "--" + outer + "\r\nContent-Type: multipart/mixed;boundary=b" + std::string(inner) + "\r\n\r\n" +
           body + "\r\n--" + outer + "--";
  }
  const std::initializer_list<std::string_view> lines = {"Content-Type: multipart/mixed;boundary=b1"};
  EXPECT_EQ(Chosen(lines, body).contents(), "x|");
  const Chosen deep(lines, body, kUnderstood, {.multipart_depth_max = 3});
  EXPECT_EQ(deep.choice.answer, BodyAnswer::kMalformed);
  EXPECT_EQ(deep.choice.error.code, ParseCode::kMultipartTooDeep);
  EXPECT_EQ(ResponseCodeFor(deep.choice.error.code), 413);
}

// A multipart in a multipart as often as the body has room for it: no deeper than the limit, whatever is
// asked.
TEST(BodyHandlingTest, HostileNesting) {
  std::string body;
  for (int i = 0; i < 500; ++i) body += "--b\r\nContent-Type: multipart/mixed;boundary=\"b\"\r\n\r\n";
  for (int i = 0; i < 500; ++i) {
    const std::string n = std::to_string(i);
    body += "--c" + n + "\r\nContent-Type: multipart/mixed;boundary=c" + std::to_string(i + 1) + "\r\n\r\n";
  }
  const MultipartLimits limits = {.part_count_max = 5000, .multipart_depth_max = 5000};
  EXPECT_EQ(Chosen({kMixed}, body, kUnderstood, limits).choice.answer, BodyAnswer::kMalformed);
  EXPECT_EQ(
      Chosen({"Content-Type: multipart/mixed;boundary=c0"}, body, kUnderstood, limits).choice.error.code,
      ParseCode::kMultipartTooDeep);
}

TEST(BodyHandlingTest, MoreThanThereIsRoomFor) {
  const std::string body = Part({}, "1") + Part({}, "2") + "--b--";
  const Chosen chosen({kMixed}, body, kUnderstood, {}, 1);
  EXPECT_EQ(chosen.choice.answer, BodyAnswer::kMalformed);
  EXPECT_EQ(chosen.choice.error.code, ParseCode::kTooManyBodyParts);
}

TEST(BodyHandlingTest, MalformedMultiparts) {
  EXPECT_EQ(Chosen({kMixed}, "no delimiter").choice.error.code, ParseCode::kBadMultipart);
  EXPECT_EQ(Chosen({kAlternative}, "no delimiter").choice.error.code, ParseCode::kBadMultipart);
  EXPECT_EQ(Chosen({"Content-Type: multipart/mixed"}, "x").choice.error.code, ParseCode::kBadParameter);
  // One that is optional is left out, and does not colour the answer about another.
  const std::string bad =
      Part({"Content-Type: multipart/mixed", "Content-Disposition: render;handling=optional"}, "x");
  EXPECT_EQ(Chosen({kMixed}, bad + Part({}, "1") + "--b--").contents(), "1|");
  EXPECT_EQ(Chosen({kMixed}, bad + Part({"Content-Type: a/b"}, "1") + "--b--").choice.answer,
            BodyAnswer::kUnknownType);
}

}  // namespace
}  // namespace sansip
