// Methods, header field names, status codes and parse errors: the tables.
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/message/header_id.h"
#include "sansip/core/message/method.h"
#include "sansip/core/message/parse_error.h"
#include "sansip/core/message/status_code.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

TEST(MethodTest, EveryMethodHasItsName) {
  for (int i = 1; i <= static_cast<int>(Method::kUpdate); ++i) {
    const auto method = static_cast<Method>(i);
    EXPECT_FALSE(MethodName(method).empty());
    EXPECT_EQ(MethodFromName(MethodName(method)), method);
  }
  EXPECT_EQ(MethodName(Method::kExtension), "");
}

TEST(MethodTest, NamesAreCaseSensitive) {
  EXPECT_EQ(MethodFromName("INVITE"), Method::kInvite);
  EXPECT_EQ(MethodFromName("invite"), Method::kExtension);
  EXPECT_EQ(MethodFromName("Invite"), Method::kExtension);
  EXPECT_EQ(MethodFromName(""), Method::kExtension);
  EXPECT_EQ(MethodFromName("INVITEX"), Method::kExtension);
  EXPECT_EQ(MethodFromName("RE%47IST%45R"), Method::kExtension);
}

TEST(HeaderIdTest, EveryNameInAnyCase) {
  for (std::size_t i = 1; i < kHeaderIdCount; ++i) {
    const auto id = static_cast<HeaderId>(i);
    const std::string name(HeaderName(id));
    ASSERT_FALSE(name.empty());
    EXPECT_EQ(HeaderIdFromName(name), id) << name;
    std::string upper = name;
    std::string lower = name;
    for (char& c : upper) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    EXPECT_EQ(HeaderIdFromName(upper), id) << name;
    EXPECT_EQ(HeaderIdFromName(lower), id) << name;
    EXPECT_EQ(HeaderIdFromName(name + "x"), HeaderId::kOther) << name;
    if (name.size() == 2) continue;  // "To" cut to "o" is Event
    EXPECT_EQ(HeaderIdFromName(name.substr(1)), HeaderId::kOther) << name;
  }
  EXPECT_EQ(HeaderName(HeaderId::kOther), "");
}

TEST(HeaderIdTest, ClausesAndRepetition) {
  for (std::size_t i = 1; i < kHeaderIdCount; ++i) {
    EXPECT_EQ(HeaderClause(static_cast<HeaderId>(i)).substr(0, 4), "RFC ") << i;
  }
  EXPECT_EQ(HeaderClause(HeaderId::kWwwAuthenticate), "RFC 3261 20.44");
  EXPECT_EQ(HeaderRepetition(HeaderId::kVia), Repetition::kAllowed);
  EXPECT_EQ(HeaderRepetition(HeaderId::kCSeq), Repetition::kRefused);
  EXPECT_EQ(HeaderRepetition(HeaderId::kSubject), Repetition::kRefusedIfStrict);
}

TEST(HeaderIdTest, CompactForms) {
  // RFC 3261 20 and the extensions named in header_id.cc.
  struct Compact {
    std::string_view name;
    HeaderId id;
  };
  constexpr Compact kCompact[] = {
      {"i", HeaderId::kCallId},        {"m", HeaderId::kContact},       {"e", HeaderId::kContentEncoding},
      {"l", HeaderId::kContentLength}, {"c", HeaderId::kContentType},   {"f", HeaderId::kFrom},
      {"s", HeaderId::kSubject},       {"k", HeaderId::kSupported},     {"t", HeaderId::kTo},
      {"v", HeaderId::kVia},           {"u", HeaderId::kAllowEvents},   {"o", HeaderId::kEvent},
      {"r", HeaderId::kReferTo},       {"b", HeaderId::kReferredBy},    {"x", HeaderId::kSessionExpires},
      {"a", HeaderId::kAcceptContact}, {"j", HeaderId::kRejectContact}, {"d", HeaderId::kRequestDisposition},
      {"y", HeaderId::kIdentity},      {"V", HeaderId::kVia},           {"I", HeaderId::kCallId},
  };
  std::string used;
  for (const Compact& compact : kCompact) {
    EXPECT_EQ(HeaderIdFromName(compact.name), compact.id) << compact.name;
    used += compact.name;
  }
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const char lower = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    if (used.find(lower) != std::string::npos) continue;
    EXPECT_EQ(HeaderIdFromName(std::string_view(&c, 1)), HeaderId::kOther) << i;
  }
}

