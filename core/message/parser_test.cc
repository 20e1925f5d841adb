#include "sansip/core/message/parser.h"

#include <string>
#include <string_view>
#include <utility>

#include "gtest/gtest.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/max_forwards.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

using namespace std::literals;

// RFC 3261 24.2 F1, with a body as short as its Content-Length says.
const std::string kInvite =
    Lines({"INVITE sip:bob@biloxi.com SIP/2.0", "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8",
           "Max-Forwards: 70", "To: Bob <sip:bob@biloxi.com>",
           "From: Alice <sip:alice@atlanta.com>;tag=1928301774", "Call-ID: a84b4c76e66710",
           "CSeq: 314159 INVITE", "Contact: <sip:alice@pc33.atlanta.com>", "Content-Type: application/sdp",
           "Content-Length: 5", ""}) +
    "v=0\r\n";

const std::string kOk =
    Lines({"SIP/2.0 200 OK", "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8",
           "To: Bob <sip:bob@biloxi.com>;tag=a6c85cf", "From: Alice <sip:alice@atlanta.com>;tag=1928301774",
           "Call-ID: a84b4c76e66710", "CSeq: 314159 INVITE", "Content-Length: 0", ""});

TEST(ParserTest, Request) {
  const Parsed parsed(kInvite, ParsePolicy::Strict());
  ASSERT_TRUE(parsed.ok());
  const MessageView view = parsed.view();
  EXPECT_TRUE(view.is_request());
  EXPECT_FALSE(view.is_response());
  EXPECT_EQ(view.method(), Method::kInvite);
  EXPECT_EQ(view.method_text(), "INVITE");
  EXPECT_EQ(view.request_uri(), "sip:bob@biloxi.com");
  EXPECT_EQ(view.header_count(), 9u);
  EXPECT_EQ(view.header(0).id, HeaderId::kVia);
  EXPECT_EQ(view.header(0).name, "Via");
  EXPECT_EQ(view.header(0).value, "SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8");
  EXPECT_EQ(view.First(HeaderId::kCallId), "a84b4c76e66710");
  EXPECT_EQ(view.First(HeaderId::kRoute), std::nullopt);
  EXPECT_FALSE(view.Has(HeaderId::kRoute));
  EXPECT_EQ(view.body(), "v=0\r\n");
  EXPECT_EQ(view.bytes(), kInvite);
  EXPECT_EQ(view.index().tolerances, 0u);
  EXPECT_EQ(FromTag(view), "1928301774");
  EXPECT_EQ(ToTag(view), "");
  EXPECT_EQ(MaxForwardsOf(view), 70);
}

TEST(ParserTest, Response) {
  const Parsed parsed(kOk, ParsePolicy::Strict());
  ASSERT_TRUE(parsed.ok());
  const MessageView view = parsed.view();
  EXPECT_TRUE(view.is_response());
  EXPECT_EQ(view.status_code(), 200);
  EXPECT_EQ(view.reason_phrase(), "OK");
  EXPECT_EQ(ToTag(view), "a6c85cf");
  EXPECT_EQ(view.body(), "");
}

TEST(ParserTest, AnIndexIsReusable) {
  MessageIndex index;
  const Parser parser;
  ASSERT_TRUE(parser.Parse(kInvite, Framing::kDatagram, index).ok());
  ASSERT_TRUE(parser.Parse(kOk, Framing::kDatagram, index).ok());
  const MessageView view(kOk, index);
  EXPECT_FALSE(view.Has(HeaderId::kContact));
  EXPECT_EQ(view.method_text(), "");
  EXPECT_EQ(view.request_uri(), "");
  EXPECT_EQ(view.header_count(), 6u);
}

TEST(ParserTest, HeaderSectionSpansTheHeaderLines) {
  const Parsed parsed(kOk);
  const TextSpan section = parsed.view().index().header_section;
  const std::string_view text = std::string_view(parsed.bytes()).substr(section.begin, section.size);
  EXPECT_EQ(text.substr(0, 4), "Via:");
  EXPECT_EQ(text.substr(text.size() - 19), "Content-Length: 0\r\n");
}

// --- start-line

