// A phone whose flow to an edge proxy is registered and kept alive (RFC 5626 4.2.2, 4.4, 4.5), in virtual
// time.
#include <array>
#include <chrono>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/message/framer.h"
#include "sansip/core/stun/message.h"
#include "sansip/tests/sim/world.h"
#include "sansip/tests/support/shows.h"

namespace sansip::sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string FieldOf(const std::string& message, const std::string& name) {
  const std::size_t at = message.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 4;
  return message.substr(begin, message.find("\r\n", begin) - begin);
}

// Registrar and edge proxy in one. What a NAT before it does to the phone's address is said by `mapped`.
class EdgeProxy final : public Element {
 public:
  struct Seen {
    Instant at;
    std::string message;
  };

  using Element::Element;

  const std::string& name() const override { return name_; }
  void OnDeadline(Instant) override {}
  Instant next_deadline() const override { return kNever; }
  std::size_t left() const override { return 0; }

  void OnArrival(Instant now, const Arrival& arrival) override {
    Network& network = world().network();
    if (arrival.kind == Arrival::Kind::kStreamOpened) ++connections;
    if (arrival.kind == Arrival::Kind::kDatagram && stun::IsStun(arrival.bytes)) {
      bindings.push_back(now);
      std::array<char, stun::kAnswerBytesMax> storage;
      const std::string_view answer = stun::WriteAnswer(*stun::Read(arrival.bytes), mapped, storage);
      if (has_stun) network.SendDatagram(now, number(), arrival.from, answer, HashOf(answer));
    } else if (arrival.kind == Arrival::Kind::kDatagram) {
      const std::string response = Respond(now, arrival.bytes);
      network.SendDatagram(now, number(), arrival.from, response, HashOf(response));
    } else if (arrival.kind == Arrival::Kind::kStreamBytes) {
      OnStreamBytes(now, arrival);
    }
  }

  SocketAddress mapped = *ParseIp("203.0.113.7", 40001);
  bool has_stun = true, has_stun_on_stream = false;
  std::deque<int> statuses;  // of the next REGISTERs; then 200
  int connections = 0;
  std::vector<Instant> bindings, pings;
  std::vector<Seen> registers;  // each once

 private:
  std::string Respond(Instant now, const std::string& request) {
    if (registers.empty() || FieldOf(registers.back().message, "CSeq") != FieldOf(request, "CSeq")) {
      registers.push_back({now, request});
      latest_ = statuses.empty() ? 200 : statuses.front();
      if (!statuses.empty()) statuses.pop_front();
    }
    std::string text = "SIP/2.0 " + std::to_string(latest_) + " Said\r\n";
    for (const char* field : {"Via", "From", "Call-ID", "CSeq"})
      text += std::string(field) + ": " + FieldOf(request, field) + "\r\n";
    text += "To: " + FieldOf(request, "To") + ";tag=r\r\n";
    if (latest_ < 300)
      text += "Require: outbound\r\nContact: " + FieldOf(request, "Contact") + ";expires=600\r\n";
    if (latest_ == 503) text += "Retry-After: 20\r\n";
    return text + "Content-Length: 0\r\n\r\n";
  }

  void OnStreamBytes(Instant now, const Arrival& arrival) {
    std::string_view bytes = arrival.bytes;
    has_stun_on_stream = has_stun_on_stream || stun::IsStun(bytes);
    while (!bytes.empty()) {
      const std::span<char> room = framer_.Writable();
      const std::size_t size = bytes.copy(room.data(), room.size());
      framer_.Commit(size);
      bytes.remove_prefix(size);
      for (Frame frame = framer_.Next(); frame.kind != Frame::Kind::kNeedMore; frame = framer_.Next()) {
        ASSERT_NE(frame.kind, Frame::Kind::kError);
        const bool is_ping = frame.kind == Frame::Kind::kPing;
        if (is_ping) pings.push_back(now);
        const std::string answer = is_ping ? "\r\n" : Respond(now, std::string(frame.bytes));
        world().network().WriteStream(now, arrival.stream, number(), answer);
      }
    }
  }

  std::string name_ = "edge";
  Framer framer_{ParseLimits()};
  int latest_ = 200;
};

class Phone final : public User {
 public:
  void OnAction(Node&, Instant, const UserAgentAction& action) override {
    const auto* changed = std::get_if<ua::RegistrationChanged>(&action);
    if (changed == nullptr || changed->state == Registration::State::kRegistered) return;
    failures.push_back(changed->status);
  }
  std::vector<int> failures;
};

class Outbound : public ::testing::Test {
 protected:
  void Register(const Faults& faults = {}, Transport transport = Transport::kUdp) {
    world_ = std::make_unique<World>(WorldOptions{.faults = faults});
    NodeOptions options{.address = *ParseIp("192.0.2.1", 5060), .transport = transport, .keeps_alive = true};
    options.user_agent.tells_keep_alives = true;
    auto phone = std::make_unique<Phone>();
    phone_ = phone.get();
    node_ = &world_->AddNode(options, std::move(phone));
    auto edge = std::make_unique<EdgeProxy>(*world_, world_->next_number());
    edge_ = edge.get();
    world_->AddElement(*ParseIp("192.0.2.9", 5060), std::move(edge));
    node_->At(Instant(), [transport](Node& node, Instant now) {
      const bool is_tcp = transport == Transport::kTcp;
      const std::array<std::string_view, 1> routes = {is_tcp ? "<sip:192.0.2.9;transport=tcp;lr>"
                                                             : "<sip:192.0.2.9;lr>"};
      const RegistrationDraft draft{.registrar = "sip:192.0.2.9",
                                    .address = "<sip:alice@192.0.2.9>",
                                    .routes = routes,
                                    .instance = "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
                                    .reg_id = 1};
      EXPECT_EQ(node.Do(now, ua::input::Register{draft}).error, VerbError::kNone);
    });
  }
  void RunUntil(Duration until) { world_->RunUntil(Instant(until)); }
  static std::vector<Duration> GapsOf(const std::vector<Instant>& times) {
    std::vector<Duration> gaps;
    for (std::size_t i = 1; i < times.size(); ++i) gaps.push_back(times[i] - times[i - 1]);
    return gaps;
  }

