// What the parser asks of the fields that a message cannot be handled without, and of its body.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/max_forwards.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/session_expires.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

using namespace std::literals;

const std::string kOptions = RequestWith({});

// The OPTIONS without the line of this field, or with another in its place.
std::string Without(std::string_view name, std::string_view line = {}) {
  std::string text = kOptions;
  const std::size_t begin = text.find("\r\n" + std::string(name) + ":") + 2;
  const std::size_t end = text.find("\r\n", begin) + 2;
  return text.replace(begin, end - begin, line.empty() ? std::string() : std::string(line) + "\r\n");
}

std::string WithBody(std::string_view content_length, std::string_view body) {
  std::string text = kOptions;
  text.insert(text.size() - 2, "Content-Length: " + std::string(content_length) + "\r\n");
  return text.append(body);
}

TEST(ParserFieldsTest, MissingFields) {
  struct Field {
    std::string_view name;
    ParseCode code;
  };
  constexpr Field kFields[] = {{"Via", ParseCode::kMissingVia},
                               {"To", ParseCode::kMissingTo},
                               {"From", ParseCode::kMissingFrom},
                               {"Call-ID", ParseCode::kMissingCallId},
                               {"CSeq", ParseCode::kMissingCSeq}};
  for (const Field& field : kFields) {
    const Parsed parsed(Without(field.name));
    EXPECT_EQ(parsed.code(), field.code) << field.name;
    EXPECT_EQ(parsed.at_error(), "\r\n") << field.name;  // where it would have been written at the latest
  }
}

TEST(ParserFieldsTest, MissingMaxForwards) {
  const Parsed tolerant(Without("Max-Forwards"));
  ASSERT_TRUE(tolerant.ok());
  EXPECT_TRUE(tolerant.tolerated(Tolerance::kMissingMaxForwards));
  EXPECT_EQ(MaxForwardsOf(tolerant.view()), 70);
  EXPECT_EQ(Parsed(Without("Max-Forwards"), ParsePolicy::Strict()).code(), ParseCode::kMissingMaxForwards);
}

TEST(ParserFieldsTest, MaxForwardsIs0To255) {
  for (std::string_view value : {"0"sv, "255"sv, "0068"sv}) {
    EXPECT_TRUE(Parsed(Without("Max-Forwards", "Max-Forwards: " + std::string(value))).ok()) << value;
  }
  for (std::string_view value :
       {"256"sv, "300"sv, "-1"sv, ""sv, "7x"sv, "7, 8"sv, "99999999999999999999"sv}) {
    const Parsed parsed(Without("Max-Forwards", "Max-Forwards: " + std::string(value)));
    EXPECT_EQ(parsed.code(), ParseCode::kBadMaxForwards) << value;
  }
}

// RFC 3261 7.3.2
// Plain or not; nobody refuses a message for it here.
TEST(ParserFieldsTest, SessionIntervalIsKept) {
  struct Case {
    std::string_view line;
    std::optional<std::uint32_t> seconds;
  };
  constexpr Case kCases[] = {{"Session-Expires: 1800;refresher=uac", 1800},
                             {"x:\t90", 90},
                             {"Session-Expires: 90 ;a = \"b c\"", 90},
                             {"Session-Expires: 4294967296", 0xFFFFFFFF},
                             {"Session-Expires: 90;refresher=\"", std::nullopt},
                             {"Session-Expires: 90 s", std::nullopt},
                             {"Session-Expires: soon", std::nullopt},
                             {"Subject: 90", std::nullopt}};
  for (const Case& example : kCases) {
    const Parsed parsed(RequestWith({example.line}));
    ASSERT_TRUE(parsed.ok()) << example.line;
    EXPECT_EQ(SessionIntervalOf(parsed.view()), example.seconds) << example.line;
  }
}

TEST(ParserFieldsTest, RequestFieldsMeanNothingInAResponse) {
  std::string response = kOptions;
  response.replace(0, response.find("\r\n"), "SIP/2.0 200 OK");
  response.replace(response.find("Max-Forwards: 70"), 16, "Max-Forwards: 999\r\nRoute: nonsense");
  EXPECT_TRUE(Parsed(response).ok());
  SANSIP_SHOWS("3261-7.3.2-1");
}