TEST(ParserTest, MethodsAreCaseSensitiveAndAnyTokenIsOne) {
  const Parsed odd(Replaced(Replaced(kInvite, "INVITE", "!interesting-Method0123456789_*+`.%indeed'~"),
                            "INVITE", "!interesting-Method0123456789_*+`.%indeed'~"));
  ASSERT_TRUE(odd.ok());
  EXPECT_EQ(odd.view().method(), Method::kExtension);
  EXPECT_EQ(odd.view().method_text(), "!interesting-Method0123456789_*+`.%indeed'~");
  const Parsed lower(Replaced(Replaced(kInvite, "INVITE", "invite"), "INVITE", "invite"));
  ASSERT_TRUE(lower.ok());
  EXPECT_EQ(lower.view().method(), Method::kExtension);
}

TEST(ParserTest, AnyAbsoluteUriIsARequestUri) {
  for (std::string_view uri :
       {"tel:+15551234"sv, "nobodyKnowsThisScheme:totallyopaquecontent"sv, "soap.beep://192.0.2.103:3002"sv,
        "sips:bob@biloxi.com;lr"sv, "SIP:h"sv, "sip:[::1]"sv}) {
    const Parsed parsed(Replaced(kInvite, "sip:bob@biloxi.com", uri), ParsePolicy::Strict());
    EXPECT_TRUE(parsed.ok()) << uri;
    EXPECT_EQ(parsed.view().request_uri(), uri);
  }
  SANSIP_SHOWS("3261-7.1-3");
}

TEST(ParserTest, MalformedRequestUris) {
  struct Bad {
    std::string_view uri;
    std::string_view at_error;
  };
  constexpr Bad kBad[] = {
      {"<sip:bob@biloxi.com>", "<sip"},
      {"sip:bob@biloxi.com; lr", " lr"},
      {"sip:a b@h", " b@h"},
      {" sip:bob@biloxi.com", " sip"},
      {"sip:bob@biloxi.com ", " "},
      {"sip:@biloxi.com", "@biloxi"},
      {"sip:bob\t@biloxi.com", "\t@biloxi"},
      {"bob@biloxi.com", "bob@"},
      {"*", "*"},
      {"", " SIP/2.0"},
      {"sip:", " SIP/2.0"},
      {"sip:2001:db8::10", "2001:db8"},
  };
  for (const Bad& bad : kBad) {
    const Parsed parsed(Replaced(kInvite, "sip:bob@biloxi.com", bad.uri));
    EXPECT_EQ(parsed.code(), ParseCode::kBadRequestUri) << bad.uri;
    EXPECT_EQ(parsed.at_error().substr(0, bad.at_error.size()), bad.at_error) << bad.uri;
    EXPECT_EQ(ResponseCodeFor(parsed.code()), 400);
  }
  SANSIP_SHOWS("3261-7.1-1", "3261-7.1-2", "3261-19.1.1-2", "3261-19.1.2-2");
}

TEST(ParserTest, AnUnderscoreInAHostIsATolerance) {
  for (const auto& [old, fresh] : {std::pair{"UDP pc33.atlanta.com", "UDP my_container"},
                                   std::pair{"INVITE sip:bob@biloxi.com", "INVITE sip:b_b@my_host"}}) {
    const std::string text = Replaced(kInvite, old, fresh);
    const Parsed usual(text);
    EXPECT_TRUE(usual.ok()) << text;
    EXPECT_TRUE(usual.tolerated(Tolerance::kUnderscoreInHost));
    const Parsed strict(text, ParsePolicy::Strict());
    EXPECT_EQ(strict.code(), ParseCode::kBadHost);
    EXPECT_EQ(strict.at_error().front(), '_') << strict.at_error();
  }
}

TEST(ParserTest, RequestUriWithHeaders) {
  const std::string text =
      Replaced(kInvite, "sip:bob@biloxi.com", "sip:bob@biloxi.com?Route=%3Csip:example.com%3E");
  const Parsed tolerant(text);
  ASSERT_TRUE(tolerant.ok());
  EXPECT_TRUE(tolerant.tolerated(Tolerance::kRequestUriHeaders));
  EXPECT_FALSE(tolerant.view().Has(HeaderId::kRoute));
  const Parsed strict(text, ParsePolicy::Strict());
  EXPECT_EQ(strict.code(), ParseCode::kBadRequestUri);
  EXPECT_EQ(strict.at_error().substr(0, 7), "?Route=");
  SANSIP_SHOWS("3261-19.1.1-11");
}

