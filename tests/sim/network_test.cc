#include "sansip/tests/sim/network.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace sansip::sim {
namespace {

using std::chrono::milliseconds;

const SocketAddress kA = *ParseIp("192.0.2.1", 5060);
const SocketAddress kB = *ParseIp("192.0.2.2", 5060);
constexpr Link kAToB{0, 1};

Instant Ms(int count) { return Instant(milliseconds(count)); }

struct Pair {
  explicit Pair(const Faults& faults = {})
      : network(1, faults), a(network.AddEndpoint(kA)), b(network.AddEndpoint(kB)) {}

  // What arrives from now on: "20:text".
  std::vector<std::string> Arrivals() {
    std::vector<std::string> all;
    while (!network.idle()) {
      const Instant at = network.next_deadline();
      const auto arrival = network.TakeArrival(at);
      all.push_back(std::to_string(at.time_since_epoch().count() / 1'000'000) + ":" + arrival->bytes);
    }
    return all;
  }

  Network network;
  EndpointId a, b;
};

using Texts = std::vector<std::string>;

TEST(Network, DeliversAfterTheDelay) {
  Pair pair;
  EXPECT_EQ(pair.network.next_deadline(), kNever);
  const Departure departure = pair.network.SendDatagram(Ms(5), pair.a, kB, "hello");
  EXPECT_EQ(departure.to, pair.b);
  EXPECT_EQ(pair.network.next_deadline(), Ms(25));
  EXPECT_FALSE(pair.network.TakeArrival(Ms(24)));
  const auto arrival = pair.network.TakeArrival(Ms(25));
  ASSERT_TRUE(arrival);
  EXPECT_EQ(arrival->bytes, "hello");
  EXPECT_EQ(arrival->from, pair.a);
  EXPECT_EQ(arrival->to, pair.b);
  EXPECT_TRUE(pair.network.idle());
}

TEST(Network, EqualTimesArriveInTheOrderOfSending) {
  Pair pair;
  for (const char* text : {"1", "2", "3"}) pair.network.SendDatagram(Ms(0), pair.a, kB, text);
  EXPECT_EQ(pair.Arrivals(), (Texts{"20:1", "20:2", "20:3"}));
}

TEST(Network, LosesDuplicatesCorruptsAndReorders) {
  Pair lossy({.loss = 1'000'000});
  EXPECT_TRUE(lossy.network.SendDatagram(Ms(0), lossy.a, kB, "x").fate.lost);
  EXPECT_TRUE(lossy.Arrivals().empty());
  EXPECT_EQ(lossy.network.figures().lost, 1u);

  Pair twice({.duplicate = 1'000'000});
  twice.network.SendDatagram(Ms(0), twice.a, kB, "x");
  EXPECT_EQ(twice.Arrivals().size(), 2u);

  Pair corrupt({.corrupt = 1'000'000});
  corrupt.network.SendDatagram(Ms(0), corrupt.a, kB, "some text");
  const auto arrival = corrupt.network.TakeArrival(Ms(20));
  EXPECT_TRUE(arrival->is_corrupted);
  EXPECT_NE(arrival->bytes, "some text");
  EXPECT_EQ(arrival->bytes.size(), 9u);

  Pair reorder;
  reorder.network.SetFate(kAToB, 0, {.delay = milliseconds(50)});
  reorder.network.SendDatagram(Ms(0), reorder.a, kB, "first");
  reorder.network.SendDatagram(Ms(0), reorder.a, kB, "second");
  EXPECT_EQ(reorder.Arrivals(), (Texts{"20:second", "50:first"}));
}

TEST(Network, AnOverrideChangesOneDatagramAlone) {
  const Faults faults{.loss = 300'000, .jitter = milliseconds(10)};
  Pair plain(faults), changed(faults);
  changed.network.SetFate(kAToB, 3, {.lost = true});
  for (int n = 0; n < 50; ++n) {
    const Departure a = plain.network.SendDatagram(Ms(n), plain.a, kB, "x");
    const Departure b = changed.network.SendDatagram(Ms(n), changed.a, kB, "x");
    if (n == 3) {
      EXPECT_TRUE(b.fate.lost);
    } else {
      EXPECT_EQ(a.fate.lost, b.fate.lost);
      EXPECT_EQ(a.fate.delay, b.fate.delay);
    }
  }
}

TEST(Network, DropNextLosesWhatBeginsSo) {
  Pair pair;
  pair.network.DropNext(kAToB, "ACK", 2);
  for (const char* text : {"ACK 1", "BYE", "ACK 2", "ACK 3"})
    pair.network.SendDatagram(Ms(0), pair.a, kB, text);
  EXPECT_EQ(pair.Arrivals(), (Texts{"20:BYE", "20:ACK 3"}));
}

TEST(Network, ACutIsOneWay) {
  Pair pair;
  pair.network.Cut(kAToB, true);
  pair.network.SendDatagram(Ms(0), pair.a, kB, "lost");
  pair.network.SendDatagram(Ms(0), pair.b, kA, "back");
  EXPECT_EQ(pair.Arrivals(), (Texts{"20:back"}));
  pair.network.Cut(kAToB, false);
  pair.network.SendDatagram(Ms(0), pair.a, kB, "healed");
  EXPECT_EQ(pair.Arrivals(), (Texts{"20:healed"}));
}

TEST(Network, TooLongDatagramsAndStrangersGetNothing) {
  Pair pair({.datagram_bytes_max = 4});
  EXPECT_TRUE(pair.network.SendDatagram(Ms(0), pair.a, kB, "12345").too_long);
  EXPECT_FALSE(pair.network.SendDatagram(Ms(0), pair.a, *ParseIp("192.0.2.9", 5060), "x").to);
  EXPECT_TRUE(pair.network.idle());
  EXPECT_EQ(pair.network.figures().unroutable, 1u);
}

TEST(NetworkStreams, KeepOrderAndContentInOtherChunks) {
  Pair pair({.loss = 300'000, .jitter = milliseconds(50)});
  const auto stream = pair.network.OpenStream(Ms(0), pair.a, kB);
  ASSERT_TRUE(stream);
  std::string written;
  for (int i = 0; i < 30; ++i) {
    const std::string text = "message " + std::to_string(i) + ";";
    written += text;
    EXPECT_TRUE(pair.network.WriteStream(Ms(i), *stream, pair.a, text));
  }
  std::string read;
  int chunks = 0;
  Instant last;
  while (!pair.network.idle()) {
    const Instant at = pair.network.next_deadline();
    EXPECT_GE(at, last);
    last = at;
    const auto arrival = pair.network.TakeArrival(at);
    if (arrival->kind != Arrival::Kind::kStreamBytes) continue;
    read += arrival->bytes;
    ++chunks;
  }
  EXPECT_EQ(read, written);
  EXPECT_GT(chunks, 30);
}

TEST(NetworkStreams, AResetIsToldToBothEndsAndTheStreamIsDead) {
  Pair pair;
  const auto stream = pair.network.OpenStream(Ms(0), pair.a, kB);
  pair.network.ResetStream(Ms(100), *stream);
  EXPECT_FALSE(pair.network.WriteStream(Ms(101), *stream, pair.a, "x"));
  int resets = 0;
  while (!pair.network.idle()) {
    resets += pair.network.TakeArrival(pair.network.next_deadline())->kind == Arrival::Kind::kStreamReset;
  }
  EXPECT_EQ(resets, 2);
}

TEST(NetworkStreams, NobodyListensAtAStrangersAddress) {
  Pair pair;
  EXPECT_FALSE(pair.network.OpenStream(Ms(0), pair.a, *ParseIp("192.0.2.9", 5060)));
}

}  // namespace
}  // namespace sansip::sim