TEST(ParserFieldsTest, RepeatedSingleFieldsAreRefused) {
  for (std::string_view line :
       {"To: <sip:x@y>"sv, "From: <sip:x@y>"sv, "Call-ID: other"sv, "i: other"sv, "CSeq: 2 OPTIONS"sv,
        "Max-Forwards: 5"sv, "t: <sip:x@y>"sv, "f: <sip:x@y>"sv}) {
    const Parsed parsed(RequestWith({line}));
    EXPECT_EQ(parsed.code(), ParseCode::kRepeatedHeader) << line;
    // The second one is at fault; the first stays the one that is read.
    EXPECT_NE(parsed.at_error().substr(0, line.size()), line);
  }
  for (std::string_view line :
       {"Content-Length: 0"sv, "Content-Type: text/plain"sv, "Expires: 1"sv, "Reply-To: <sip:a@b>"sv,
        "Retry-After: 1"sv, "Session-Expires: 90"sv, "Min-SE: 90"sv, "Replaces: x"sv, "Event: a"sv,
        "RSeq: 1"sv, "RAck: 1 1 A"sv, "Refer-To: <sip:a@b>"sv}) {
    EXPECT_TRUE(Parsed(RequestWith({line})).ok()) << line;
    EXPECT_EQ(Parsed(RequestWith({line, line})).code(), ParseCode::kRepeatedHeader) << line;
  }
  SANSIP_SHOWS("3261-7.3.1-2");
}

TEST(ParserFieldsTest, RepeatedInformativeFieldsAreTolerated) {
  const std::string text = RequestWith({"Subject: first", "s: second"});
  const Parsed tolerant(text);
  ASSERT_TRUE(tolerant.ok());
  EXPECT_TRUE(tolerant.tolerated(Tolerance::kRepeatedInformativeField));
  EXPECT_EQ(tolerant.view().First(HeaderId::kSubject), "first");
  EXPECT_EQ(Parsed(text, ParsePolicy::Strict()).code(), ParseCode::kRepeatedHeader);
}

TEST(ParserFieldsTest, ListsAndAuthenticationMayRepeat) {
  for (std::string_view line :
       {"Via: SIP/2.0/UDP x"sv, "Route: <sip:a@b>"sv, "Record-Route: <sip:a@b>"sv, "Contact: <sip:a@b>"sv,
        "Allow: INVITE"sv, "Supported: x"sv, "Require: x"sv, "Authorization: Digest a=b"sv,
        "Proxy-Authorization: Digest a=b"sv, "WWW-Authenticate: Digest a=b"sv,
        "Proxy-Authenticate: Digest a=b"sv, "Warning: 399 h \"x\""sv, "X-Unknown: 1"sv}) {
    const Parsed parsed(RequestWith({line, line}), ParsePolicy::Strict());
    EXPECT_TRUE(parsed.ok()) << line;
    EXPECT_EQ(parsed.view().header(1).name, parsed.view().header(0).name);
  }
  SANSIP_SHOWS("3261-7.3.1-4");
}

TEST(ParserFieldsTest, SaysWhetherAFieldIsThereAgain) {
  const auto count_of = [](const MessageView& message, HeaderId id) {
    std::size_t count = 0;
    for (std::size_t i = message.PlaceOfFirst(id); i < message.header_count();
         i = message.PlaceOfNext(id, i)) {
      EXPECT_EQ(message.header(i).id, id);
      ++count;
    }
    return count;
  };
  const Parsed once(RequestWith({"Supported: x"}));
  EXPECT_FALSE(once.view().index().has_repetitions);
  EXPECT_EQ(count_of(once.view(), HeaderId::kSupported), 1u);
  EXPECT_EQ(count_of(once.view(), HeaderId::kRoute), 0u);
  for (std::string_view again : {"Supported: z"sv, "k: z"sv, "Supported : z"sv, "Supported:z"sv}) {
    const Parsed twice(RequestWith({"Supported: x", "Subject: y", again}));
    EXPECT_TRUE(twice.view().index().has_repetitions) << again;
    EXPECT_EQ(count_of(twice.view(), HeaderId::kSupported), 2u) << again;
    EXPECT_EQ(count_of(twice.view(), HeaderId::kSubject), 1u) << again;
  }
  EXPECT_TRUE(Parsed(RequestWith({"X-One: 1", "X-Two: 2"})).view().index().has_repetitions);
}