TEST(ParserTest, VersionIsCaseInsensitive) {
  for (std::string_view version : {"sip/2.0"sv, "Sip/2.0"sv}) {
    EXPECT_TRUE(Parsed(Replaced(kInvite, "SIP/2.0\r\n", std::string(version) + "\r\n")).ok());
    EXPECT_TRUE(Parsed(Replaced(kOk, "SIP/2.0", version)).ok());
  }
}

TEST(ParserTest, OtherVersionsAre505) {
  for (std::string_view version : {"SIP/7.0"sv, "sip/3.0"sv, "SIP/2.00"sv, "SIP/02.0"sv, "SIP/20.0"sv}) {
    const Parsed request(Replaced(kInvite, "SIP/2.0\r\n", std::string(version) + "\r\n"));
    EXPECT_EQ(request.code(), ParseCode::kUnsupportedVersion) << version;
    EXPECT_EQ(request.at_error().substr(0, version.size()), version);
    EXPECT_EQ(ResponseCodeFor(request.code()), 505);
    EXPECT_EQ(Parsed(Replaced(kOk, "SIP/2.0", version)).code(), ParseCode::kUnsupportedVersion);
  }
}

TEST(ParserTest, MalformedRequestLines) {
  struct Bad {
    std::string_view line;
    ParseCode code;
    std::size_t offset;
  };
  constexpr Bad kBad[] = {
      {"INVITE", ParseCode::kBadRequestLine, 6},
      {"INVITE sip:a@h", ParseCode::kBadRequestLine, 14},
      {"INVITE sip:a@h SIP/2.0 ", ParseCode::kBadRequestLine, 23},
      {"INVITE sip:a@h HTTP/1.1", ParseCode::kBadRequestLine, 15},
      {"INVITE sip:a@h SIP/2", ParseCode::kBadRequestLine, 15},
      {"INVITE sip:a@h SIP/2.", ParseCode::kBadRequestLine, 15},
      {"INVITE sip:a@h SIP/2.0x", ParseCode::kBadRequestLine, 15},
      {"INVITE sip:a@h SIP 2.0", ParseCode::kBadRequestLine, 19},
      {" INVITE sip:a@h SIP/2.0", ParseCode::kBadMethod, 0},
      {"IN@VITE sip:a@h SIP/2.0", ParseCode::kBadMethod, 2},
      {"INVITE\tsip:a@h SIP/2.0", ParseCode::kBadMethod, 6},
      {"\xC3\xBC sip:a@h SIP/2.0", ParseCode::kBadMethod, 0},
      {"SIP/2.0", ParseCode::kBadStatusLine, 7},
  };
  for (const Bad& bad : kBad) {
    const Parsed parsed(Replaced(kInvite, "INVITE sip:bob@biloxi.com SIP/2.0", bad.line));
    EXPECT_EQ(parsed.code(), bad.code) << bad.line;
    EXPECT_EQ(parsed.error().offset, bad.offset) << bad.line;
  }
}

TEST(ParserTest, ReasonPhraseIsAnyTextOrNone) {
  for (std::string_view reason :
       {""sv, "Ca sonne"sv, "= 2**3 * 5**2 \xD0\xBE\xD1\x88\xD0\xB8"sv, "a  b\tc "sv}) {
    const Parsed parsed(Replaced(kOk, "OK", reason), ParsePolicy::Strict());
    EXPECT_TRUE(parsed.ok()) << reason;
    EXPECT_EQ(parsed.view().reason_phrase(), reason);
    EXPECT_EQ(parsed.view().status_code(), 200);
  }
  SANSIP_SHOWS("3261-7.2-1");
}

// RFC 4475 3.1.1.13
TEST(ParserTest, MissingSpaceBeforeAnEmptyReason) {
  const std::string text = Replaced(kOk, "200 OK", "200");
  const Parsed parsed(text);
  EXPECT_TRUE(parsed.ok());
  EXPECT_TRUE(parsed.tolerated(Tolerance::kMissingReasonSpace));
  EXPECT_EQ(Parsed(text, ParsePolicy::Strict()).code(), ParseCode::kBadStatusLine);
}

