#include "sansip/core/message/fields/session_id.h"

#include <string>

#include "gtest/gtest.h"
#include "sansip/core/message/field_check.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/test_field.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

constexpr std::string_view kA = "ab30317f1a784dc48ff824d0d3715d86";
constexpr std::string_view kB = "47755a9de7794ba387653f2099600ef2";

std::string With(std::string_view local, std::string_view parameters) {
  return std::string(local).append(parameters);
}

TEST(SessionIdTest, LocalAndRemote) {
  const std::string value = With(kA, ";\r\n  remote=47755a9de7794ba387653f2099600ef2 ; x=y");
  const SessionId session_id = Read(ParseSessionId, value);
  EXPECT_EQ(session_id.local, kA);
  EXPECT_EQ(session_id.remote, kB);
  EXPECT_EQ(Parameter(session_id.parameters, "x"), "y");
  const std::string first = With(kA, ";Remote = 00000000000000000000000000000000");
  EXPECT_EQ(Read(ParseSessionId, first).remote, kNilUuid);
  EXPECT_EQ(Read(ParseSessionId, kNilUuid).local, kNilUuid);
}

TEST(SessionIdTest, TheOldFormHasNoRemote) {
  const SessionId old = Read(ParseSessionId, " ab30317f1a784dc48ff824d0d3715d86 ; logme");
  EXPECT_EQ(old.local, kA);
  EXPECT_EQ(old.remote, "");
  const Parsed both(RequestWith({With("Session-ID: ", kA) + ";remote=" + std::string(kB)}));
  ASSERT_TRUE(both.ok());
  EXPECT_TRUE(CheckFields(both.view()).ok());
  SANSIP_SHOWS("7329-7-3");
}

TEST(SessionIdTest, UpperCaseIsReadAndWrittenInLowerCase) {
  const SessionId upper = Read(ParseSessionId, "AB30317F1A784DC48FF824D0D3715D86");
  EXPECT_TRUE(Equivalent(upper, SessionId{.local = kA}));
  EXPECT_EQ(Written(upper), kA);
  // What is malformed is so to those who ask; the message is read all the same.
  const Parsed parsed(RequestWith({"Session-ID: ab30317f1a784dc48ff824d0d3715d8"}));
  EXPECT_TRUE(parsed.ok());
  EXPECT_EQ(CheckFields(parsed.view()).code, ParseCode::kBadFieldValue);
  EXPECT_EQ(Parsed(RequestWith({With("Session-ID: ", kA), With("Session-ID: ", kB)})).code(),
            ParseCode::kRepeatedHeader);
  SANSIP_SHOWS("7329-7-1");
}

TEST(SessionIdTest, Malformed) {
  ExpectMalformed(ParseSessionId,
                  {
                      {"", ParseCode::kBadFieldValue, 0},
                      {" ab30317f1a784dc48ff824d0d3715d8", ParseCode::kBadFieldValue, 1},
                      {"ab30317f1a784dc48ff824d0d3715d860", ParseCode::kBadFieldValue, 0},
                      {"gb30317f1a784dc48ff824d0d3715d86", ParseCode::kBadFieldValue, 0},
                      {"ab30317f-1a784dc48ff824d0d3715d8", ParseCode::kBadFieldValue, 0},
                      {"ab30317f1a784dc48ff824d0d3715d86,", ParseCode::kBadFieldValue, 32},
                      {"ab30317f1a784dc48ff824d0d3715d86 x", ParseCode::kBadFieldValue, 33},
                      {"ab30317f1a784dc48ff824d0d3715d86;", ParseCode::kBadParameter, 33},
                      {"ab30317f1a784dc48ff824d0d3715d86;remote", ParseCode::kBadParameter, 32},
                      {"ab30317f1a784dc48ff824d0d3715d86;remote=0", ParseCode::kBadParameter, 32},
                      {"ab30317f1a784dc48ff824d0d3715d86;remote=\"00000000000000000000000000000000\"",
                       ParseCode::kBadParameter, 32},
                      {"ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000"
                       ";remote=00000000000000000000000000000000",
                       ParseCode::kRepeatedParameter, 72},
                  });
}

TEST(SessionIdTest, WrittenAndCompared) {
  const std::string value = With(kA, ";x; remote=47755A9DE7794BA387653F2099600EF2;y=z");
  EXPECT_EQ(Rewritten(ParseSessionId, value), With(kA, ";remote=47755a9de7794ba387653f2099600ef2;x;y=z"));
  EXPECT_EQ(Rewritten(ParseSessionId, kNilUuid), kNilUuid);
  EXPECT_EQ(Written(SessionId{.local = kA, .remote = kNilUuid}),
            With(kA, ";remote=00000000000000000000000000000000"));
  EXPECT_EQ(Written(SessionId{}), "refused");
  EXPECT_EQ(Written(SessionId{.local = kA, .remote = "0"}), "refused");
  EXPECT_EQ(Written(SessionId{.local = kA, .remote = {}, .parameters = ";a\r\nX: y"}), "refused");
  EXPECT_EQ(Written(SessionId{.local = "ab30317f1a784dc48ff824d0d3715d8;"}), "refused");
  EXPECT_TRUE(
      AreEquivalent(ParseSessionId, value, With(kA, ";Y=Z;remote=47755a9de7794ba387653f2099600ef2;x")));
  EXPECT_FALSE(AreEquivalent(ParseSessionId, kA, kB));
  EXPECT_FALSE(AreEquivalent(ParseSessionId, kA, With(kA, ";remote=00000000000000000000000000000000")));
  EXPECT_FALSE(AreEquivalent(ParseSessionId, kA, With(kA, ";x")));
}

}  // namespace
}  // namespace sansip