  std::unique_ptr<World> world_;
  Node* node_ = nullptr;
  Phone* phone_ = nullptr;
  EdgeProxy* edge_ = nullptr;
};

TEST_F(Outbound, OverUdpItIsAskedByStunEveryHalfMinute) {
  SANSIP_SHOWS("5626-4.4-4", "5626-4.4.2-3", "5626-4.4.2-4");
  Register();
  RunUntil(hours(1));
  EXPECT_THAT(phone_->failures, IsEmpty());
  ASSERT_GE(edge_->bindings.size(), 3600u / 30);
  EXPECT_LE(edge_->bindings.front(), Instant(seconds(30)));
  for (const Duration gap : GapsOf(edge_->bindings)) {
    EXPECT_GE(gap, seconds(24));
    EXPECT_LE(gap, seconds(29));
  }
  EXPECT_EQ(node_->keep_alives().MappedAddress({0, 1}), edge_->mapped);
}

TEST_F(Outbound, LossesAreMadeGood) {
  Register({.loss = 100'000});
  RunUntil(hours(1));
  EXPECT_THAT(phone_->failures, IsEmpty());
  EXPECT_GE(edge_->bindings.size(), 3600u / 30);
}

TEST_F(Outbound, ANatThatMovesTheFlowHasItRegisteredAnew) {
  SANSIP_SHOWS("5626-4.4.2-6", "5626-4.5-1", "5626-9.4-1");
  Register();
  RunUntil(seconds(100));
  EXPECT_EQ(edge_->registers.size(), 1u);
  edge_->mapped.port = 40002;
  RunUntil(seconds(100 + 29 + 30 + 1));
  EXPECT_THAT(phone_->failures, ElementsAre(430));
  ASSERT_EQ(edge_->registers.size(), 2u);
  const std::string &first = edge_->registers[0].message, &second = edge_->registers[1].message;
  EXPECT_EQ(FieldOf(second, "Call-ID"), FieldOf(first, "Call-ID"));
  EXPECT_EQ(FieldOf(second, "CSeq"), "2 REGISTER");
  EXPECT_THAT(FieldOf(second, "Contact"), HasSubstr(";reg-id=1"));
  // And that one lives.
  const std::size_t asked = edge_->bindings.size();
  RunUntil(seconds(400));
  EXPECT_GE(edge_->bindings.size(), asked + 8);
  EXPECT_THAT(phone_->failures, ElementsAre(430));
}

// 4.5: it has said "outbound" each time, and answers no keep-alive.
TEST_F(Outbound, AnEdgeWithoutStunIsTriedEverMoreSlowly) {
  SANSIP_SHOWS("5626-4.4.2-5", "5626-4.5-6", "5626-4.5-4");
  Register();
  edge_->has_stun = false;
  RunUntil(hours(2));
  std::vector<Instant> times;
  for (const EdgeProxy::Seen& seen : edge_->registers) times.push_back(seen.at);
  ASSERT_GE(times.size(), 5u);
  Duration most = seconds(60);
  for (const Duration gap : GapsOf(times)) {
    const Duration waited = gap - milliseconds(39500);
    EXPECT_GE(waited, seconds(24) + most / 2);
    EXPECT_LE(waited, seconds(30) + most);
    most = std::min<Duration>(most * 2, seconds(1800));
  }
  EXPECT_EQ(edge_->bindings.size() / 7, phone_->failures.size());
}

TEST_F(Outbound, AnEdgeThatGetsStunLaterIsTrustedAgain) {
  SANSIP_SHOWS("5626-4.5-6");
  Register();
  edge_->has_stun = false;
  RunUntil(seconds(700));
  const std::size_t failures = phone_->failures.size();
  EXPECT_GE(failures, 2u);
  edge_->has_stun = true;
  RunUntil(seconds(2000));
  // The next failure is the first one again.
  edge_->mapped.port = 40002;
  RunUntil(seconds(2000 + 29 + 30 + 1));
  EXPECT_EQ(phone_->failures.size(), failures + 1);
  const Instant latest = edge_->registers.back().at;
  EXPECT_GE(latest, Instant(seconds(2000 + 15)));
}

TEST_F(Outbound, OverTcpItIsPingedAndStaysWhenARefreshFails) {
  SANSIP_SHOWS("5626-4.4.2-2", "5626-4.2.2-2", "5626-4.2.2-3", "5626-4.4-4");
  Register({}, Transport::kTcp);
  edge_->statuses = {200, 503};
  RunUntil(hours(1));
  EXPECT_THAT(phone_->failures, ElementsAre(503));
  EXPECT_EQ(edge_->connections, 1);
  EXPECT_FALSE(edge_->has_stun_on_stream);
  EXPECT_THAT(edge_->bindings, IsEmpty());
  ASSERT_GE(edge_->pings.size(), 3600u / 121);
  for (const Duration gap : GapsOf(edge_->pings)) {
    EXPECT_GE(gap, seconds(95));
    EXPECT_LE(gap, seconds(120));
  }
}

}  // namespace
}  // namespace sansip::sim
