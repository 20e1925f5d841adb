#include "sansip/tests/sim/ladder.h"

#include "gtest/gtest.h"
#include "sansip/tests/sim/ladder_svg.h"

namespace sansip::sim {
namespace {

using std::chrono::milliseconds;

Record Message(int ms, Record::Kind kind, std::uint32_t node, std::uint64_t datagram, const char* text) {
  return {.at = Instant(milliseconds(ms)),
          .kind = kind,
          .node = node,
          .peer = 1 - node,
          .datagram = datagram,
          .text = text,
          .wire = text};
}

Record Event(int ms, Record::Kind kind, std::uint32_t node, const char* name, const char* text) {
  return {.at = Instant(milliseconds(ms)), .kind = kind, .node = node, .name = name, .text = text};
}

Trace SomeTrace() {
  Trace trace;
  trace.Add(Event(0, Record::Kind::kVerb, 0, "PlaceCall", "PlaceCall"));
  trace.Add(Message(0, Record::Kind::kSent, 0, 1, "INVITE z9hG4bK1"));
  trace.Add(Message(20, Record::Kind::kArrived, 1, 1, ""));
  trace.Add(Event(20, Record::Kind::kArrow, 1, "P1", "P1 Start -> Proceeding"));
  trace.Add(Message(1000, Record::Kind::kLost, 1, 2, "486 Busy Here"));
  trace.Add(Message(1500, Record::Kind::kSent, 1, 3, "486 Busy Here"));
  trace.Add(Message(1520, Record::Kind::kArrived, 0, 3, ""));
  trace.Add(Event(1520, Record::Kind::kEvent, 0, "Ended", "Ended refused <486>"));
  return trace;
}

TEST(TextLadder, DrawsMessagesEventsAndLosses) {
  EXPECT_EQ(TextLadder(SomeTrace(), {"alice", "bob"}, {.arrows = true}),
            "             alice                                 bob\n"
            "       0.000 | [PlaceCall]                         |\n"
            "       0.000 | INVITE z9hG4bK1 ------------------> |\n"
            "       0.020 |              P1 Start -> Proceeding |\n"
            "       1.000 |    x <-------------- 486 Busy Here  |  lost\n"
            "       1.500 | <------------------- 486 Busy Here  |  again\n"
            "       1.520 | * Ended refused <486>               |\n");
}

TEST(TextLadder, CutsTheMiddleOut) {
  const std::string text = TextLadder(SomeTrace(), {"alice", "bob"}, {.lines_max = 2});
  EXPECT_NE(text.find(": 3 lines more"), std::string::npos) << text;
  EXPECT_NE(text.find("[PlaceCall]"), std::string::npos);
  EXPECT_NE(text.find("* Ended"), std::string::npos);
  EXPECT_EQ(text.find("INVITE"), std::string::npos);
}

TEST(TextLadder, DrawsAcrossThreeLifeLines) {
  Trace trace;
  Record far = Message(0, Record::Kind::kSent, 0, 1, "BYE");
  far.peer = 2;
  trace.Add(far);
  const std::string text = TextLadder(trace, {"a", "b", "c"}, {.column_width = 12});
  EXPECT_NE(text.find("| BYE ----------------> |"), std::string::npos) << text;
}

TEST(TextLadder, AnEmptyTraceHasAHeadingOnly) {
  EXPECT_EQ(TextLadder(Trace(), {"alice"}, {}), "             alice\n");
}

TEST(ClockText, GrowsWithTheHours) {
  EXPECT_EQ(ClockText(Instant(milliseconds(33'520))), "33.520");
  EXPECT_EQ(ClockText(Instant(milliseconds(3'599'999))), "3599.999");
  EXPECT_EQ(ClockText(Instant(milliseconds(8 * 3'600'000 + 61'005))), "8:01:01.005");
}

TEST(SvgLadder, IsOneSelfContainedElement) {
  const std::string svg = SvgLadder(SomeTrace(), {"alice", "<bob>"}, "a \"title\"");
  EXPECT_EQ(svg.rfind("<svg ", 0), 0u);
  EXPECT_EQ(svg.substr(svg.size() - 7), "</svg>\n");
  EXPECT_NE(svg.find("<title>a &quot;title&quot;</title>"), std::string::npos);
  EXPECT_NE(svg.find("&lt;bob&gt;"), std::string::npos);
  EXPECT_EQ(svg.find("<bob>"), std::string::npos);
  EXPECT_NE(svg.find("class=\"lost\""), std::string::npos);
  EXPECT_EQ(svg.find("http", svg.find("xmlns") + 40), std::string::npos);  // nothing is fetched
  // Every element that opens closes.
  std::size_t opened = 0, closed = 0;
  for (std::size_t at = svg.find("<text "); at != std::string::npos; at = svg.find("<text ", at + 1))
    ++opened;
  for (std::size_t at = svg.find("</text>"); at != std::string::npos; at = svg.find("</text>", at + 1))
    ++closed;
  EXPECT_EQ(opened, closed);
}

// Else what it says last would stand outside of the drawing.
TEST(SvgLadder, IsAsWideAsItsLongestRemark) {
  const auto width = [](int copies) {
    Trace trace;
    for (const int i : {1, 2}) {
      trace.Add(Message(i, Record::Kind::kSent, 0, static_cast<std::uint64_t>(i), "200 OK"));
    }
    for (int i = 0; i < copies; ++i) trace.Add(Message(9, Record::Kind::kArrived, 1, 2, "200 OK"));
    const std::string svg = SvgLadder(trace, {"alice", "bob"}, "");
    return std::stoi(svg.substr(svg.find("width=\"") + 7));
  };
  EXPECT_EQ(width(1), 620);                // "again"
  EXPECT_EQ(width(2), 490 + 16 + 20 * 7);  // "again, arrives twice"
}

TEST(TextLadder, DrawsSessionTimersAsSpans) {
  Trace trace;
  Record refreshed = Event(1000, Record::Kind::kEvent, 0, "Refreshed", "Refreshed 90s");
  refreshed.due = Instant(std::chrono::seconds(91));
  trace.Add(Message(0, Record::Kind::kSent, 0, 1, "INVITE z9hG4bK1"));
  trace.Add(refreshed);
  trace.Add(Message(1500, Record::Kind::kSent, 0, 2, "BYE z9hG4bK2"));
  trace.Add(Event(1500, Record::Kind::kEvent, 0, "Ended", "Ended local-bye"));
  trace.Add(Message(1520, Record::Kind::kSent, 1, 3, "200 OK"));
  EXPECT_EQ(TextLadder(trace, {"alice", "bob"}),
            "             alice                                 bob\n"
            "       0.000 | INVITE z9hG4bK1 ------------------> |\n"
            "       1.000 # * Refreshed 90s                     |  expires 91.000\n"
            "       1.500 # BYE z9hG4bK2 ---------------------> |\n"
            "       1.500 # * Ended local-bye                   |\n"
            "       1.520 | <-------------------------- 200 OK  |\n");
}

TEST(Ladder, ASpanEndsWhereA2xxTurnsTheTimerOff) {
  Trace trace;
  Record refreshed = Event(1000, Record::Kind::kEvent, 0, "Refreshed", "Refreshed 90s");
  refreshed.due = Instant(std::chrono::seconds(91));
  trace.Add(refreshed);
  trace.Add(Event(2000, Record::Kind::kEvent, 0, "Refreshed", "Refreshed 0s"));
  trace.Add(Message(3000, Record::Kind::kSent, 0, 2, "BYE z9hG4bK2"));
  EXPECT_NE(TextLadder(trace, {"alice", "bob"}).find("3.000 | BYE"), std::string::npos);
  const std::string svg = SvgLadder(trace, {"alice", "bob"}, "t");
  EXPECT_LT(svg.find("session timer, expires"), svg.find("BYE"));
}

TEST(SvgLadder, DrawsSessionTimersAsSpans) {
  Trace trace = SomeTrace();
  Record refreshed = Event(1600, Record::Kind::kEvent, 0, "Refreshed", "Refreshed 1800s");
  refreshed.due = Instant(std::chrono::seconds(1801));
  trace.Add(refreshed);
  trace.Add(Event(1700, Record::Kind::kEvent, 0, "Ended", "Ended local-bye"));
  EXPECT_NE(SvgLadder(trace, {"alice", "bob"}, "t").find("session timer, expires at 1801.000"),
            std::string::npos);
}

TEST(EscapeHtml, LeavesNoMarkupAndNoControlCharacters) {
  EXPECT_EQ(EscapeHtml("<a href=\"x\">&\x01\n"), "&lt;a href=&quot;x&quot;&gt;&amp;\n");
}

}  // namespace
}  // namespace sansip::sim