TEST(ParserFieldsTest, ParametersOfAViaAreToldByTheirWholeNames) {
  const auto via_of = [](std::string_view parameters) {
    const Parsed parsed(Without("Via", "Via: SIP/2.0/UDP h;branch=z9hG4bKa" + std::string(parameters)));
    EXPECT_TRUE(parsed.ok()) << parameters;
    const ViaSpans& via = parsed.view().index().top_via;
    return std::to_string(via.has_rport) + " " + std::to_string(via.rport) + " " +
           std::string(parsed.view().Text(via.received));
  };
  EXPECT_EQ(via_of(";rport;received=192.0.2.1"), "1 0 192.0.2.1");
  EXPECT_EQ(via_of(";rport=5066;received=192.0.2.1;x"), "1 5066 192.0.2.1");
  EXPECT_EQ(via_of(";RPORT=5066;Received=192.0.2.1"), "1 5066 192.0.2.1");
  EXPECT_EQ(via_of(" ; rport = 5066 ; received = 192.0.2.1"), "1 5066 192.0.2.1");
  EXPECT_EQ(via_of(";received=2001:db8::1"), "0 0 2001:db8::1");
  EXPECT_EQ(via_of(";rports;received-at=192.0.2.1"), "0 0 ");
  EXPECT_EQ(via_of(";rports=1;rport=2;receive=3"), "1 2 ");
  for (std::string_view bad :
       {";rport;rport"sv, ";rport=5066x"sv, ";rport="sv, ";rport=0"sv, ";rport=65536"sv, ";received="sv,
        ";received=192.0.2.256"sv, ";received=192.0.2.1;received=192.0.2.1"sv}) {
    const Parsed parsed(Without("Via", "Via: SIP/2.0/UDP h;branch=z9hG4bKa" + std::string(bad)));
    EXPECT_EQ(parsed.code(), ParseCode::kBadVia) << bad;
  }
}

TEST(ParserFieldsTest, MalformedFields) {
  struct Bad {
    std::string_view name;
    std::string_view value;
    ParseCode code;
    std::string_view at_error;
  };
  constexpr Bad kBad[] = {
      {"Via", "SIP/2.0/UDP 192.0.2.15;;,;,,", ParseCode::kBadVia, ";,;,,"},
      {"Via", "", ParseCode::kBadVia, "\r\n"},
      {"Via", "SIP/2.0/UDP", ParseCode::kBadVia, "\r\n"},
      {"Via", "SIP/2.0/UDP h:99999", ParseCode::kBadVia, "99999"},
      {"From", "", ParseCode::kBadFrom, "\r\n"},
      {"From", "*", ParseCode::kBadFrom, "*\r\n"},
      {"From", "<sip:a@h>;tag=1;tag=2", ParseCode::kBadFrom, ";tag=2"},
      {"From", "<sip:a@h>, <sip:b@h>", ParseCode::kBadFrom, "<sip:b@h>"},
      {"From", "Bell, Alexander <sip:a@h>;tag=43", ParseCode::kBadFrom, "Bell"},
      {"From", "<sip:a@h>;tag=", ParseCode::kBadFrom, "\r\n"},
      {"To", "\"Mr. J. User <sip:j.user@example.com>", ParseCode::kBadTo, "\r\n"},
      {"To", "\"Watson, Thomas\" < sip:t@h >", ParseCode::kBadTo, " sip:t@h"},
      {"To", "<sip:b@h", ParseCode::kBadTo, "\r\n"},
      {"To", "<sip:b@h> x", ParseCode::kBadTo, "x\r\n"},
      {"Call-ID", "", ParseCode::kBadCallId, "\r\n"},
      {"Call-ID", "a b", ParseCode::kBadCallId, " b"},
      {"Call-ID", "a@", ParseCode::kBadCallId, "\r\n"},
      {"Call-ID", "a@b@c", ParseCode::kBadCallId, "@c"},
      {"Call-ID", "a,b", ParseCode::kBadCallId, ",b"},
      {"CSeq", "OPTIONS", ParseCode::kBadCSeq, "OPTIONS"},
      {"CSeq", "1", ParseCode::kBadCSeq, "\r\n"},
      {"CSeq", "1OPTIONS", ParseCode::kBadCSeq, "OPTIONS"},
      {"CSeq", "-1 OPTIONS", ParseCode::kBadCSeq, "-1"},
      {"CSeq", "4294967296 OPTIONS", ParseCode::kBadCSeq, "4294967296"},
      {"CSeq", "36893488147419103232 OPTIONS", ParseCode::kBadCSeq, "36893"},
      {"CSeq", "1 OPTIONS x", ParseCode::kBadCSeq, "x\r\n"},
      {"CSeq", "1 INVITE", ParseCode::kCSeqMethodMismatch, "INVITE"},
      {"CSeq", "1 options", ParseCode::kCSeqMethodMismatch, "options"},
  };
  for (const Bad& bad : kBad) {
    const Parsed parsed(Without(bad.name, std::string(bad.name) + ": " + std::string(bad.value)));
    EXPECT_EQ(parsed.code(), bad.code) << bad.name << ": " << bad.value;
    EXPECT_EQ(parsed.at_error().substr(0, bad.at_error.size()), bad.at_error)
        << bad.name << ": " << bad.value;
  }
  SANSIP_SHOWS("3261-7.3.1-7");
}

