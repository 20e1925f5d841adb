// Session descriptions, strict and tolerant, and what offer/answer makes of them.
//
// Oracles: errors lie in the text and have a text of their own; what is right by the strict rules is right by
// the tolerant ones without needing them; a description that can be read can be asked anything; every answer
// is valid by the strict rules, has as many m= as its offer, and the same offer again is answered by the same
// bytes; an offer made afterwards keeps all slots.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sansip/core/base/address.h"
#include "sansip/core/base/check.h"
#include "sansip/rtp/sdp/description.h"
#include "sansip/rtp/sdp/negotiation.h"

namespace sansip::sdp {
namespace {

LocalMedia Local() {
  LocalMedia local;
  local.rtp = *ParseIp("192.0.2.1", 4000);
  return local;
}

void CheckError(const Error& error, std::string_view text) {
  if (error.ok()) return;
  SANSIP_CHECK(error.offset <= text.size());
  SANSIP_CHECK(!RuleText(error.rule).empty() && !RuleClause(error.rule).empty());
}

void AskEverything(const Description& d) {
  std::string times;
  d.AppendTimes(times);
  SANSIP_CHECK(times.substr(0, 2) == "t=");
  for (std::size_t i = 0; i < d.media_count(); ++i) {
    const Section& media = d.media(i);
    for (std::size_t k = 0; media.attribute(k); ++k) SANSIP_CHECK(!media.attribute(k)->name.empty());
    for (int type : {0, 8, 96, 101, 127}) {
      const auto number = static_cast<std::uint8_t>(type);
      if (const auto map = media.rtpmap(number))
        SANSIP_CHECK(map->clock_rate > 0 && map->payload_type == type);
      static_cast<void>(media.fmtp(number));
    }
    if (const auto ptime = media.ptime()) SANSIP_CHECK(*ptime > 0);
    if (const auto rtcp = media.rtcp()) SANSIP_CHECK(rtcp->port != 0);
    static_cast<void>(media.Bandwidth("AS"));
    static_cast<void>(d.ConnectionOf(media));
    static_cast<void>(d.DirectionOf(media));
  }
}

std::size_t MediaCountOf(std::string_view body) {
  Description d;
  Policy policy = Policy::Strict();
  policy.accept_short_time = true;  // RFC 3264 6: t= is the offer's, whatever it is
  SANSIP_CHECK(d.Parse(body, policy).ok());
  return d.media_count();
}

bool IsAgreed(Outcome outcome) { return outcome == Outcome::kAgreed || outcome == Outcome::kUnchanged; }

void Answer(const Description& offer) {
  Negotiation negotiation(Local(), 1);
  if (!IsAgreed(negotiation.ReadOffer(offer.text()))) return;
  const std::string answer = negotiation.body();
  SANSIP_CHECK(MediaCountOf(answer) == offer.media_count());
  SANSIP_CHECK(negotiation.ReadOffer(offer.text()) == Outcome::kUnchanged);
  SANSIP_CHECK(negotiation.body() == answer);
  SANSIP_CHECK(MediaCountOf(negotiation.MakeOffer()) >= offer.media_count());
}

void TakeAsAnswer(std::string_view text) {
  Negotiation negotiation(Local(), 1);
  SANSIP_CHECK(MediaCountOf(negotiation.MakeOffer()) == 1);
  if (!IsAgreed(negotiation.ReadAnswer(text)) || !negotiation.stream()) return;
  const rtp::Stream& stream = *negotiation.stream();
  SANSIP_CHECK(stream.send.payload_type < 128 && !stream.receive.empty());
  SANSIP_CHECK(stream.send_ptime_ms >= rtp::kPtimeMsMin && stream.send_ptime_ms <= rtp::kPtimeMsMax);
}

}  // namespace
}  // namespace sansip::sdp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sansip::sdp;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Description tolerant, strict;
  const Error error = tolerant.Parse(text);
  const Error strict_error = strict.Parse(text, Policy::Strict());
  CheckError(error, text);
  CheckError(strict_error, text);
  if (strict_error.ok()) SANSIP_CHECK(error.ok() && tolerant.tolerated() == 0);
  SANSIP_CHECK(SameSession(text, text) == error.ok());
  if (error.ok()) {
    AskEverything(tolerant);
    Answer(tolerant);
  }
  TakeAsAnswer(text);
  return 0;
}
