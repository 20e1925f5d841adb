#include "sansip/rtp/sdp/negotiation.h"

#include <deque>
#include <string>
#include <tuple>
#include <utility>

#include "gtest/gtest.h"
#include "sansip/rtp/sdp/remote_media.h"
#include "sansip/tests/support/shows.h"

namespace sansip::sdp {
namespace {

using rtp::Codec;
using rtp::Direction;

constexpr Direction kDirections[] = {Direction::kSendRecv, Direction::kSendOnly, Direction::kRecvOnly,
                                     Direction::kInactive};
constexpr std::string_view kDirectionNames[] = {"sendrecv", "sendonly", "recvonly", "inactive"};

LocalMedia Local(std::string_view ip = "192.0.2.1", std::uint16_t port = 4000) {
  LocalMedia local;
  local.rtp = *ParseIp(ip, port);
  return local;
}

// An offer or answer of the other side.
std::string Remote(std::string_view media, int version = 1, std::string_view session = "") {
  return "v=0\r\no=bob 77 " + std::to_string(version) +
         " IN IP4 198.51.100.9\r\ns=-\r\nc=IN IP4 198.51.100.9\r\nt=0 0\r\n" + std::string(session) +
         std::string(media);
}
std::string Audio(std::string_view more, std::string_view formats = "0 8 101") {
  return "m=audio 5004 RTP/AVP " + std::string(formats) + "\r\na=rtpmap:101 telephone-event/8000\r\n" +
         std::string(more);
}
// The text lives as long as the test program, as the views into it want.
Error Parse(Description& d, std::string text, const Policy& policy = {}) {
  static std::deque<std::string> kept;
  return d.Parse(kept.emplace_back(std::move(text)), policy);
}
bool Has(std::string_view body, std::string_view line) {
  return (std::string("\r\n") + std::string(body)).find("\r\n" + std::string(line) + "\r\n") !=
         std::string::npos;
}
void ExpectStrictlyValid(std::string_view body) {
  Description d;
  const Error error = Parse(d, std::string(body), Policy::Strict());
  EXPECT_TRUE(error.ok()) << RuleText(error.rule) << " line " << error.line << "\n" << body;
}
std::string_view VersionOf(std::string_view body) {
  Description d;
  EXPECT_TRUE(Parse(d, std::string(body)).ok());
  return d.origin().session_version;
}
// What is answered to an offer; empty where it is refused.
std::string Answer(std::string_view offer, LocalMedia local = Local()) {
  Negotiation negotiation(local, 42);
  const Outcome outcome = negotiation.ReadOffer(offer);
  return outcome == Outcome::kAgreed ? negotiation.body() : "";
}
// What was agreed when this answers our offer.
std::optional<rtp::Stream> Agreed(std::string_view answer, LocalMedia local = Local()) {
  Negotiation negotiation(local, 42);
  negotiation.MakeOffer();
  EXPECT_EQ(negotiation.ReadAnswer(answer), Outcome::kAgreed);
  return negotiation.stream();
}

TEST(Offer, HasTheWholeForm) {
  SANSIP_SHOWS("3264-5-1", "3264-5-4", "3264-5-6", "3264-5-8", "3264-5.1-17", "3264-5.1-19", "3264-5.1-21",
               "4733-2.4.1-1", "4733-2.5.1.1-1", "4733-2.5.2.1-1", "8866-5-5", "8866-5.3-2", "8866-5.3-3",
               "8866-5.14-10", "4566-5.3-1", "4566-5.14-1", "8866-5.2-2", "3551-3-1", "3551-6-6",
               "8866-8.2.3-7", "8866-6.1-1", "8866-6.2-1", "8866-5.12-1", "4566-5-2", "8866-6.6-6");
  Negotiation negotiation(Local(), 42);
  EXPECT_EQ(negotiation.MakeOffer(),
            "v=0\r\no=- 42 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
            "m=audio 4000 RTP/AVP 0 8 101\r\n"
            "a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 "
            "0-15\r\n"
            "a=ptime:20\r\na=sendrecv\r\n");
  ExpectStrictlyValid(negotiation.body());
}

TEST(Offer, SaysWhatIsConfigured) {
  SANSIP_SHOWS("3264-5.1-1", "3264-5.1-2", "3264-5.1-3", "3605-2.1-2", "8866-5.14-3", "8866-5.2-1",
               "3264-5.1-12", "3264-5.1-13", "3264-5.1-14", "8866-5-16");
  LocalMedia local = Local("2001:db8::1", 4001);
  local.rtcp_port = 6000;
  local.codecs = {Codec::kPcma};
  local.telephone_event = false;
  local.ptime_ms = 30;
  for (std::size_t i = 0; i < 4; ++i) {
    local.direction = kDirections[i];
    local.username = i == 0 ? "a b" : i == 1 ? "b\xC3\xBC" : i == 2 ? "a\r\nb=x" : "";
    Negotiation negotiation(local, ~std::uint64_t{0});
    const std::string& offer = negotiation.MakeOffer();
    EXPECT_TRUE(Has(offer, "a=" + std::string(kDirectionNames[i])));
    EXPECT_TRUE(Has(offer, "o=- 4611686018427387903 1 IN IP6 2001:db8::1"));
    EXPECT_TRUE(Has(offer, "c=IN IP6 2001:db8::1"));
    EXPECT_TRUE(Has(offer, "m=audio 4001 RTP/AVP 8"));
    EXPECT_TRUE(Has(offer, "a=rtcp:6000"));
    EXPECT_TRUE(Has(offer, "a=ptime:30"));
    ExpectStrictlyValid(offer);
  }
}

TEST(Offer, SameBodySameVersionAndOneMoreOnChange) {
  SANSIP_SHOWS("3264-8-6", "3264-8-7", "3264-8-8", "3264-5-4", "8866-5.2-4", "3264-8-2", "3261-14.1-3");
  Negotiation negotiation(Local(), 42);
  const std::string first = negotiation.MakeOffer();
  ASSERT_EQ(negotiation.ReadAnswer(Remote(Audio(""))), Outcome::kAgreed);
  EXPECT_EQ(negotiation.MakeOffer(), first);
  ASSERT_EQ(negotiation.ReadAnswer(Remote(Audio(""))), Outcome::kUnchanged);
  negotiation.local().direction = Direction::kSendOnly;
  negotiation.local().username = "mallory";
  negotiation.local().rtp = *ParseIp("192.0.2.77", 4000);
  const std::string held = negotiation.MakeOffer();
  EXPECT_TRUE(Has(held, "o=- 42 2 IN IP4 192.0.2.1"));  // all but the version stays
  EXPECT_TRUE(Has(held, "c=IN IP4 192.0.2.77"));
  EXPECT_EQ(negotiation.MakeOffer(), held);
  negotiation.local().direction = Direction::kSendRecv;
  EXPECT_EQ(VersionOf(negotiation.MakeOffer()), "3");
}

TEST(Offer, RefusedLeavesAllAsItWas) {
  SANSIP_SHOWS("3264-4-2", "3264-4-3");
  Negotiation negotiation(Local(), 42);
  negotiation.MakeOffer();
  ASSERT_EQ(negotiation.ReadAnswer(Remote(Audio(""))), Outcome::kAgreed);
  const rtp::Stream before = *negotiation.stream();
  negotiation.local().direction = Direction::kInactive;
  negotiation.MakeOffer();
  negotiation.OfferRefused();
  EXPECT_EQ(negotiation.stream(), before);
  EXPECT_EQ(negotiation.ReadAnswer(Remote(Audio(""))), Outcome::kNotExpected);
  negotiation.local().direction = Direction::kSendRecv;
  EXPECT_EQ(VersionOf(negotiation.MakeOffer()), "3");  // never an old version for another body
}

// RFC 3261 14.1, 14.2: also where the peer asks for it by an INVITE without one.
TEST(Offer, OfASessionIsTheWholeSessionAndAllThatWeCanDo) {
  SANSIP_SHOWS("3261-14.1-2", "3261-14.2-9", "3261-14.2-10", "3261-14.2-11");
  Negotiation negotiation(Local(), 42);
  const std::string peers = Remote("m=video 5006 RTP/AVP 31 32\r\nm=audio 5004 RTP/AVP 8\r\n");
  ASSERT_EQ(negotiation.ReadOffer(peers), Outcome::kAgreed);
  EXPECT_TRUE(Has(negotiation.body(), "m=audio 4000 RTP/AVP 8"));
  EXPECT_EQ(VersionOf(negotiation.body()), "1");
  const std::string offer = negotiation.MakeOffer();
  EXPECT_NE(offer.find("m=video 0 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 0 8 101\r\n"), std::string::npos);
  EXPECT_EQ(VersionOf(offer), "2");
  EXPECT_EQ(negotiation.MakeOffer(), offer);
  ExpectStrictlyValid(offer);
  // RFC 3264 8.2: the refused one may stay with another of its formats.
  SANSIP_SHOWS("3264-8.2-6");
  ASSERT_EQ(negotiation.ReadAnswer(Remote("m=video 0 RTP/AVP 32\r\nm=audio 5004 RTP/AVP 0\r\n", 2)),
            Outcome::kAgreed);
  EXPECT_EQ(negotiation.stream()->send.codec, Codec::kPcmu);
}

TEST(Offer, NeverHoldsByTheUnspecifiedAddress) {
  SANSIP_SHOWS("3264-8.4-4");
  for (const Direction direction : {Direction::kSendRecv, Direction::kSendOnly, Direction::kInactive}) {
    LocalMedia local = Local();
    local.direction = direction;
    const std::string offer = Negotiation(local, 42).MakeOffer();
    EXPECT_EQ(offer.find("0.0.0.0"), std::string::npos);
    EXPECT_TRUE(Has(offer, "c=IN IP4 192.0.2.1"));
  }
}

TEST(Offer, ReceivesBeforeItsAnswer) {
  SANSIP_SHOWS("3264-5.1-28");
  Negotiation negotiation(Local(), 42);
  EXPECT_EQ(negotiation.OfferedStream().direction, Direction::kInactive);
  negotiation.MakeOffer();
  const rtp::Stream stream = negotiation.OfferedStream();
  EXPECT_EQ(stream.direction, Direction::kRecvOnly);
  EXPECT_EQ(stream.remote_rtp.family, SocketAddress::Family::kNone);
  EXPECT_FALSE(stream.sends_rtcp);
  EXPECT_EQ(stream.receive.CodecOf(8), Codec::kPcma);
  EXPECT_EQ(stream.receive_event_type, 101);
  negotiation.local().direction = Direction::kSendOnly;
  negotiation.MakeOffer();
  EXPECT_EQ(negotiation.OfferedStream().direction, Direction::kInactive);
}

TEST(Answer, KeepsEverySlotInItsPlace) {
  SANSIP_SHOWS("3261-13.2.1-15", "3264-6-3", "3264-6-4", "3264-6-5", "3264-6-9", "3264-6-10", "3264-6.1-2",
               "3264-6.1-35", "3264-5-9", "8866-5.14-15", "3551-6-4");
  for (int before = 0; before < 10; ++before) {
    for (int after = 0; after < 10; ++after) {
      std::string media;
      for (int i = 0; i < before; ++i) media += "m=video 6000 RTP/AVP 31\r\n";
      media += Audio("");
      for (int i = 0; i < after; ++i) media += "m=foo 1 BAR/BAZ x y\r\n";
      const std::string answer = Answer(Remote(media));
      ExpectStrictlyValid(answer);
      Description d;
      ASSERT_TRUE(Parse(d, answer).ok());
      ASSERT_EQ(d.media_count(), static_cast<std::size_t>(before + 1 + after));
      for (int i = 0; i < before; ++i) EXPECT_EQ(d.media(i).media(), "video");
      for (int i = 0; i < before; ++i) EXPECT_EQ(d.media(i).port(), 0);
      EXPECT_EQ(d.media(before).media(), "audio");
      EXPECT_EQ(d.media(before).port(), 4000);
      for (int i = 0; i < after; ++i) EXPECT_EQ(d.media(before + 1 + i).proto(), "BAR/BAZ");
      for (int i = 0; i < after; ++i) EXPECT_EQ(d.media(before + 1 + i).port(), 0);
    }
  }
  Negotiation none(Local(), 42);
  ASSERT_EQ(none.ReadOffer(Remote("")), Outcome::kAgreed);
  EXPECT_FALSE(none.stream());
  Description d;
  ASSERT_TRUE(Parse(d, none.body(), Policy::Strict()).ok());
  EXPECT_EQ(d.media_count(), 0u);
}

TEST(Answer, SecondAudioIsRefused) {
  SANSIP_SHOWS("8866-5.14-7", "3264-5.1-24");
  const std::string answer = Answer(Remote(Audio("") + Audio("")));
  Description d;
  ASSERT_TRUE(Parse(d, answer).ok());
  EXPECT_EQ(d.media(0).port(), 4000);
  EXPECT_EQ(d.media(1).port(), 0);
}

TEST(Answer, HasTheOfferersNumbersAndOrder) {
  SANSIP_SHOWS("3264-6.1-15", "3264-6.1-20", "3264-6.1-21", "3264-6.1-22", "3264-6.1-23", "3264-6.1-26",
               "3264-6.1-27", "3264-6.1-45", "3264-6.1-46", "3264-5.1-20", "8866-5.14-9", "4733-2.5.1.1-4",
               "3551-6-5", "3264-8.3.2-6");
  Negotiation negotiation(Local(), 42);
  const std::string offer = Remote(
      "m=audio 5004 RTP/AVP 18 8 97 0 96\r\na=rtpmap:97 pcmu/8000/1\r\na=rtpmap:96 telephone-event/8000\r\n"
      "a=fmtp:96 0-11,16\r\n");
  ASSERT_EQ(negotiation.ReadOffer(offer), Outcome::kAgreed);
  EXPECT_TRUE(Has(negotiation.body(), "m=audio 4000 RTP/AVP 8 97 0 96"));
  EXPECT_TRUE(Has(negotiation.body(), "a=rtpmap:8 PCMA/8000"));
  EXPECT_TRUE(Has(negotiation.body(), "a=rtpmap:97 PCMU/8000"));
  EXPECT_TRUE(Has(negotiation.body(), "a=rtpmap:96 telephone-event/8000"));
  const rtp::Stream& stream = *negotiation.stream();
  EXPECT_EQ(stream.send, (rtp::Format{Codec::kPcma, 8}));
  EXPECT_EQ(stream.receive.size(), 3u);
  EXPECT_EQ(stream.receive.CodecOf(97), Codec::kPcmu);
  EXPECT_FALSE(stream.receive.CodecOf(18));
  EXPECT_EQ(stream.send_event_type, 96);
  EXPECT_EQ(stream.receive_event_type, 96);
  EXPECT_TRUE(stream.send_events[11]);
  EXPECT_TRUE(stream.send_events[16]);
  EXPECT_FALSE(stream.send_events[12]);
}

TEST(Answer, StaticNumbersNeedNoRtpMapButObeyOne) {
  SANSIP_SHOWS("3264-5.1-18", "3551-3-3", "3551-6-1", "3551-6-2", "3551-6-3", "3551-3-4");
  Negotiation plain(Local(), 42);
  ASSERT_EQ(plain.ReadOffer(Remote("m=audio 5004 RTP/AVP 0\r\n")), Outcome::kAgreed);
  EXPECT_EQ(plain.stream()->send.codec, Codec::kPcmu);
  Negotiation bound(Local(), 42);
  ASSERT_EQ(bound.ReadOffer(Remote("m=audio 5004 RTP/AVP 0\r\na=rtpmap:0 PCMA/8000\r\n")), Outcome::kAgreed);
  EXPECT_EQ(bound.stream()->send.codec, Codec::kPcma);
  for (std::string_view formats : {"1", "2", "19", "72", "76", "96", "127", "9"}) {
    EXPECT_EQ(Answer(Remote("m=audio 5004 RTP/AVP " + std::string(formats) + "\r\n")), "") << formats;
  }
}

TEST(Answer, DirectionsByTheMatrix) {
  SANSIP_SHOWS("3264-6.1-3", "3264-6.1-4", "3264-6.1-6", "3264-6.1-7", "3264-6.1-8", "3264-6.1-9",
               "3264-6.1-10", "3264-3-1", "3264-6.1-12", "3264-6.1-14", "3264-6.1-17", "3264-6.1-19");
  for (std::size_t offered = 0; offered < 4; ++offered) {
    for (std::size_t wish = 0; wish < 4; ++wish) {
      LocalMedia local = Local();
      local.direction = kDirections[wish];
      Negotiation negotiation(local, 42);
      ASSERT_EQ(negotiation.ReadOffer(Remote(Audio("a=" + std::string(kDirectionNames[offered]) + "\r\n"))),
                Outcome::kAgreed);
      const bool sends = (offered == 0 || offered == 2) && (wish == 0 || wish == 1);
      const bool receives = (offered == 0 || offered == 1) && (wish == 0 || wish == 2);
      const std::size_t expected = sends ? (receives ? 0 : 1) : receives ? 2 : 3;
      EXPECT_TRUE(Has(negotiation.body(), "a=" + std::string(kDirectionNames[expected])));
      EXPECT_EQ(negotiation.stream()->direction, kDirections[expected]);
      EXPECT_TRUE(Has(negotiation.body(), "m=audio 4000 RTP/AVP 0 8 101"));
    }
  }
}

TEST(Answer, TakesTimesAndGivesItsOwnOrigin) {
  SANSIP_SHOWS("3264-6-1", "3264-6-2", "3264-6-6", "8866-5.2-11", "8866-4.1-1");
  std::string offer = Remote(Audio(""));
  offer.replace(offer.find("t=0 0"), 5, "t=2873397496 2873404696");
  const std::string answer = Answer(offer);
  EXPECT_TRUE(Has(answer, "t=2873397496 2873404696"));
  EXPECT_TRUE(Has(answer, "o=- 42 1 IN IP4 192.0.2.1"));
}

TEST(Answer, KeyIsNeverEchoed) {
  SANSIP_SHOWS("8866-5.12-2", "4566-5.12-2", "4566-5.12-4", "4566-5.12-5", "4566-5.12-6", "4566-5.12-7",
               "4566-7-1");
  const std::string answer = Answer(Remote(Audio(""), 1, "k=clear:secret\r\n"));
  EXPECT_EQ(answer.find("k="), std::string::npos);
  EXPECT_NE(answer, "");
}

TEST(Answer, UnsupportedIsSaid) {
  SANSIP_SHOWS("3264-6.1-36", "8866-5.7-3", "8866-5.7-4");
  for (const std::string& media :
       {std::string("m=video 6000 RTP/AVP 31\r\n"), std::string("m=audio 6000 RTP/AVP 18 9\r\n"),
        std::string("m=audio 6000 RTP/SAVP 0\r\n"),
        std::string("m=audio 6000 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000\r\n"),
        std::string("m=audio 6000 RTP/AVP 0\r\nc=IN IP4 224.2.1.1/127\r\n"),
        std::string("m=audio 6000 RTP/AVP 0\r\nc=IN IP4 host.example\r\n"),
        std::string("m=audio 6000 RTP/AVP 0\r\nc=ATM NSAP 47\r\n"),
        std::string("m=audio 6000 RTP/AVP 0\r\na=rtpmap:0 PCMU/16000\r\n")}) {
    Negotiation negotiation(Local(), 42);
    EXPECT_EQ(negotiation.ReadOffer(Remote(media)), Outcome::kUnsupported) << media;
    EXPECT_FALSE(negotiation.stream());
    EXPECT_EQ(negotiation.version(), 0u);
  }
  Negotiation negotiation(Local(), 42);
  EXPECT_EQ(negotiation.ReadOffer("v=1\r\n"), Outcome::kMalformed);
  EXPECT_EQ(negotiation.error().rule, Rule::kVersion);
}

TEST(Answer, RemovedStreamsStayRemoved) {
  SANSIP_SHOWS("3264-5.1-10", "3264-8.2-2", "3264-8.2-3", "3264-8.2-4", "3264-8.1-2", "3264-8-18");
  Negotiation negotiation(Local(), 42);
  ASSERT_EQ(negotiation.ReadOffer(Remote(Audio("") + "m=video 6000 RTP/AVP 31\r\n")), Outcome::kAgreed);
  ASSERT_TRUE(negotiation.stream());
  EXPECT_EQ(negotiation.ReadOffer(Remote(Audio(""), 2)), Outcome::kUnsupported);  // fewer m= lines
  EXPECT_TRUE(negotiation.stream());
  ASSERT_EQ(negotiation.ReadOffer(Remote("m=audio 0 RTP/AVP 0\r\nm=video 0 RTP/AVP 31\r\n", 3)),
            Outcome::kAgreed);
  EXPECT_FALSE(negotiation.stream());
  EXPECT_TRUE(Has(negotiation.body(), "m=audio 0 RTP/AVP 0"));
  ASSERT_EQ(negotiation.ReadOffer(Remote("m=audio 0 RTP/AVP 0\r\n" + Audio(""), 4)), Outcome::kAgreed);
  EXPECT_TRUE(negotiation.stream());
  EXPECT_TRUE(Has(negotiation.body(), "m=audio 4000 RTP/AVP 0 8 101"));
}

TEST(Answer, RefreshChangesNothing) {
  SANSIP_SHOWS("3264-8-9", "3264-8-10", "3264-8-11", "3264-8-13");
  Negotiation negotiation(Local(), 42);
  ASSERT_EQ(negotiation.ReadOffer(Remote(Audio(""))), Outcome::kAgreed);
  const std::string first = negotiation.body();
  EXPECT_EQ(negotiation.ReadOffer(Remote(Audio(""))), Outcome::kUnchanged);
  EXPECT_EQ(negotiation.body(), first);
  EXPECT_EQ(negotiation.ReadOffer(Remote(Audio("a=sendonly\r\n"), 6)), Outcome::kAgreed);
  EXPECT_EQ(VersionOf(negotiation.body()), "2");
}

TEST(Stream, AddressesOfThePeer) {
  SANSIP_SHOWS("3264-5.1-8", "3264-6.1-18", "3605-2.1-3", "8866-5.14-1", "8866-5.14-4", "8866-5.14-5",
               "8866-5.7-2", "4961-3-3", "3550-11-7", "3551-8-3");
  const auto remote = [](std::string_view media) {
    Description d;
    EXPECT_TRUE(Parse(d, Remote(media)).ok());
    const RemoteMedia r = *ReadRemoteMedia(d, d.media(0), {Codec::kPcmu, Codec::kPcma});
    return std::tuple(r.rtp, r.rtcp, r.takes_rtcp);
  };
  const auto at = [](std::string_view ip, std::uint16_t port) { return *ParseIp(ip, port); };
  EXPECT_EQ(remote("m=audio 5004 RTP/AVP 0\r\n"),
            std::tuple(at("198.51.100.9", 5004), at("198.51.100.9", 5005), true));
  EXPECT_EQ(remote("m=audio 5005 RTP/AVP 0\r\na=rtcp:6000\r\n"),
            std::tuple(at("198.51.100.9", 5005), at("198.51.100.9", 6000), true));
  EXPECT_EQ(remote("m=audio 5005 RTP/AVP 0\r\nc=IN IP6 2001:db8::7\r\na=rtcp:53020 IN IP4 126.16.64.4\r\n"),
            std::tuple(at("2001:db8::7", 5005), at("126.16.64.4", 53020), true));
  EXPECT_FALSE(std::get<2>(remote("m=audio 65535 RTP/AVP 0\r\n")));
}

TEST(Stream, HoldOfOldAndZeroBandwidthStopAllSending) {
  SANSIP_SHOWS("3264-8.4-5", "3264-5.1-22");
  for (std::string_view more : {"c=IN IP4 0.0.0.0\r\n", "b=AS:0\r\n"}) {
    Negotiation negotiation(Local(), 42);
    ASSERT_EQ(negotiation.ReadOffer(Remote("m=audio 5004 RTP/AVP 0\r\n" + std::string(more))),
              Outcome::kAgreed);
    EXPECT_EQ(negotiation.stream()->remote_rtp.family, SocketAddress::Family::kNone);
    EXPECT_FALSE(negotiation.stream()->sends_rtcp);
    EXPECT_TRUE(Receives(negotiation.stream()->direction));
    EXPECT_TRUE(Has(negotiation.body(), "m=audio 4000 RTP/AVP 0"));
  }
  Negotiation negotiation(Local(), 42);
  ASSERT_EQ(negotiation.ReadOffer(Remote("m=audio 5004 RTP/AVP 0\r\nb=RS:0\r\nb=RR:0\r\n")),
            Outcome::kAgreed);
  EXPECT_FALSE(negotiation.stream()->sends_rtcp);
  EXPECT_EQ(negotiation.stream()->remote_rtp.port, 5004);
}

TEST(Stream, PacketTimeOfThePeer) {
  SANSIP_SHOWS("3264-6.1-33", "3264-6.1-42", "3264-7-4", "8866-6.5-1", "3264-8.3.4-2");
  EXPECT_EQ(Agreed(Remote(Audio("")))->send_ptime_ms, 20);
  EXPECT_EQ(Agreed(Remote(Audio("a=ptime:40\r\n")))->send_ptime_ms, 40);
  EXPECT_EQ(Agreed(Remote(Audio("a=ptime:40\r\na=maxptime:30\r\n")))->send_ptime_ms, 30);
  Negotiation offered(Local(), 42);
  ASSERT_EQ(offered.ReadOffer(Remote(Audio("a=ptime:30\r\n"))), Outcome::kAgreed);
  EXPECT_EQ(offered.stream()->send_ptime_ms, 30);
  EXPECT_EQ(Agreed(Remote(Audio("a=ptime:0\r\n")))->send_ptime_ms, 20);
  EXPECT_EQ(Agreed(Remote(Audio("a=ptime:1\r\n")))->send_ptime_ms, rtp::kPtimeMsMin);
  EXPECT_EQ(Agreed(Remote(Audio("a=ptime:200\r\n")))->send_ptime_ms, rtp::kPtimeMsMax);
}

TEST(ReadAnswer, SendsTheAnswersFirstFormatWithItsNumber) {
  SANSIP_SHOWS("3264-7-2", "3264-7-3", "3264-6.1-24", "3264-6.1-25", "3264-5.1-15", "3264-6.1-13",
               "3264-6.1-16", "3264-6.1-29", "3264-6.1-31", "3264-8.3.2-12", "4566-5.14-1");
  const rtp::Stream swapped = *Agreed(Remote(Audio("", "8 0 101")));
  EXPECT_EQ(swapped.send, (rtp::Format{Codec::kPcma, 8}));
  EXPECT_EQ(swapped.receive.CodecOf(0), Codec::kPcmu);
  EXPECT_EQ(swapped.receive.CodecOf(8), Codec::kPcma);
  const rtp::Stream renumbered =
      *Agreed(Remote("m=audio 5004 RTP/AVP 99 18 97\r\na=rtpmap:99 PCMA/8000\r\na=rtpmap:97 "
                     "telephone-event/8000\r\na=fmtp:97 0-9\r\n"));
  EXPECT_EQ(renumbered.send, (rtp::Format{Codec::kPcma, 99}));
  EXPECT_EQ(renumbered.receive.CodecOf(8), Codec::kPcma);
  EXPECT_EQ(renumbered.send_event_type, 97);
  EXPECT_EQ(renumbered.receive_event_type, 101);
  EXPECT_FALSE(renumbered.send_events[10]);
  const rtp::Stream without = *Agreed(Remote("m=audio 5004 RTP/AVP 0\r\n"));
  EXPECT_FALSE(without.send_event_type);
}

TEST(ReadAnswer, DirectionIsNeverWidened) {
  SANSIP_SHOWS("3264-6.1-5", "3264-6.1-11");
  for (std::size_t offered = 0; offered < 4; ++offered) {
    for (std::size_t answered = 0; answered < 4; ++answered) {
      LocalMedia local = Local();
      local.direction = kDirections[offered];
      const auto stream =
          Agreed(Remote(Audio("a=" + std::string(kDirectionNames[answered]) + "\r\n")), local);
      EXPECT_EQ(Sends(stream->direction), Sends(kDirections[offered]) && Receives(kDirections[answered]));
      EXPECT_EQ(Receives(stream->direction), Receives(kDirections[offered]) && Sends(kDirections[answered]));
    }
  }
}

TEST(ReadAnswer, WrongOnesAreSaid) {
  SANSIP_SHOWS("3264-6-7", "3264-8.2-5");
  for (const std::string& media :
       {Audio("") + Audio(""), std::string(), std::string("m=video 5004 RTP/AVP 31\r\n"),
        std::string("m=audio 5004 RTP/AVP 18\r\n"), std::string("m=audio 5004 RTP/SAVP 0\r\n")}) {
    Negotiation negotiation(Local(), 42);
    negotiation.MakeOffer();
    EXPECT_EQ(negotiation.ReadAnswer(Remote(media)), Outcome::kUnsupported) << media;
    EXPECT_FALSE(negotiation.stream());
  }
  Negotiation negotiation(Local(), 42);
  EXPECT_EQ(negotiation.ReadAnswer(Remote(Audio(""))), Outcome::kNotExpected);
  negotiation.MakeOffer();
  EXPECT_EQ(negotiation.ReadAnswer("junk"), Outcome::kMalformed);
  negotiation.MakeOffer();
  EXPECT_EQ(negotiation.ReadAnswer(Remote("m=audio 0 RTP/AVP 0\r\n")), Outcome::kAgreed);
  EXPECT_FALSE(negotiation.stream());
}

// RFC 3264 10.1, with addresses for the names.
TEST(Example, BasicExchange) {
  SANSIP_SHOWS("3264-10-1", "3264-10-2", "3264-10-3", "3264-8-14", "3264-8-15", "3264-8-17", "3264-8.1-1",
               "3264-4-4");
  const std::string alice =
      "v=0\r\no=alice 2890844526 2890844526 IN IP4 192.0.2.10\r\ns=\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\n"
      "m=audio 49170 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\nm=video 51372 RTP/AVP 31\r\na=rtpmap:31 "
      "H261/90000\r\n"
      "m=video 53000 RTP/AVP 32\r\na=rtpmap:32 MPV/90000\r\n";
  LocalMedia local = Local("192.0.2.20", 49920);
  local.username = "bob";
  Negotiation bob(local, 2890844730);
  ASSERT_EQ(bob.ReadOffer(alice), Outcome::kAgreed);
  EXPECT_EQ(bob.body(),
            "v=0\r\no=bob 2890844730 1 IN IP4 192.0.2.20\r\ns=-\r\nc=IN IP4 192.0.2.20\r\nt=0 0\r\n"
            "m=audio 49920 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=ptime:20\r\na=sendrecv\r\n"
            "m=video 0 RTP/AVP 31\r\nm=video 0 RTP/AVP 32\r\n");
  // Bob moves his audio; the refused slots stay where they are.
  bob.local().rtp.port = 65422;
  const std::string offer = bob.MakeOffer();
  EXPECT_TRUE(Has(offer, "o=bob 2890844730 2 IN IP4 192.0.2.20"));
  EXPECT_TRUE(Has(offer, "m=video 0 RTP/AVP 31"));
  Description d;
  ASSERT_TRUE(Parse(d, offer, Policy::Strict()).ok());
  ASSERT_EQ(d.media_count(), 3u);
  EXPECT_EQ(d.media(0).port(), 65422);
  // Alice takes it, with video still refused and a stream of events appended to her next offer.
  std::string more =
      alice + "m=audio 51434 RTP/AVP 110\r\na=rtpmap:110 telephone-events/8000\r\na=recvonly\r\n";
  bob.OfferRefused();
  ASSERT_NE(bob.ReadOffer(more), Outcome::kUnsupported);
  ASSERT_TRUE(Parse(d, bob.body(), Policy::Strict()).ok());
  ASSERT_EQ(d.media_count(), 4u);
  EXPECT_EQ(d.media(3).port(), 0);
}

// RFC 3264 10.2, with PCMA for G.723.
TEST(Example, OneOfNCodecSelection) {
  SANSIP_SHOWS("3264-10-4", "3264-8.3.2-1", "3264-8.3.2-3", "3264-8.3.2-7", "3264-8.3.2-9");
  Negotiation bob(Local("192.0.2.20", 54344), 2890844730);
  ASSERT_EQ(
      bob.ReadOffer(Remote("m=audio 62986 RTP/AVP 0 8 18\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
                           "a=rtpmap:18 G729/8000\r\na=inactive\r\n")),
      Outcome::kAgreed);
  EXPECT_TRUE(Has(bob.body(), "m=audio 54344 RTP/AVP 0 8"));
  EXPECT_TRUE(Has(bob.body(), "a=inactive"));
  ASSERT_EQ(bob.ReadOffer(Remote("m=audio 62986 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=sendrecv\r\n", 2)),
            Outcome::kAgreed);
  EXPECT_TRUE(Has(bob.body(), "m=audio 54344 RTP/AVP 8"));
  EXPECT_TRUE(Has(bob.body(), "a=sendrecv"));
  EXPECT_EQ(VersionOf(bob.body()), "2");
  EXPECT_EQ(bob.stream()->send, (rtp::Format{Codec::kPcma, 8}));
  EXPECT_FALSE(bob.stream()->receive.CodecOf(0));
}

TEST(Hold, BothWaysAndBack) {
  SANSIP_SHOWS("3264-8.4-1", "3264-8.4-2", "3264-8.4-3");
  Negotiation a(Local("192.0.2.1", 4000), 1), b(Local("192.0.2.2", 5000), 2);
  const auto exchange = [](Negotiation& from, Negotiation& to) {
    const Outcome read = to.ReadOffer(from.MakeOffer());
    EXPECT_TRUE(read == Outcome::kAgreed || read == Outcome::kUnchanged);
    const Outcome answered = from.ReadAnswer(to.body());
    EXPECT_TRUE(answered == Outcome::kAgreed || answered == Outcome::kUnchanged);
    EXPECT_EQ(from.stream()->direction, rtp::Mirrored(to.stream()->direction));
  };
  exchange(a, b);
  EXPECT_EQ(a.stream()->direction, Direction::kSendRecv);
  a.local().direction = Direction::kSendOnly;  // A holds
  exchange(a, b);
  EXPECT_EQ(a.stream()->direction, Direction::kSendOnly);
  EXPECT_TRUE(Has(a.body(), "a=sendonly"));
  EXPECT_TRUE(Has(b.body(), "a=recvonly"));
  b.local().direction = Direction::kSendOnly;  // B holds as well
  exchange(b, a);
  EXPECT_TRUE(Has(b.body(), "a=inactive"));
  EXPECT_EQ(b.stream()->direction, Direction::kInactive);
  a.local().direction = Direction::kSendRecv;  // A resumes; B still holds
  exchange(a, b);
  EXPECT_EQ(a.stream()->direction, Direction::kRecvOnly);
  b.local().direction = Direction::kSendRecv;  // B resumes
  exchange(b, a);
  EXPECT_EQ(b.stream()->direction, Direction::kSendRecv);
}

TEST(PayloadNumbers, KeepTheirMeaning) {
  SANSIP_SHOWS("3264-8.3.2-4", "3264-8.3.2-5");
  Negotiation taken(Local(), 42);
  ASSERT_EQ(taken.ReadOffer(Remote("m=audio 5004 RTP/AVP 0 101\r\na=rtpmap:101 opus/48000/2\r\n")),
            Outcome::kAgreed);
  EXPECT_TRUE(Has(taken.MakeOffer(), "m=audio 4000 RTP/AVP 0 8 96"));
  EXPECT_TRUE(Has(taken.body(), "a=rtpmap:96 telephone-event/8000"));
  Negotiation learned(Local(), 42);
  ASSERT_EQ(learned.ReadOffer(Remote("m=audio 5004 RTP/AVP 0 96\r\na=rtpmap:96 telephone-event/8000\r\n")),
            Outcome::kAgreed);
  EXPECT_TRUE(Has(learned.MakeOffer(), "m=audio 4000 RTP/AVP 0 8 96"));
}

TEST(Events, Lists) {
  SANSIP_SHOWS("4733-2.4-1", "4733-2.5.1.1-3");
  rtp::EventSet expected = rtp::DtmfEvents();
  expected.set(66).set(70);
  EXPECT_EQ(ParseEvents("66,70,0-15"), expected);
  for (std::string_view bad :
       {"", "a", "0-", "-1", "5-3", "0,,1", "256", "0-256", "0-15,", "0 - 15", "1-2-3"}) {
    EXPECT_FALSE(ParseEvents(bad)) << bad;
  }
  EXPECT_EQ(Agreed(Remote(Audio("")))->send_events, rtp::DtmfEvents());
  EXPECT_EQ(Agreed(Remote(Audio("a=fmtp:101 x\r\n")))->send_events, rtp::DtmfEvents());
}

// Both go on alike, whoever offered.
void ExpectResumed(Negotiation& first, std::string_view remote) {
  Negotiation again(Local(), 7);
  ASSERT_EQ(again.Resume(first.body(), remote), Outcome::kAgreed);
  EXPECT_EQ(again.stream(), first.stream());
  EXPECT_EQ(again.body(), first.body());
  EXPECT_EQ(again.MakeOffer(), first.MakeOffer());
  again.local().direction = first.local().direction = Direction::kSendOnly;
  EXPECT_EQ(again.MakeOffer(), first.MakeOffer());
}

TEST(Resume, GoesOnAsTheOneThatAgreed) {
  for (const std::string& remote : {Remote(Audio("")), Remote(Audio("a=sendonly\r\n")),
                                    Remote(Audio("a=inactive\r\n", "8")), Remote(Audio("", "0"))}) {
    Negotiation caller(Local(), 42);
    caller.MakeOffer();
    ASSERT_EQ(caller.ReadAnswer(remote), Outcome::kAgreed);
    ExpectResumed(caller, remote);
    Negotiation callee(Local(), 42);
    ASSERT_EQ(callee.ReadOffer(remote), Outcome::kAgreed);
    ExpectResumed(callee, remote);
  }
  const std::string two = Remote("m=video 6000 RTP/AVP 34\r\n" + Audio("", "8 0"));
  Negotiation callee(Local(), 42);
  ASSERT_EQ(callee.ReadOffer(two), Outcome::kAgreed);
  ExpectResumed(callee, two);
  EXPECT_EQ(ReceivesAt(callee.body()), Local().rtp);
}

TEST(Resume, RefusesWhatCannotBe) {
  const std::string remote = Remote(Audio(""));
  const auto resume = [](std::string_view ours, std::string_view theirs) {
    return Negotiation(Local(), 7).Resume(ours, theirs);
  };
  EXPECT_EQ(resume(Answer(remote), "v=0"), Outcome::kMalformed);
  EXPECT_EQ(resume("", remote), Outcome::kUnsupported);
  EXPECT_EQ(resume(Answer(remote), Remote("")), Outcome::kUnsupported);
  EXPECT_EQ(resume(Answer(remote), Remote("m=audio 5004 RTP/AVP 18\r\n")), Outcome::kUnsupported);
  EXPECT_EQ(ReceivesAt("nonsense"), std::nullopt);
  EXPECT_EQ(ReceivesAt(Remote("m=audio 0 RTP/AVP 0\r\n")), std::nullopt);
}

TEST(Capabilities, OpenNothing) {
  SANSIP_SHOWS("3264-9-1", "3264-9-3", "3264-9-4", "3264-9-5", "3264-9-6", "3264-9-7", "3264-9-8");
  const std::string body = Capabilities(Local(), 7);
  ExpectStrictlyValid(body);
  EXPECT_TRUE(Has(body, "m=audio 0 RTP/AVP 0 8 101"));
  EXPECT_TRUE(Has(body, "a=rtpmap:101 telephone-event/8000"));
  EXPECT_TRUE(Has(body, "t=0 0"));
  EXPECT_NE(body, Capabilities(Local(), 8));
}

// RFC 3264 8: what a later offer or answer may change.
TEST(Modified, AnswersOfOffersThatChangeNothing) {
  Negotiation negotiation(Local(), 42);
  negotiation.MakeOffer();
  ASSERT_EQ(negotiation.ReadAnswer(Remote(Audio(""))), Outcome::kAgreed);
  const std::string offer = negotiation.MakeOffer();
  ASSERT_EQ(negotiation.ReadAnswer(Remote(Audio(""))), Outcome::kUnchanged);
  EXPECT_EQ(negotiation.MakeOffer(), offer);
  ASSERT_EQ(negotiation.ReadAnswer(Remote("m=audio 7000 RTP/AVP 8\r\na=ptime:40\r\n", 2)), Outcome::kAgreed);
  EXPECT_EQ(negotiation.stream()->remote_rtp, *ParseIp("198.51.100.9", 7000));
  EXPECT_EQ(negotiation.stream()->send, (rtp::Format{Codec::kPcma, 8}));
  SANSIP_SHOWS("3264-8-1", "3264-8-4", "3264-8-5", "3264-8-12");
}

TEST(Modified, APortIsAllThatChanges) {
  Negotiation negotiation(Local(), 42);
  std::string before = negotiation.MakeOffer();
  ASSERT_EQ(negotiation.ReadAnswer(Remote(Audio(""))), Outcome::kAgreed);
  negotiation.local().rtp = *ParseIp("192.0.2.1", 4010);
  const std::string after = negotiation.MakeOffer();
  before.replace(before.find("o=- 42 1"), 8, "o=- 42 2");
  before.replace(before.find("m=audio 4000"), 12, "m=audio 4010");
  EXPECT_EQ(after, before);
  ASSERT_EQ(negotiation.ReadAnswer(Remote(Audio(""))), Outcome::kUnchanged);  // the peer keeps its own
  EXPECT_EQ(negotiation.stream()->remote_rtp.port, 5004);
  SANSIP_SHOWS("3264-8.3.1-2", "3264-8.3.1-6");
}

TEST(Modified, ByThePeer) {
  Negotiation negotiation(Local(), 42);
  ASSERT_EQ(negotiation.ReadOffer(Remote("m=audio 5004 RTP/AVP 8\r\n")), Outcome::kAgreed);
  // Address and port: we send there from the answer on.
  ASSERT_EQ(negotiation.ReadOffer(Remote("m=audio 6004 RTP/AVP 8\r\nc=IN IP4 198.51.100.77\r\n", 2)),
            Outcome::kAgreed);
  EXPECT_EQ(negotiation.stream()->remote_rtp, *ParseIp("198.51.100.77", 6004));
  // A format more, the best one from now on; another packet time.
  ASSERT_EQ(negotiation.ReadOffer(Remote("m=audio 6004 RTP/AVP 0 8\r\na=ptime:30\r\n", 3)), Outcome::kAgreed);
  EXPECT_TRUE(Has(negotiation.body(), "m=audio 4000 RTP/AVP 0 8"));
  EXPECT_EQ(negotiation.stream()->send, (rtp::Format{Codec::kPcmu, 0}));
  EXPECT_EQ(negotiation.stream()->send_ptime_ms, 30);
  // Another transport, another medium in its place: refused there, and nothing else moves.
  ASSERT_EQ(negotiation.ReadOffer(Remote("m=audio 6004 RTP/SAVP 0\r\nm=audio 6006 RTP/AVP 0\r\n", 4)),
            Outcome::kAgreed);
  EXPECT_TRUE(Has(negotiation.body(), "m=audio 0 RTP/SAVP 0"));
  EXPECT_EQ(negotiation.stream()->remote_rtp.port, 6006);
  ASSERT_EQ(negotiation.ReadOffer(Remote("m=audio 6004 RTP/AVP 0\r\nm=image 6006 udptl t38\r\n", 5)),
            Outcome::kAgreed);
  EXPECT_TRUE(Has(negotiation.body(), "m=image 0 udptl t38"));
  EXPECT_EQ(negotiation.stream()->remote_rtp.port, 6004);
  SANSIP_SHOWS("3264-8-3", "3264-8-16", "3264-8.3.1-8", "3264-8.3.1-14", "3264-8.3.1-15", "3264-8.3.2-2",
               "3264-8.3.2-8", "3264-8.3.3-1", "3264-8.3.4-1");
}

TEST(Modified, OnlyFormatsOfOfferAndAnswerAreSent) {
  for (const char* formats : {"18 8", "8 18", "9 18 8", "8"}) {
    EXPECT_EQ(Agreed(Remote("m=audio 5004 RTP/AVP " + std::string(formats) + "\r\n"))->send,
              (rtp::Format{Codec::kPcma, 8}))
        << formats;
  }
  SANSIP_SHOWS("3264-6.1-44", "3264-8.3.2-10", "3264-8.3.2-11");
}

// A group is none of ours: its stream is refused, the other one is as ever.
TEST(Answer, MulticastIsRefusedWhereItStands) {
  const std::string answer =
      Answer(Remote("m=audio 5004 RTP/AVP 0\r\nc=IN IP4 233.252.0.1/127\r\nm=audio 5006 RTP/AVP 0\r\n"));
  EXPECT_TRUE(Has(answer, "m=audio 0 RTP/AVP 0"));
  EXPECT_TRUE(Has(answer, "m=audio 4000 RTP/AVP 0"));
  EXPECT_TRUE(Has(answer, "c=IN IP4 192.0.2.1"));
  EXPECT_EQ(Answer(Remote("m=audio 5004 RTP/AVP 0\r\nc=IN IP4 233.252.0.1/127\r\n")), "");
  SANSIP_SHOWS("3264-5-10", "3264-6.1-1");
}

// RFC 3261 13.2.2.4: for an ACK, which cannot say no.
TEST(Answer, OfNothingIsValid) {
  Negotiation negotiation(Local(), 42);
  ASSERT_EQ(negotiation.ReadOffer(Remote(Audio(""))), Outcome::kAgreed);
  const rtp::Stream before = *negotiation.stream();
  const std::string offer = Remote("m=audio 5004 RTP/AVP 18\r\nm=video 5006 RTP/AVP 31 32\r\n", 2);
  ASSERT_EQ(negotiation.ReadOffer(offer), Outcome::kUnsupported);
  const std::string answer = negotiation.RefuseAll(offer);
  EXPECT_NE(answer.find("t=0 0\r\nm=audio 0 RTP/AVP 18\r\nm=video 0 RTP/AVP 31\r\n"), std::string::npos);
  EXPECT_EQ(VersionOf(answer), "2");
  ExpectStrictlyValid(answer);
  EXPECT_EQ(negotiation.stream(), before);
  EXPECT_EQ(negotiation.RefuseAll("v=1\r\n"), "");
}

// RFC 6141 3.1: what can be is done, what cannot has port 0.
TEST(Modified, InPart) {
  SANSIP_SHOWS("6141-3.1-2");
  Negotiation negotiation(Local(), 42);
  ASSERT_EQ(negotiation.ReadOffer(Remote("m=audio 5004 RTP/AVP 0\r\n")), Outcome::kAgreed);
  ASSERT_EQ(negotiation.ReadOffer(
                Remote("m=audio 6004 RTP/AVP 0\r\nc=IN IP4 198.51.100.77\r\nm=video 5006 RTP/AVP 31\r\n", 2)),
            Outcome::kAgreed);
  EXPECT_EQ(negotiation.stream()->remote_rtp, *ParseIp("198.51.100.77", 6004));
  EXPECT_TRUE(Has(negotiation.body(), "m=video 0 RTP/AVP 31"));
}

TEST(ReadAnswer, HasFormatParametersAndBandwidthOfItsOwn) {
  SANSIP_SHOWS("3264-6.1-30", "3264-6.1-34");
  const auto stream = Agreed(Remote(Audio("b=AS:80\r\na=fmtp:101 0-15\r\n")));
  ASSERT_TRUE(stream.has_value());
  EXPECT_EQ(stream->send_events, rtp::DtmfEvents());
  // Kilobits per second with the headers of RTP, UDP and IP (RFC 3550 6.2): 50 packets of 160 octets.
  EXPECT_EQ(stream->send_ptime_ms, 20);
  EXPECT_LE(1000 / stream->send_ptime_ms * (8 * stream->send_ptime_ms + 40) * 8, 80000);
}

// RFC 3264 9: e= and p= are no part of one, though RFC 2327 asked for them.
TEST(Capabilities, OfPeersAreRead) {
  Description d;
  EXPECT_TRUE(Parse(d, "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 0 RTP/AVP 0 8\r\n").ok());
  EXPECT_EQ(d.media_count(), 1u);
  SANSIP_SHOWS("3264-9-2");
}

}  // namespace
}  // namespace sansip::sdp