TEST(ParserFieldsTest, CSeqMethodOfAResponseIsItsOwn) {
  std::string response = kOptions;
  response.replace(0, response.find("\r\n"), "SIP/2.0 200 OK");
  const Parsed parsed(response);
  ASSERT_TRUE(parsed.ok());
  CSeq cseq;
  ASSERT_TRUE(CSeqOf(parsed.view(), cseq));
  EXPECT_EQ(cseq.method, Method::kOptions);
}

TEST(ParserFieldsTest, CallIdIsAWordOrTwo) {
  for (std::string_view value : {"abc"sv, "abc@h"sv, "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{"sv}) {
    const Parsed parsed(Without("Call-ID", "Call-ID: " + std::string(value)));
    ASSERT_TRUE(parsed.ok()) << value;
    EXPECT_EQ(parsed.view().First(HeaderId::kCallId), value);
  }
  SANSIP_SHOWS("3261-8.1.1.4-5");
}

TEST(ParserFieldsTest, ToMayHaveAnyScheme) {
  for (std::string_view value :
       {"<tel:+15551234>"sv, "isbn:2983792873"sv, "<http://www.example.com>;tag=1"sv}) {
    EXPECT_TRUE(Parsed(Without("To", "To: " + std::string(value))).ok()) << value;
  }
  SANSIP_SHOWS("3261-8.1.1.2-1");
}

TEST(ParserFieldsTest, UnknownParametersAreIgnored) {
  const Parsed parsed(Without("Via", "Via: SIP/2.0/UDP h;foo=1;branch=z9hG4bKa;bar"));
  ASSERT_TRUE(parsed.ok());
  Via via;
  ASSERT_TRUE(TopVia(parsed.view(), via));
  EXPECT_EQ(via.branch, "z9hG4bKa");
  const Parsed to(Without("To", "To: <sip:b@h>;bar;tag=7;baz=\"q\""));
  ASSERT_TRUE(to.ok());
  EXPECT_EQ(ToTag(to.view()), "7");
  SANSIP_SHOWS("3261-20-14");
}

// --- body

TEST(ParserFieldsTest, WithoutContentLengthADatagramsBodyIsTheRest) {
  const Parsed parsed(kOptions + "any\0body\r\n"s, ParsePolicy::Strict());
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.view().body(), "any\0body\r\n"sv);
  SANSIP_SHOWS("3261-20-2");
}

TEST(ParserFieldsTest, SurplusOctetsOfADatagramAreDropped) {
  const Parsed parsed(WithBody("4", "bodyINVITE sip:x SIP/2.0\r\n\r\n"), ParsePolicy::Strict());
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.view().body(), "body");
  EXPECT_EQ(parsed.view().bytes(), WithBody("4", "body"));
  SANSIP_SHOWS("3261-18.3-1");
}

TEST(ParserFieldsTest, ContentLengthBeyondTheDatagramIs400) {
  for (std::string_view length : {"5"sv, "9999"sv, "4294967296"sv, "18446744073709551615"sv,
                                  "18446744073709551616"sv, "99999999999999999999999999999999"sv}) {
    const Parsed parsed(WithBody(length, "body"));
    EXPECT_EQ(parsed.code(), ParseCode::kContentLengthMismatch) << length;
    EXPECT_EQ(parsed.at_error().substr(0, length.size()), length);
    EXPECT_EQ(ResponseCodeFor(parsed.code()), 400);
    EXPECT_EQ(parsed.view().body(), "body");
  }
  EXPECT_TRUE(Parsed(WithBody("4", "body")).ok());
  SANSIP_SHOWS("3261-18.3-3");
}

TEST(ParserFieldsTest, ContentLengthBeyondADatagramResponseIsAnError) {
  std::string response = WithBody("5", "body");
  response.replace(0, response.find("\r\n"), "SIP/2.0 200 OK");
  EXPECT_EQ(Parsed(response).code(), ParseCode::kContentLengthMismatch);
  SANSIP_SHOWS("3261-18.3-2");
}

