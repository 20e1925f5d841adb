#include "sansip/rtp/sdp/description.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <limits>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "sansip/tests/support/shows.h"

namespace sansip::sdp {
namespace {

constexpr std::string_view kMinimal = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n";

// RFC 8866 5.
constexpr std::string_view kSeminar =
    "v=0\r\n"
    "o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1\r\n"
    "s=Call to John Smith\r\n"
    "i=SDP Offer #1\r\n"
    "u=http://www.jdoe.example.com/home.html\r\n"
    "e=Jane Doe <jane@jdoe.example.com>\r\n"
    "p=+1 617 555-6011\r\n"
    "c=IN IP4 198.51.100.1\r\n"
    "t=0 0\r\n"
    "m=audio 49170 RTP/AVP 0\r\n"
    "m=audio 49180 RTP/AVP 0\r\n"
    "m=video 51372 RTP/AVP 99\r\n"
    "c=IN IP6 2001:db8::2\r\n"
    "a=rtpmap:99 h263-1998/90000\r\n";

std::string Minimal(std::string_view more) { return std::string(kMinimal) + std::string(more); }
std::string WithMedia(std::string_view more) {
  return Minimal("m=audio 4000 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\n" + std::string(more));
}
// The text lives as long as the test program, as the views into it want.
Error Parse(Description& d, std::string text, const Policy& policy = {}) {
  static std::deque<std::string> kept;
  return d.Parse(kept.emplace_back(std::move(text)), policy);
}
// The whole of a description out of its session lines.
Rule RuleFor(const std::string& text, const Policy& policy = {}) {
  Description d;
  return Parse(d, text, policy).rule;
}
// Right by any policy, or wrong by this rule with any.
void ExpectBoth(const std::string& text, Rule rule) {
  EXPECT_EQ(RuleText(RuleFor(text)), RuleText(rule)) << text;
  EXPECT_EQ(RuleText(RuleFor(text, Policy::Strict())), RuleText(rule)) << text;
}
// Tolerated and counted, but not by the grammar.
void ExpectTolerated(const std::string& text, Rule strict_rule) {
  Description d;
  const Error error = Parse(d, text);
  EXPECT_TRUE(error.ok()) << RuleText(error.rule) << ": " << text;
  EXPECT_GT(d.tolerated(), 0u) << text;
  EXPECT_EQ(RuleText(RuleFor(text, Policy::Strict())), RuleText(strict_rule)) << text;
}
std::string With(std::string_view line_before, std::string_view line) {
  std::string text(kMinimal);
  const std::size_t at = text.find(line_before);
  return text.substr(0, at) + std::string(line) + "\r\n" + text.substr(at);
}
std::string Replace(std::string_view from, std::string_view to) {
  std::string text(kMinimal);
  return text.replace(text.find(from), from.size(), to);
}

TEST(Description, ReadsTheExampleOfTheRfc) {
  SANSIP_SHOWS("8866-5-7", "8866-5-8", "8866-5.7-2", "8866-5.6-1", "8866-5.6-7", "4566-5-4");
  Description d;
  ASSERT_TRUE(Parse(d, std::string(kSeminar), Policy::Strict()).ok());
  EXPECT_EQ(d.tolerated(), 0u);
  EXPECT_EQ(d.origin().username, "jdoe");
  EXPECT_EQ(d.origin().session_id, "3724394400");
  EXPECT_EQ(d.origin().session_version, "3724394405");
  EXPECT_EQ(d.origin().address, "198.51.100.1");
  EXPECT_EQ(d.name(), "Call to John Smith");
  EXPECT_EQ(d.session().title(), "SDP Offer #1");
  ASSERT_EQ(d.media_count(), 3u);
  EXPECT_EQ(d.media(0).port(), 49170);
  EXPECT_EQ(d.media(1).port(), 49180);
  EXPECT_EQ(d.media(2).media(), "video");
  EXPECT_EQ(d.ConnectionOf(d.media(0))->host, "198.51.100.1");
  EXPECT_EQ(d.ConnectionOf(d.media(2))->host, "2001:db8::2");
  EXPECT_EQ(d.ConnectionOf(d.media(2))->address.family, SocketAddress::Family::kIpv6);
  EXPECT_EQ(d.media(2).rtpmap(99)->encoding_name, "h263-1998");
  EXPECT_EQ(d.media(2).rtpmap(99)->clock_rate, 90000u);
  EXPECT_FALSE(d.media(0).rtpmap(99));
}

TEST(Description, RequiresFourLinesInTheirOrder) {
  SANSIP_SHOWS("4566-5-3", "8866-5-6", "8866-9-1", "8866-5.3-1", "4566-5-5", "3264-5-5");
  ExpectBoth(std::string(kMinimal), Rule::kNone);
  ExpectBoth(Replace("v=0\r\n", ""), Rule::kMissingVersion);
  ExpectBoth(Replace("o=- 1 1 IN IP4 192.0.2.1\r\n", ""), Rule::kMissingOrigin);
  ExpectBoth(Replace("s=-\r\n", ""), Rule::kMissingName);
  ExpectTolerated(Replace("t=0 0\r\n", ""), Rule::kMissingTime);
  ExpectBoth("", Rule::kEmpty);
  ExpectBoth("v=0\r\n", Rule::kMissingOrigin);
  ExpectBoth(With("t=", "s=second"), Rule::kOrder);
  ExpectBoth(With("s=", "v=0"), Rule::kOrder);
  ExpectBoth(std::string(kMinimal) + std::string(kMinimal), Rule::kOrder);
  ExpectBoth(Minimal("a=x\r\nt=0 0\r\n"), Rule::kOrder);
  ExpectBoth(Minimal("u=http://a.example\r\n"), Rule::kOrder);
  ExpectBoth(Minimal("a=x\r\nb=AS:1\r\n"), Rule::kOrder);
}

TEST(Description, CountsOfSessionLines) {
  SANSIP_SHOWS("8866-5.4-1", "8866-5.5-1", "8866-5.6-2", "4566-5.5-1", "4566-5.4-1", "8866-5.9-1", "3264-5-2",
               "4566-5.6-1");
  ExpectBoth(With("t=", "i=one"), Rule::kNone);
  ExpectBoth(With("t=", "i=one\r\ni=two"), Rule::kOrder);
  ExpectBoth(With("t=", "u=http://a.example/"), Rule::kNone);
  ExpectBoth(With("t=", "u=http://a.example/\r\nu=http://b.example/"), Rule::kOrder);
  ExpectBoth(With("t=", "e=a@b\r\ne=c@d\r\np=12345\r\np=+1 2"), Rule::kNone);
  ExpectBoth(With("t=", "p="), Rule::kPhone);
  ExpectBoth(With("t=", "e="), Rule::kEmail);
  ExpectBoth(WithMedia("e=a@b\r\n"), Rule::kOrder);
  ExpectBoth(WithMedia("u=http://a.example/\r\n"), Rule::kOrder);
  ExpectTolerated(WithMedia("i=one\r\n"), Rule::kOrder);
  Description d;
  ASSERT_TRUE(Parse(d, Minimal("t=3034423619 3042462419\r\n"), Policy::Strict()).ok());
  std::string times;
  d.AppendTimes(times);
  EXPECT_EQ(times, "t=0 0\r\nt=3034423619 3042462419\r\n");
}

TEST(Description, LinesEndWithCrLf) {
  SANSIP_SHOWS("8866-5-11", "8866-5-12");
  ExpectTolerated("v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nt=0 0\n", Rule::kLineEnd);
  ExpectTolerated("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0", Rule::kLineEnd);
  ExpectTolerated(Minimal("\r\n"), Rule::kLineForm);
  ExpectBoth(Minimal("\r\n\r\n"), Rule::kLineForm);
  EXPECT_EQ(RuleFor("v=0\ro=- 1 1 IN IP4 192.0.2.1\rs=-\rt=0 0\r"), Rule::kLineEnd);
  ExpectBoth(Replace("s=-", std::string_view("s=a\0b", 5)), Rule::kNul);
  ExpectBoth(Replace("s=-", "s=a\rb"), Rule::kLineEnd);
}

TEST(Description, TypesAreOneKnownLetter) {
  SANSIP_SHOWS("8866-5-2", "8866-5-3", "8866-5-9", "4566-5-1");
  ExpectBoth(Replace("v=0", "V=0"), Rule::kUnknownType);
  ExpectBoth(Replace("v=0", "vv=0"), Rule::kLineForm);
  ExpectBoth(Replace("v=0", "v =0"), Rule::kLineForm);
  ExpectBoth(Replace("v=0", "v= 0"), Rule::kVersion);
  ExpectBoth(Minimal("y=1\r\n"), Rule::kUnknownType);
  ExpectBoth(Minimal("junk\r\n"), Rule::kLineForm);
  Description d;
  ASSERT_TRUE(Parse(d, Replace("s=-", "s= x")).ok());
  EXPECT_EQ(d.name(), " x");
}

TEST(Description, VersionIsZero) {
  SANSIP_SHOWS("8866-5.1-1");
  for (std::string_view v : {"v=1", "v=00", "v=", "v=0 ", "v=x"})
    ExpectBoth(Replace("v=0", v), Rule::kVersion);
}

TEST(Description, OriginHasSixFields) {
  SANSIP_SHOWS("8866-5-4", "8866-9-3", "8866-5.2-6", "8866-5.2-7", "8866-5.2-9", "3264-5-3");
  constexpr std::string_view kOrigin = "o=- 1 1 IN IP4 192.0.2.1";
  for (std::string_view o : {"o=a 1  1 IN IP4 h", "o=- abc 1 IN IP4 h.example", "o=- 1 x IN IP4 h.example",
                             "o=- 1 1 IN IP4", "o=- 1 1 IN IP4 h.example more", "o=",
                             "o= 1 1 IN IP4 h.example", "o=- 1 -1 IN IP4 h", "o=- 1 1 IN IP4 192.0.2.1 "}) {
    ExpectBoth(Replace(kOrigin, o), Rule::kOrigin);
  }
  for (std::string_view o :
       {"o=alice 99999999999999999999 340282366920938463463374607431768211456 IN IP4 h.example",
        "o=- 1 1 TN RFC2543 +1-201", "o=- 1 1 IN NSAP 47.0005", "o=- 1 1 IN IP6 2001:db8::1"}) {
    ExpectBoth(Replace(kOrigin, o), Rule::kNone);
  }
}

TEST(Description, NameIsOneLineOfAnyBytes) {
  SANSIP_SHOWS("8866-5-1", "4566-5.3-3", "3264-5-7", "8866-6.10-3", "8866-5-13");
  ExpectTolerated(Replace("s=-", "s="), Rule::kName);
  ExpectBoth(Replace("s=-", "s= "), Rule::kNone);
  Description d;
  const std::string text = Replace("s=-", "s=\xC3\xBC\xFF");
  ASSERT_TRUE(Parse(d, text, Policy::Strict()).ok());
  EXPECT_EQ(d.name(), "\xC3\xBC\xFF");
}

TEST(Description, ConnectionIsNeededSomewhere) {
  SANSIP_SHOWS("8866-5.7-1", "8866-5.7-13", "4566-5.7-2");
  ExpectBoth(Minimal("m=audio 4000 RTP/AVP 0\r\n"), Rule::kMissingConnection);
  ExpectBoth(Minimal("m=audio 4000 RTP/AVP 0\r\nm=audio 4002 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\n"),
             Rule::kMissingConnection);
  ExpectTolerated(Minimal("m=audio 0 RTP/AVP 0\r\n"), Rule::kMissingConnection);
  ExpectBoth(With("t=", "c=IN IP4 192.0.2.1\r\nc=IN IP4 192.0.2.2"), Rule::kOrder);
  ExpectBoth(With("t=", "c=IN IP4 233.252.0.1/127/3"), Rule::kConnection);
  ExpectBoth(With("t=", "c=IN IP4 233.252.0.1/127"), Rule::kNone);
  Description d;
  const Error error = Parse(d, Minimal("m=audio 4000 RTP/AVP 0\r\n"));
  EXPECT_EQ(error.line, 5u);
  EXPECT_EQ(error.offset, kMinimal.size());
}

TEST(Description, ConnectionAddresses) {
  SANSIP_SHOWS("8866-5.7-5", "8866-5.7-6", "8866-5.7-7", "8866-5.7-8", "8866-5.7-10", "8866-5.7-14",
               "8866-9-9", "8866-9-10", "8866-5.7-12");
  const auto media = [](std::string_view c) {
    return Minimal("m=audio 4000 RTP/AVP 0\r\nc=" + std::string(c) + "\r\n");
  };
  for (std::string_view c :
       {"IN IP4 192.0.2.1", "IN IP4 host.example", "IN IP6 ::1",
        "IN IP6 ::", "IN IP6 1::", "IN IP6 ::ffff:1.2.3.4", "IN IP6 host.example", "IN IP4 233.252.0.1/127/3",
        "IN IP4 224.2.1.1/0", "IN IP6 ff15::101/3", "IN IP6 ff15::101", "ATM NSAP 47.0 extra fields",
        "IN IP4 0.0.0.0", "IN IP4 192.0.2.1\r\nc=IN IP4 192.0.2.2\r\nc=IN IP4 192.0.2.3"}) {
    ExpectBoth(media(c), Rule::kNone);
  }
  for (std::string_view c :
       {"IN IP4 192.0.2.1/2", "IN IP4 233.252.0.1", "IN IP4 233.252.0.1/256", "IN IP4 300.1.1.1",
        "IN IP6 ff15::101/0", "IN IP6 ff15::101/127/3", "IN IP6 1::2::3", "IN IP4 ::1", "IN IP6 1.2.3.4",
        "IN IP6 [::1]", "IN IP4 192.0.2.1 more", "IN IP4", "IN IP4 a..b.example", "IN IP4 1.2.3",
        "IN IP4 233.252.0.1/127/0", "IN IP4 233.252.0.1/01", "IN IP4 233.252.0.1/1/99999999999"}) {
    ExpectBoth(media(c), Rule::kConnection);
  }
}

TEST(Description, MulticastCounts) {
  SANSIP_SHOWS("8866-5.7-11");
  EXPECT_EQ(ParseConnection("IN IP4 233.252.0.1/127/3")->count, 3u);
  EXPECT_EQ(ParseConnection("IN IP4 233.252.0.1/127/3")->ttl, 127);
  EXPECT_EQ(ParseConnection("IN IP4 233.252.0.1/127")->count, 1u);
  EXPECT_EQ(ParseConnection("IN IP6 ff00::1/3")->count, 3u);
  EXPECT_TRUE(ParseConnection("IN IP6 ff00::1/3")->multicast);
  EXPECT_FALSE(ParseConnection("IN IP4 192.0.2.1")->multicast);
  EXPECT_TRUE(ParseConnection("IN IP4 0.0.0.0")->is_unspecified());
  EXPECT_TRUE(ParseConnection("IN IP6 ::")->is_unspecified());
  EXPECT_FALSE(ParseConnection("IN IP4 host.example")->is_unspecified());
}

TEST(Description, BandwidthOfAnyType) {
  SANSIP_SHOWS("8866-5.8-1", "8866-5.8-2", "8866-5.8-8", "8866-5.8-9", "8866-5.8-11");
  Description d;
  const std::string text = With("t=", "b=CT:128\r\nb=X-YZ:128") +
                           "m=audio 4000 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\n" +
                           "b=AS:64\r\nb=TIAS:99999999999999999999999\r\n";
  ASSERT_TRUE(Parse(d, text, Policy::Strict()).ok());
  EXPECT_EQ(d.session().Bandwidth("CT"), 128u);
  EXPECT_FALSE(d.session().Bandwidth("AS"));
  EXPECT_EQ(d.media(0).Bandwidth("AS"), 64u);
  EXPECT_EQ(d.media(0).Bandwidth("TIAS"), std::numeric_limits<std::uint64_t>::max());
  for (std::string_view b : {"b=A(S:1", "b=AS", "b=AS:", "b=AS:x", "b=:1", "b=AS:-1"}) {
    ExpectBoth(With("t=", b), Rule::kBandwidth);
  }
}

TEST(Description, TimesRepeatsAndZones) {
  SANSIP_SHOWS("8866-5.9-2", "8866-5.9-5", "8866-9-5", "8866-5.10-1", "8866-5.10-5", "8866-5.11-1",
               "8866-5.11-2", "4566-5.9-1");
  ExpectBoth(Minimal("t=12345678901 99999999999\r\n"), Rule::kNone);
  ExpectTolerated(Minimal("t=5 0\r\n"), Rule::kTime);
  for (std::string_view t : {"t=0", "t=", "t=0 0 0", "t=a b", "t=-1 0", "t=0  0"}) {
    ExpectBoth(Minimal(std::string(t) + "\r\n"), Rule::kTime);
  }
  constexpr std::string_view kRepeat = "r=7d 1h 0 25h\r\n";
  ExpectBoth(Minimal(kRepeat), Rule::kNone);
  ExpectBoth(Minimal("r=604800 3600 0 90000\r\n"), Rule::kNone);
  for (std::string_view r : {"r=7d 1h", "r=7D 1h 0", "r=1.5h 1h 0", "r=0 1 0", "r="}) {
    ExpectBoth(Minimal(std::string(r) + "\r\n"), Rule::kRepeat);
  }
  ExpectBoth(Minimal(std::string(kRepeat) + "z=2882844526 -1h 2898848070 0\r\n"), Rule::kNone);
  ExpectBoth(Minimal("z=2882844526 -1h\r\n"), Rule::kOrder);
  ExpectBoth(Minimal(std::string(kRepeat) + "z=2882844526 -1h 2898848070\r\n"), Rule::kZone);
  ExpectBoth(WithMedia("r=7d 1h 0\r\n"), Rule::kOrder);
}

TEST(Description, KeysAreReadOver) {
  SANSIP_SHOWS("8866-5.12-3", "4566-5.12-1");
  for (std::string_view k : {"k=prompt", "k=clear:secret", "k=base64:c2VjcmV0", "k=uri:http://a.example/"}) {
    ExpectBoth(Minimal(std::string(k) + "\r\n"), Rule::kNone);
    ExpectBoth(WithMedia(std::string(k) + "\r\n"), Rule::kNone);
  }
  ExpectBoth(Minimal("k=rot13:frperg\r\n"), Rule::kKey);
  ExpectBoth(Minimal("k=prompt\r\nk=prompt\r\n"), Rule::kOrder);
}

TEST(Description, Attributes) {
  SANSIP_SHOWS("8866-5-10", "8866-5.13-2", "8866-5.13-3", "8866-5.13-4", "8866-5.13-6", "4566-5-6",
               "8866-9-11", "8866-9-12", "8866-6.1-2", "8866-6.2-2", "8866-5.13-1");
  Description d;
  const std::string text =
      Minimal("a=zzz\r\na=cat:foo.bar\r\na=keywds:x\r\na=x:y:z\r\n") +
      "m=audio 4000 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\na=foo:bar\r\na=b:\xFF\r\na=RTPMAP:0 X/8000\r\n";
  ASSERT_TRUE(Parse(d, text, Policy::Strict()).ok());
  EXPECT_EQ(d.session().attribute(3)->name, "x");
  EXPECT_EQ(d.session().attribute(3)->value, "y:z");
  EXPECT_FALSE(d.session().attribute(0)->has_value);
  EXPECT_FALSE(d.session().attribute(4));
  EXPECT_EQ(d.media(0).Find("b")->value, "\xFF");
  EXPECT_FALSE(d.media(0).Find("zzz"));
  EXPECT_FALSE(d.media(0).rtpmap(0));
  for (std::string_view a : {"a=foo(bar", "a=", "a=:x", "a=a b", "a=\xC3\xBC:x"}) {
    ExpectBoth(Minimal(std::string(a) + "\r\n"), Rule::kAttribute);
  }
  ExpectTolerated(Minimal("a=x:\r\n"), Rule::kAttribute);
}

TEST(Description, MediaLines) {
  SANSIP_SHOWS("8866-9-6", "8866-9-7", "8866-9-8", "8866-5.14-6", "8866-5.14-12", "8866-8.2.3-6",
               "8866-8.2.3-1");
  const auto media = [](std::string_view m) {
    return With("t=", "c=IN IP4 192.0.2.1") + "m=" + std::string(m) + "\r\n";
  };
  for (std::string_view m :
       {"audio 49170/2 RTP/AVP 0", "application 1234 udp wb", "foo 1 BAR/BAZ x y z", "audio 0 RTP/AVP 0",
        "video 9 UDP/TLS/RTP/SAVPF 96 97", "audio 65535 RTP/AVP 127"}) {
    ExpectBoth(media(m), Rule::kNone);
  }
  for (std::string_view m : {"audio 1 RTP/AVP", "audio", "", "au(dio 1 RTP/AVP 0", "audio 1 RTP//AVP 0",
                             "audio 1  RTP/AVP 0", "audio 1 RTP/AVP 0  8", "audio 1 /RTP 0"}) {
    ExpectBoth(media(m), Rule::kMedia);
  }
  for (std::string_view m :
       {"audio 65536 RTP/AVP 0", "audio -1 RTP/AVP 0", "audio 49170/0 RTP/AVP 0", "audio x RTP/AVP 0",
        "audio 1/ RTP/AVP 0", "audio 99999999999999999999 RTP/AVP 0"}) {
    ExpectBoth(media(m), Rule::kPort);
  }
  ExpectBoth(media("audio 1 RTP/AVP 128"), Rule::kPayloadType);
  ExpectBoth(media("audio 1 RTP/SAVPF PCMU"), Rule::kPayloadType);
  ExpectTolerated(media("audio 4000 RTP/AVP 0 "), Rule::kMedia);
  Description d;
  ASSERT_TRUE(Parse(d, media("audio 49170/2 RTP/AVP 0 8")).ok());
  EXPECT_EQ(d.media(0).port(), 49170);
  EXPECT_EQ(d.media(0).port_count(), 2u);
  EXPECT_EQ(d.media(0).formats(), "0 8");
  EXPECT_TRUE(d.media(0).is_rtp());
}

TEST(Description, LinesOfAMediaSectionHaveAnOrder) {
  SANSIP_SHOWS("8866-9-2");
  ExpectTolerated(WithMedia("a=x\r\nb=AS:64\r\n"), Rule::kOrder);
  ExpectTolerated(Minimal("m=audio 4000 RTP/AVP 0\r\na=x\r\nc=IN IP4 192.0.2.1\r\n"), Rule::kOrder);
  ExpectBoth(Minimal("m=audio 4000 RTP/AVP 0\r\ni=x\r\nc=IN IP4 192.0.2.1\r\nb=AS:1\r\nk=prompt\r\na=x\r\n"),
             Rule::kNone);
  ExpectBoth(WithMedia("t=0 0\r\n"), Rule::kOrder);
  ExpectBoth(WithMedia("s=-\r\n"), Rule::kOrder);
  ExpectBoth(Minimal("m=audio 4000 RTP/AVP 0\r\ni=x\r\ni=y\r\nc=IN IP4 192.0.2.1\r\n"), Rule::kOrder);
}

TEST(Description, Directions) {
  SANSIP_SHOWS("8866-6.7-1", "8866-6.7-2", "8866-6.7-3", "8866-6.7-4", "3264-5.1-4", "3264-5.1-6",
               "3264-5.1-7", "8866-6.9-1", "4566-6-2");
  const auto of = [](std::string_view session, std::string_view media) {
    const std::string text =
        Minimal(session) + "m=audio 1 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\n" + std::string(media);
    Description d;
    EXPECT_TRUE(Parse(d, text).ok());
    return d.DirectionOf(d.media(0));
  };
  EXPECT_EQ(of("", ""), rtp::Direction::kSendRecv);
  EXPECT_EQ(of("", "a=sendrecv\r\n"), rtp::Direction::kSendRecv);
  EXPECT_EQ(of("a=sendonly\r\n", ""), rtp::Direction::kSendOnly);
  EXPECT_EQ(of("a=sendonly\r\n", "a=recvonly\r\n"), rtp::Direction::kRecvOnly);
  EXPECT_EQ(of("a=inactive\r\n", "a=sendrecv\r\n"), rtp::Direction::kSendRecv);
  EXPECT_EQ(of("", "a=sendonly\r\na=recvonly\r\n"), rtp::Direction::kSendOnly);  // the first
  EXPECT_EQ(of("a=type:broadcast\r\n", ""), rtp::Direction::kSendRecv);
  EXPECT_EQ(of("", "a=SENDONLY\r\n"), rtp::Direction::kSendRecv);
}

TEST(Description, RtpMapAndFmtp) {
  SANSIP_SHOWS("8866-6.6-1", "8866-6.6-2", "8866-6.6-4", "8866-6.6-5", "8866-6.15-1", "8866-5.14-11",
               "3264-5.1-16");
  Description d;
  const std::string text =
      "v=0\r\no=- 1 1 IN IP4 h.example\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 1 RTP/AVP 0 97 98 99 "
      "100\r\n"
      "a=rtpmap:0 PCMU/8000\r\na=rtpmap:97 L16/16000/2\r\na=rtpmap:97 PCMA/8000\r\na=rtpmap:128 X/1\r\n"
      "a=rtpmap:98 X/8000/1/zz\r\na=rtpmap:99 X\r\na=rtpmap:100 X/0\r\na=fmtp:97 mode=1; b=\"2 3\"\r\n";
  ASSERT_TRUE(Parse(d, text).ok());
  EXPECT_EQ(d.media(0).rtpmap(0)->channels, 1u);
  EXPECT_EQ(d.media(0).rtpmap(97)->encoding_name, "L16");
  EXPECT_EQ(d.media(0).rtpmap(97)->channels, 2u);
  EXPECT_EQ(d.media(0).rtpmap(98)->channels, 1u);
  EXPECT_FALSE(d.media(0).rtpmap(99));
  EXPECT_FALSE(d.media(0).rtpmap(100));
  EXPECT_EQ(d.media(0).fmtp(97), "mode=1; b=\"2 3\"");
  EXPECT_EQ(d.media(0).fmtp(98), "");
}

TEST(Description, Ptime) {
  SANSIP_SHOWS("8866-6.4-1", "8866-6.5-1");
  const auto of = [](std::string_view value) {
    const std::string text = WithMedia("a=ptime:" + std::string(value) + "\r\na=maxptime:40\r\n");
    Description d;
    EXPECT_TRUE(Parse(d, text).ok());
    EXPECT_EQ(d.media(0).maxptime(), 40);
    return d.media(0).ptime();
  };
  EXPECT_EQ(of("20"), 20);
  EXPECT_EQ(of("2.5"), 2);
  EXPECT_EQ(of("0"), std::nullopt);
  EXPECT_EQ(of("-1"), std::nullopt);
  EXPECT_EQ(of("x"), std::nullopt);
  EXPECT_EQ(of("99999999999999999999"), std::nullopt);
}

TEST(Description, RtcpAttribute) {
  SANSIP_SHOWS("3605-2.1-1", "3605-2.1-4", "8866-5.14-2");
  const auto of = [](std::string_view value) {
    const std::string text = WithMedia("a=rtcp:" + std::string(value) + "\r\n");
    Description d;
    EXPECT_TRUE(Parse(d, text).ok());
    return d.media(0).rtcp();
  };
  EXPECT_EQ(of("53020")->port, 53020);
  EXPECT_EQ(of("53020")->address.family, SocketAddress::Family::kNone);
  EXPECT_EQ(of("53020 IN IP4 126.16.64.4")->address, *ParseIp("126.16.64.4", 53020));
  EXPECT_EQ(of("53020 IN IP6 2001:2345:6789:ABCD:EF01:2345:6789:ABCD")->address,
            *ParseIp("2001:2345:6789:ABCD:EF01:2345:6789:ABCD", 53020));
  for (std::string_view bad : {"0", "65536", "x", "1 IN", "1 IN IP4 300.1.1.1", "1 IN IP4 h.example"}) {
    EXPECT_FALSE(of(bad)) << bad;
  }
  Description d;
  ASSERT_TRUE(Parse(d, Minimal("a=rtcp:5\r\nm=audio 1 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\n")).ok());
  EXPECT_FALSE(d.session().rtcp());
  EXPECT_FALSE(d.media(0).rtcp());
}

TEST(Description, LimitsAreRefusals) {
  std::string lines(kMinimal);
  while (lines.size() < 100 * kLinesMax &&
         std::size_t(std::count(lines.begin(), lines.end(), '\n')) < kLinesMax) {
    lines += "a=x\r\n";
  }
  ExpectBoth(lines, Rule::kNone);
  ExpectBoth(lines + "a=x\r\n", Rule::kTooManyLines);
  std::string media = With("t=", "c=IN IP4 192.0.2.1");
  for (std::size_t i = 0; i < kMediaMax; ++i) media += "m=audio 1 RTP/AVP 0\r\n";
  ExpectBoth(media, Rule::kNone);
  ExpectBoth(media + "m=audio 1 RTP/AVP 0\r\n", Rule::kTooManyMedia);
  std::string formats = With("t=", "c=IN IP4 192.0.2.1") + "m=audio 1 RTP/AVP";
  for (std::size_t i = 0; i < kFormatsMax; ++i) formats += " 0";
  ExpectBoth(formats + "\r\n", Rule::kNone);
  ExpectBoth(formats + " 0\r\n", Rule::kTooManyFormats);
  const std::string head = Minimal("a=");
  ExpectBoth(head + std::string(kOctetsMax - head.size() - 2, 'x') + "\r\n", Rule::kNone);
  ExpectBoth(head + std::string(kOctetsMax - head.size() - 1, 'x') + "\r\n", Rule::kTooLong);
}

TEST(Description, ErrorsSayWhere) {
  Description d;
  const std::string text = WithMedia("a=ok\r\na=bad name\r\n");
  const Error error = Parse(d, text);
  EXPECT_EQ(error.rule, Rule::kAttribute);
  EXPECT_EQ(error.line, 8u);
  EXPECT_EQ(text.substr(error.offset, 8), "bad name");
  EXPECT_EQ(RuleText(error.rule), "a= is malformed");
  EXPECT_EQ(RuleClause(error.rule), "RFC 8866 5.13");
  for (int rule = 0; rule <= static_cast<int>(Rule::kTooManyFormats); ++rule) {
    EXPECT_FALSE(RuleText(static_cast<Rule>(rule)).empty()) << rule;
  }
}

TEST(Description, EveryTruncationIsAnswered) {
  for (std::size_t size = 0; size <= kSeminar.size(); ++size) {
    const std::string text(kSeminar.substr(0, size));
    Description d;
    const Error error = Parse(d, text, Policy::Strict());
    EXPECT_LE(error.offset, text.size());
  }
}

TEST(SameSession, ComparesOriginLines) {
  SANSIP_SHOWS("3264-8-13");
  const std::string next = Replace("o=- 1 1", "o=- 1 2");
  EXPECT_TRUE(SameSession(kMinimal, kMinimal));
  EXPECT_FALSE(SameSession(kMinimal, next));
  EXPECT_FALSE(SameSession(next, kMinimal));
  EXPECT_FALSE(SameSession(kMinimal, ""));
  EXPECT_FALSE(SameSession("junk", "junk"));
}

}  // namespace
}  // namespace sansip::sdp
