#include "sansip/cli/option_values.h"

#include <string>

#include "gtest/gtest.h"

namespace sansip::cli {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Duration DurationOf(std::string_view text) {
  Duration value{-1};
  std::string why;
  return ReadDuration(text, value, why) ? value : Duration{-1};
}

TEST(ReadDurationTest, TakesUnitsAndBareSeconds) {
  EXPECT_EQ(DurationOf("500ms"), milliseconds(500));
  EXPECT_EQ(DurationOf("3s"), seconds(3));
  EXPECT_EQ(DurationOf("2m"), minutes(2));
  EXPECT_EQ(DurationOf("8h"), hours(8));
  EXPECT_EQ(DurationOf("30"), seconds(30));
  EXPECT_EQ(DurationOf("0"), seconds(0));
  EXPECT_EQ(DurationOf("1.5s"), milliseconds(1500));
  EXPECT_EQ(DurationOf("0.25"), milliseconds(250));
}

TEST(ReadDurationTest, RefusesWhatIsNone) {
  for (const std::string_view text : {"", "s", "5x", "-1s", "1.s", ".5s", "1e3", "5 s", "5S", "9999999h",
                                      "1.5.5s", "9999999999", "ms", "0x10"}) {
    EXPECT_EQ(DurationOf(text), Duration{-1}) << text;
  }
  Duration value{};
  std::string why;
  EXPECT_FALSE(ReadDuration("5x", value, why));
  EXPECT_NE(why.find("500ms"), std::string::npos) << why;
}

TEST(ReadSecondsTest, TakesBareNumbersAndWholeDurations) {
  std::uint32_t value = 0;
  std::string why;
  EXPECT_TRUE(ReadSeconds("1800", value, why));
  EXPECT_EQ(value, 1800u);
  EXPECT_TRUE(ReadSeconds("30m", value, why));
  EXPECT_EQ(value, 1800u);
  EXPECT_TRUE(ReadSeconds("4294967295", value, why));
  EXPECT_EQ(value, 4294967295u);
  EXPECT_FALSE(ReadSeconds("4294967296", value, why));
  EXPECT_FALSE(ReadSeconds("500ms", value, why));
  EXPECT_FALSE(ReadSeconds("1.5", value, why));
  EXPECT_FALSE(ReadSeconds("", value, why));
}

std::string ListenOf(std::string_view text) {
  ListenAddress value;
  std::string why;
  return ReadListenAddress(text, value, why) ? ListenAddressText(value) : "! " + why;
}

TEST(ReadListenAddressTest, TakesUdpAndTcp) {
  EXPECT_EQ(ListenOf("udp:127.0.0.1:5080"), "udp:127.0.0.1:5080");
  EXPECT_EQ(ListenOf("TCP:127.0.0.1:0"), "tcp:127.0.0.1:0");
  EXPECT_EQ(ListenOf("udp:127.0.0.1"), "udp:127.0.0.1:5060");
  EXPECT_EQ(ListenOf("tcp:[::1]:5080"), "tcp:[::1]:5080");
  EXPECT_EQ(ListenOf("udp:[::1]"), "udp:[::1]:5060");
  EXPECT_EQ(ListenOf("udp:::1"), "udp:[::1]:5060");
}

TEST(ReadListenAddressTest, SaysThatTlsIsNotBuiltYet) {
  EXPECT_EQ(ListenOf("tls:127.0.0.1:5061"), "! tls: not built yet; udp and tcp are");
  EXPECT_EQ(ListenOf("ws:127.0.0.1:80"), "! ws: not built yet; udp and tcp are");
}

TEST(ReadListenAddressTest, RefusesWhatIsNone) {
  for (const std::string_view text :
       {"", "udp", "udp:", "udp::5060", "127.0.0.1:5060", "udp:127.0.0.1:", "udp:127.0.0.1:70000",
        "udp:127.0.0.1:x", "udp:[::1", "udp:[::1]x", "udp:999.1.1.1:5", "ip:127.0.0.1:5"}) {
    EXPECT_TRUE(ListenOf(text).starts_with("! ")) << text << " -> " << ListenOf(text);
  }
}

TEST(ReadPortRangeTest, WantsRoomForAPair) {
  PortRange value;
  std::string why;
  EXPECT_TRUE(ReadPortRange("17000-17999", value, why));
  EXPECT_EQ(value, (PortRange{17000, 17999}));
  EXPECT_TRUE(ReadPortRange("40000-40001", value, why));
  EXPECT_TRUE(ReadPortRange("40001-40003", value, why));
  EXPECT_FALSE(ReadPortRange("40001-40002", value, why));
  EXPECT_FALSE(ReadPortRange("40000", value, why));
  EXPECT_FALSE(ReadPortRange("2-1", value, why));
  EXPECT_FALSE(ReadPortRange("0-70000", value, why));
}

std::string TargetOf(std::string_view text) {
  std::string uri, why;
  return ReadTarget(text, uri, why) ? uri : "! " + why;
}

TEST(ReadTargetTest, TakesSipUrisAndPutsTheSchemeInFront) {
  EXPECT_EQ(TargetOf("sip:bob@192.0.2.1:5070;transport=tcp"), "sip:bob@192.0.2.1:5070;transport=tcp");
  EXPECT_EQ(TargetOf("bob@example.com"), "sip:bob@example.com");
  EXPECT_EQ(TargetOf("localhost:5070"), "sip:localhost:5070");
}

TEST(ReadTargetTest, RefusesWhatCannotBeSentTo) {
  EXPECT_NE(TargetOf("sips:bob@h").find("not built yet"), std::string::npos);
  EXPECT_NE(TargetOf("sip:bob@h;transport=tls").find("not built yet"), std::string::npos);
  EXPECT_NE(TargetOf("sip:bob@h;transport=sctp").find("sctp"), std::string::npos);
  EXPECT_TRUE(TargetOf("").starts_with("! "));
  EXPECT_TRUE(TargetOf("sip:").starts_with("! "));
  EXPECT_TRUE(TargetOf("sip:bob@h\r\nX: y").starts_with("! "));
  EXPECT_TRUE(TargetOf("tel:+123").starts_with("! "));
}

TEST(ReadUserTest, EscapesWhatAUserPartMayNotHave) {
  std::string user, why;
  EXPECT_TRUE(ReadUser("alice", user, why));
  EXPECT_EQ(user, "alice");
  EXPECT_TRUE(ReadUser("a b@c", user, why));
  EXPECT_EQ(user, "a%20b%40c");
  EXPECT_FALSE(ReadUser("", user, why));
}

}  // namespace
}  // namespace sansip::cli