TEST(ParserFieldsTest, MalformedContentLength) {
  for (std::string_view length :
       {""sv, "-999"sv, "+4"sv, "4x"sv, "0x4"sv, "4 4"sv, "4, 4"sv, "\"4\""sv, "4;x"sv}) {
    EXPECT_EQ(Parsed(WithBody(length, "body")).code(), ParseCode::kBadContentLength) << length;
  }
  EXPECT_TRUE(Parsed(WithBody("0004", "body")).ok());
  EXPECT_TRUE(Parsed(WithBody("4 ", "body")).ok());
}

TEST(ParserFieldsTest, RepeatedContentLengthIsRefusedEvenIfEqual) {
  EXPECT_EQ(Parsed(RequestWith({"Content-Length: 0", "l: 0"})).code(), ParseCode::kRepeatedHeader);
  EXPECT_EQ(Parsed(RequestWith({"Content-Length: 13", "Content-Length: 5"})).code(),
            ParseCode::kRepeatedHeader);
}

TEST(ParserFieldsTest, BodiesAreAnyOctets) {
  std::string body;
  for (int i = 0; i < 256; ++i) body += static_cast<char>(i);
  body += "\r\n\r\nVia: x\r\n";
  const Parsed parsed(WithBody(std::to_string(body.size()), body), ParsePolicy::Strict());
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.view().body(), body);
  EXPECT_EQ(parsed.view().header_count(), 7u);
  SANSIP_SHOWS("3261-7.4.1-6", "3261-7.4-1");
}

TEST(ParserFieldsTest, AnyResponseMayHaveABody) {
  for (std::string_view status : {"SIP/2.0 180 Ringing"sv, "SIP/2.0 486 Busy Here"sv}) {
    std::string response = WithBody("4", "body");
    response.replace(0, response.find("\r\n"), status);
    const Parsed parsed(response, ParsePolicy::Strict(), Framing::kStream);
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(parsed.view().body(), "body");
  }
  SANSIP_SHOWS("3261-7.4-2");
}

TEST(ParserFieldsTest, AStreamMessageIsFramedExactly) {
  EXPECT_TRUE(Parsed(WithBody("4", "body"), ParsePolicy::Strict(), Framing::kStream).ok());
  EXPECT_EQ(Parsed(WithBody("4", "bodyx"), {}, Framing::kStream).code(), ParseCode::kContentLengthMismatch);
  EXPECT_EQ(Parsed(WithBody("5", "body"), {}, Framing::kStream).code(), ParseCode::kContentLengthMismatch);
  EXPECT_EQ(Parsed(kOptions, {}, Framing::kStream).code(), ParseCode::kMissingContentLength);
  ParsePolicy policy;
  policy.accept_missing_stream_content_length = true;
  const Parsed tolerant(kOptions, policy, Framing::kStream);
  EXPECT_TRUE(tolerant.ok());
  EXPECT_TRUE(tolerant.tolerated(Tolerance::kMissingStreamContentLength));
  EXPECT_EQ(Parsed(kOptions + "x", policy, Framing::kStream).code(), ParseCode::kContentLengthMismatch);
}

// --- what is left after an error

TEST(ParserFieldsTest, AfterAnErrorTheRestIsStillIndexed) {
  const Parsed parsed("INVITE <sip:bob@biloxi.com> SIP/2.0\r\nnonsense\r\nSubject: a\0b\r\n"s +
                      kOptions.substr(kOptions.find("\r\n") + 2));
  EXPECT_EQ(parsed.code(), ParseCode::kBadRequestUri);
  const MessageView view = parsed.view();
  EXPECT_EQ(view.method(), Method::kInvite);
  EXPECT_EQ(view.request_uri(), "<sip:bob@biloxi.com>");
  Via via;
  EXPECT_TRUE(TopVia(view, via));
  EXPECT_EQ(via.branch, "z9hG4bK776asdhds");
  EXPECT_EQ(FromTag(view), "1928301774");
  EXPECT_EQ(view.First(HeaderId::kCallId), "a84b4c76e66710@pc33.atlanta.example");
  CSeq cseq;
  EXPECT_TRUE(CSeqOf(view, cseq));
  EXPECT_EQ(view.header_count(), 6u);  // without the lines that are none
}

TEST(ParserFieldsTest, TheFirstErrorIsTold) {
  const Parsed parsed(RequestWith({"bad line", "To: <sip:x@y>"}) + "x");
  EXPECT_EQ(parsed.code(), ParseCode::kBadHeaderLine);
}

}  // namespace
}  // namespace sansip