TEST(ParserTest, StatusCodesAre100To699) {
  for (std::string_view code : {"100"sv, "199"sv, "299"sv, "699"sv}) {
    EXPECT_TRUE(Parsed(Replaced(kOk, "200", code)).ok()) << code;
  }
  for (std::string_view code : {"099"sv, "000"sv, "700"sv, "999"sv, "20"sv, "2000"sv, "4294967301"sv, "2x0"sv,
                                "-20"sv, ""sv, " 200"sv}) {
    const Parsed parsed(Replaced(kOk, "200", code));
    EXPECT_EQ(parsed.code(), ParseCode::kBadStatusCode) << code;
    EXPECT_EQ(parsed.error().offset, 8u);
  }
  EXPECT_EQ(Parsed(Replaced(kOk, "200 OK", "200\tOK")).code(), ParseCode::kBadStatusLine);
  EXPECT_EQ(Parsed(Replaced(kOk, "SIP/2.0 200", "SIP/x 200")).code(), ParseCode::kBadStatusLine);
}

TEST(ParserTest, LineBreaksBeforeTheStartLineAreSkipped) {
  const Parsed parsed("\r\n\r\n\r\n" + kInvite, ParsePolicy::Strict());
  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE(parsed.tolerated(Tolerance::kLeadingCrlf));
  EXPECT_EQ(parsed.view().bytes(), kInvite);
  EXPECT_EQ(parsed.view().method(), Method::kInvite);
  ParsePolicy policy;
  policy.skip_leading_crlf = false;
  const Parsed refused("\r\n" + kInvite, policy);
  EXPECT_EQ(refused.code(), ParseCode::kBadRequestLine);
  EXPECT_EQ(refused.error().offset, 0u);
}

TEST(ParserTest, NothingIsNoMessage) {
  EXPECT_EQ(Parsed("").code(), ParseCode::kEmptyMessage);
  EXPECT_EQ(Parsed("\r\n\r\n").code(), ParseCode::kEmptyMessage);
  EXPECT_EQ(Parsed("\r").code(), ParseCode::kBadMethod);
  EXPECT_EQ(Parsed("\0"s).code(), ParseCode::kBadMethod);
}

// --- header lines

TEST(ParserTest, WhiteSpaceBeforeTheColon) {
  const Parsed parsed(RequestWith({"Subject : a", "Priority \t :b", "User-Agent:c", "Organization:"}));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.view().First(HeaderId::kSubject), "a");
  EXPECT_EQ(parsed.view().First(HeaderId::kPriority), "b");
  EXPECT_EQ(parsed.view().First(HeaderId::kUserAgent), "c");
  EXPECT_EQ(parsed.view().First(HeaderId::kOrganization), "");
  EXPECT_EQ(parsed.view().header(1).name, "Priority");
}

TEST(ParserTest, FoldedValues) {
  const Parsed parsed(RequestWith({"Subject: one", "  two", "\tthree  ", "Priority:", " urgent"}));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.view().First(HeaderId::kSubject), "one\r\n  two\r\n\tthree");
  EXPECT_EQ(parsed.view().First(HeaderId::kPriority), "urgent");
  const Parsed blank(RequestWith({"Subject: one", "  ", "Priority: x"}));
  ASSERT_TRUE(blank.ok());
  EXPECT_EQ(blank.view().First(HeaderId::kSubject), "one");
  EXPECT_EQ(blank.view().First(HeaderId::kPriority), "x");
}

TEST(ParserTest, FoldingInEveryRequiredField) {
  const Parsed parsed(Lines({"OPTIONS sip:bob@biloxi.example SIP/2.0",
                             "v:",
                             " SIP",
                             " /",
                             " 2.0 /UDP",
                             " h : 5060",
                             " ; branch",
                             " =",
                             " z9hG4bKx",
                             "t: \"a",
                             " b\"",
                             " <sip:b@h>",
                             " ;",
                             " tag",
                             " =",
                             " x",
                             "f :",
                             "\tsip:a@h",
                             "i:",
                             " abc@h",
                             " ",
                             "CSeq: 1",
                             "  OPTIONS",
                             "Max-Forwards: ",
                             " 70",
                             "l:",
                             " 0",
                             ""}));
  ASSERT_TRUE(parsed.ok());
  Via via;
  ASSERT_TRUE(TopVia(parsed.view(), via));
  EXPECT_EQ(via.transport, "UDP");
  EXPECT_EQ(via.host, "h");
  EXPECT_EQ(via.port, 5060);
  EXPECT_EQ(via.branch, "z9hG4bKx");
  EXPECT_EQ(ToTag(parsed.view()), "x");
  EXPECT_EQ(parsed.view().First(HeaderId::kCallId), "abc@h");
}

