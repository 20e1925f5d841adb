// What one packet of audio costs: its header alone, G.711, a session that receives, plays and sends 20 ms;
// and what an offer costs to answer.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "benchmark/benchmark.h"
#include "sansip/core/base/address.h"
#include "sansip/core/base/random.h"
#include "sansip/rtp/codec/codec.h"
#include "sansip/rtp/packet.h"
#include "sansip/rtp/sdp/description.h"
#include "sansip/rtp/sdp/negotiation.h"
#include "sansip/rtp/session.h"

namespace sansip::rtp {
namespace {

constexpr std::size_t kSamples = 160;

class CountingRandom final : public RandomSource {
 public:
  std::uint64_t Next() override { return state_ += 0x9E3779B97F4A7C15; }

 private:
  std::uint64_t state_ = 1;
};

void BM_ParsePacket(benchmark::State& state) {
  std::array<char, kHeaderOctets + kSamples> wire{};
  WriteHeader({false, 0, 1, 160, 0xCAFE}, wire);
  Packet packet;
  for (auto _ : state) {
    benchmark::DoNotOptimize(ParsePacket({wire.data(), wire.size()}, packet));
    benchmark::DoNotOptimize(packet);
  }
}
BENCHMARK(BM_ParsePacket);

void BM_G711(benchmark::State& state) {
  const Codec codec = state.range(0) == 0 ? Codec::kPcmu : Codec::kPcma;
  std::array<std::int16_t, kSamples> samples{};
  std::array<char, kSamples> payload{};
  for (std::size_t i = 0; i < kSamples; ++i) samples[i] = static_cast<std::int16_t>(i * 200);
  for (auto _ : state) {
    Encode(codec, samples, payload);
    Decode(codec, {payload.data(), payload.size()}, samples);
    benchmark::DoNotOptimize(samples);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kSamples));
}
BENCHMARK(BM_G711)->Arg(0)->Arg(1);

// 20 ms of a two-way call at one end.
void BM_SessionTick(benchmark::State& state) {
  CountingRandom random;
  Instant now{};
  Session session(now, NtpTime{}, {.cname = "a@192.0.2.1"}, random);
  SinkOf<SessionAction, Session::kActionsPerEventMax> sink;
  Stream stream;
  stream.remote_rtp = *ParseIp("192.0.2.2", 5004);
  stream.remote_rtcp = *ParseIp("192.0.2.2", 5005);
  stream.receive.push_back({Codec::kPcmu, 0});
  session.Configure(now, stream, sink);
  std::array<char, kHeaderOctets + kSamples> wire{};
  const std::array<std::int16_t, kSamples> frame{};
  std::uint32_t count = 0;
  for (auto _ : state) {
    sink.Clear();
    ++count;
    WriteHeader({false, 0, static_cast<std::uint16_t>(count), count * 160, 0xCAFE}, wire);
    session.OnRtp(now, stream.remote_rtp, {wire.data(), wire.size()}, sink);
    now += std::chrono::milliseconds(20);
    while (session.next_deadline() <= now) {
      sink.Clear();
      session.OnDeadline(now, sink);
      sink.Clear();
      benchmark::DoNotOptimize(session.SendFrame(now, frame, sink));
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_SessionTick);

constexpr std::string_view kOffer =
    "v=0\r\no=- 3724394400 3724394405 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n"
    "m=audio 5004 RTP/AVP 0 8 9 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:9 "
    "G722/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n";

void BM_ParseDescription(benchmark::State& state) {
  sdp::Description description;
  for (auto _ : state) benchmark::DoNotOptimize(description.Parse(kOffer));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kOffer.size()));
}
BENCHMARK(BM_ParseDescription);

void BM_AnswerOffer(benchmark::State& state) {
  sdp::LocalMedia local;
  local.rtp = *ParseIp("192.0.2.1", 4000);
  for (auto _ : state) {
    sdp::Negotiation negotiation(local, 1);
    benchmark::DoNotOptimize(negotiation.ReadOffer(kOffer));
    benchmark::DoNotOptimize(negotiation.body());
  }
}
BENCHMARK(BM_AnswerOffer);

}  // namespace
}  // namespace sansip::rtp