TEST(HeaderIdTest, OthersAreOthers) {
  EXPECT_EQ(HeaderIdFromName(""), HeaderId::kOther);
  EXPECT_EQ(HeaderIdFromName("X-Custom"), HeaderId::kOther);
  EXPECT_EQ(HeaderIdFromName("C%6Fntact"), HeaderId::kOther);
  EXPECT_EQ(HeaderIdFromName(std::string(100000, 'a')), HeaderId::kOther);
}

TEST(StatusCodeTest, Phrases) {
  EXPECT_EQ(ReasonPhrase(100), "Trying");
  EXPECT_EQ(ReasonPhrase(200), "OK");
  EXPECT_EQ(ReasonPhrase(412), "Conditional Request Failed");
  EXPECT_EQ(ReasonPhrase(422), "Session Interval Too Small");
  EXPECT_EQ(ReasonPhrase(469), "Bad Info Package");
  EXPECT_EQ(ReasonPhrase(487), "Request Terminated");
  EXPECT_EQ(ReasonPhrase(606), "Not Acceptable");
  for (int code = 100; code < 700; ++code) EXPECT_FALSE(ReasonPhrase(code).empty()) << code;
  SANSIP_SHOWS("3903-11.2.1-1", "6086-11.6-1");
}

TEST(StatusCodeTest, UnregisteredCodesHaveThePhraseOfTheirClass) {
  EXPECT_EQ(ReasonPhrase(199 - 1), "Unknown Informational");
  EXPECT_EQ(ReasonPhrase(299), "Unknown Success");
  EXPECT_EQ(ReasonPhrase(499), "Unknown Client Failure");
  EXPECT_EQ(ReasonPhrase(699), "Unknown Failure");
  for (int code : {-1, 0, 99, 700, 1000000}) EXPECT_EQ(ReasonPhrase(code), "Unknown") << code;
}

TEST(StatusCodeTest, Classes) {
  EXPECT_TRUE(IsProvisional(199));
  EXPECT_FALSE(IsProvisional(200));
  EXPECT_TRUE(IsFinal(200));
  EXPECT_TRUE(IsSuccess(299));
  EXPECT_FALSE(IsSuccess(300));
}

TEST(ParseErrorTest, EveryCodeIsFitForAResponse) {
  EXPECT_TRUE(ParseError{}.ok());
  for (int i = 1; i <= static_cast<int>(ParseCode::kMultipartTooDeep); ++i) {
    const auto code = static_cast<ParseCode>(i);
    EXPECT_FALSE(ParseCodeText(code).empty()) << i;
    EXPECT_EQ(ParseCodeClause(code).substr(0, 4), "RFC ") << i;
    const int response = ResponseCodeFor(code);
    EXPECT_TRUE(response >= 400 && response < 600) << i;
  }
}

TEST(ParseErrorTest, ResponseCodes) {
  EXPECT_EQ(ResponseCodeFor(ParseCode::kBadRequestUri), 400);
  EXPECT_EQ(ResponseCodeFor(ParseCode::kContentLengthMismatch), 400);
  EXPECT_EQ(ResponseCodeFor(ParseCode::kBodyTooLong), 413);
  EXPECT_EQ(ResponseCodeFor(ParseCode::kUriTooLong), 414);
  EXPECT_EQ(ResponseCodeFor(ParseCode::kUnsupportedVersion), 505);
  EXPECT_EQ(ResponseCodeFor(ParseCode::kMessageTooLong), 513);
}

}  // namespace
}  // namespace sansip