TEST(ParserTest, MalformedHeaderLines) {
  struct Bad {
    std::string_view line;
    ParseCode code;
    std::size_t offset;  // in the line
  };
  constexpr Bad kBad[] = {
      {"no colon", ParseCode::kBadHeaderLine, 3},    {"Name\r\n : folded", ParseCode::kBadHeaderLine, 4},
      {": x", ParseCode::kBadHeaderName, 0},         {" Subject: x", ParseCode::kBadHeaderName, 0},
      {"Sub@ject: x", ParseCode::kBadHeaderLine, 3}, {"Subject", ParseCode::kBadHeaderLine, 7},
      {"(x): y", ParseCode::kBadHeaderName, 0},      {"\xC3\xBC: y", ParseCode::kBadHeaderName, 0},
  };
  for (const Bad& bad : kBad) {
    const Parsed parsed(RequestWith({bad.line}));
    EXPECT_EQ(parsed.code(), bad.code) << bad.line;
    EXPECT_EQ(parsed.error().offset, 40 + bad.offset) << bad.line;
  }
}

TEST(ParserTest, StrayControlCharacters) {
  for (std::string_view value :
       {"a\0b"sv, "a\x01"sv, "\x7F"sv, "a\rb"sv, "a\nb: c"sv, "a\\\0b"sv, "\"a\0b\""sv, "a\r\r"sv,
        "\"a\\\rb\""sv, "\"a\\\nb\": c"sv, "\"a\" \\\0"sv}) {
    const std::string line = "Subject: " + std::string(value);
    const Parsed parsed(RequestWith({line}));
    EXPECT_EQ(parsed.code(), ParseCode::kControlCharacter) << line;
    const char at = parsed.at_error().front();
    EXPECT_TRUE((at < 0x20 || at == 0x7F)) << line;
  }
  const Parsed start(Replaced(kOk, "OK", "O\0K"sv));
  EXPECT_EQ(start.code(), ParseCode::kControlCharacter);
  EXPECT_EQ(start.error().offset, 13u);
}

// RFC 4475 3.1.1.2
TEST(ParserTest, ControlCharactersInQuotedPairs) {
  const Parsed parsed(
      RequestWith({"Reply-To: \"BEL:\\\x07 NUL:\\\0 DEL:\\\x7F\" <sip:a@h>"sv, "Server: x (a \\\0 b)"sv}));
  ASSERT_TRUE(parsed.ok());
  NameAddr address;
  ASSERT_TRUE(ParseNameAddr(*parsed.view().First(HeaderId::kReplyTo), address, nullptr).ok());
  EXPECT_EQ(address.display_name, "\"BEL:\\\x07 NUL:\\\0 DEL:\\\x7F\""sv);
}

TEST(ParserTest, Utf8PassesByteForByte) {
  const Parsed parsed(RequestWith({"Subject: \xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80 \xFF"}));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.view().First(HeaderId::kSubject), "\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80 \xFF");
}

TEST(ParserTest, UnknownFieldsAndOrderSurvive) {
  const Parsed parsed(RequestWith({"X-B: 2", "X-A: 1", "x-b: 3"}));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.view().header(0).name, "X-B");
  EXPECT_EQ(parsed.view().header(1).name, "X-A");
  EXPECT_EQ(parsed.view().header(2).name, "x-b");
  EXPECT_EQ(parsed.view().header(2).value, "3");
  EXPECT_EQ(parsed.view().header(2).id, HeaderId::kOther);
}

TEST(ParserTest, CompactNamesAreTheSameFields) {
  const Parsed parsed(Lines({"OPTIONS sip:bob@biloxi.example SIP/2.0", "v: SIP/2.0/UDP a;branch=z9hG4bK1",
                             "Via: SIP/2.0/UDP b;branch=z9hG4bK2", "t: <sip:b@h>", "f: <sip:a@h>;tag=1",
                             "i: x", "CSeq: 1 OPTIONS", "Max-Forwards: 70", "m: <sip:a@h>", "e: gzip",
                             "c: text/plain", "k: 100rel", "s: hello", "l: 0", ""}),
                      ParsePolicy::Strict());
  ASSERT_TRUE(parsed.ok());
  for (HeaderId id : {HeaderId::kVia, HeaderId::kTo, HeaderId::kFrom, HeaderId::kCallId, HeaderId::kContact,
                      HeaderId::kContentEncoding, HeaderId::kContentType, HeaderId::kSupported,
                      HeaderId::kSubject, HeaderId::kContentLength}) {
    EXPECT_TRUE(parsed.view().Has(id)) << HeaderName(id);
  }
  ElementsOf vias(parsed.view(), HeaderId::kVia);
  std::string_view element;
  ASSERT_TRUE(vias.Next(element));
  EXPECT_EQ(element, "SIP/2.0/UDP a;branch=z9hG4bK1");
  ASSERT_TRUE(vias.Next(element));
  EXPECT_EQ(element, "SIP/2.0/UDP b;branch=z9hG4bK2");
  SANSIP_SHOWS("3261-7.3.3-1", "3261-7.3.3-2", "3261-7.3.3-3");
}

TEST(ParserTest, BareLineFeeds) {
  std::string text = kInvite;
  std::erase(text, '\r');
  text = Replaced(text, "Content-Length: 5", "Content-Length: 4");
  const Parsed refused(text);
  EXPECT_EQ(refused.code(), ParseCode::kControlCharacter);
  EXPECT_EQ(refused.at_error().substr(0, 4), "\nVia");
  // Even so a response can be made.
  EXPECT_EQ(refused.view().First(HeaderId::kCallId), "a84b4c76e66710");
  EXPECT_EQ(refused.view().method(), Method::kInvite);
  ParsePolicy policy;
  policy.accept_bare_lf = true;
  const Parsed accepted(text, policy);
  ASSERT_TRUE(accepted.ok());
  EXPECT_TRUE(accepted.tolerated(Tolerance::kBareLf));
  EXPECT_EQ(accepted.view().body(), "v=0\n");
  EXPECT_EQ(accepted.view().header_count(), 9u);
  // A lone CR is no line break under any policy.
  EXPECT_EQ(Parsed(Replaced(text, "Max-Forwards: 70\n", "Max-Forwards: 70\r"), policy).code(),
            ParseCode::kControlCharacter);
}

TEST(ParserTest, MissingBlankLine) {
  const std::string whole = RequestWith({});
  const std::string text = whole.substr(0, whole.size() - 2);
  const Parsed tolerant(text);
  ASSERT_TRUE(tolerant.ok());
  EXPECT_TRUE(tolerant.tolerated(Tolerance::kMissingBlankLine));
  EXPECT_EQ(tolerant.view().body(), "");
  EXPECT_EQ(tolerant.view().bytes(), text);
  const Parsed strict(text, ParsePolicy::Strict());
  EXPECT_EQ(strict.code(), ParseCode::kMissingBlankLine);
  EXPECT_EQ(strict.error().offset, text.size());
  EXPECT_EQ(Parsed(text, {}, Framing::kStream).code(), ParseCode::kMissingBlankLine);
  // Cut within a line, or behind the start-line, it is no message.
  EXPECT_EQ(Parsed(whole.substr(0, whole.size() - 3)).code(), ParseCode::kControlCharacter);
  EXPECT_EQ(Parsed(whole.substr(0, whole.size() - 4)).code(), ParseCode::kMissingBlankLine);
  EXPECT_EQ(Parsed("OPTIONS sip:bob@biloxi.example SIP/2.0\r\n").code(), ParseCode::kMissingBlankLine);
  EXPECT_EQ(Parsed("OPTIONS sip:bob@biloxi.example SIP/2.0").code(), ParseCode::kMissingBlankLine);
}

}  // namespace
}  // namespace sansip
