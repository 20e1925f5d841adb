#include "sansip/tests/conformance/target_run.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstring>
#include <deque>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "sansip/core/message/framer.h"
#include "sansip/tests/conformance/stage.h"
#include "sansip/tests/conformance/wire_message.h"
#include "sansip/transport/socket.h"

namespace sansip::conformance {
namespace {

constexpr Duration kLongestPlay = std::chrono::minutes(3);

// A stage whose other end is a program: node 0 of its trace is the program, node 1 the peer.
class SocketStage final : public Stage, private EventLoop::Watcher {
 public:
  SocketStage(EventLoop* loop, const TargetOptions& options, const SocketAddress& target, bool over_tcp)
      : loop_(loop), options_(options), target_(target), over_tcp_(over_tcp), begin_(loop->Now()) {
    SocketAddress local = RoutedSource(target);
    local.port = 0;
    if (over_tcp_) {
      const IoResult result = Socket::ConnectTcp(target, std::nullopt, socket_);
      is_open_ = result.ok() || result.error == IoError::kWouldBlock;
      if (is_open_) is_open_ = loop_->Watch(socket_.fd(), EventLoop::kWrite, this).ok();
      if (is_open_) loop_->Wait(loop_->Now() + std::chrono::seconds(2));
      is_open_ = is_open_ && socket_.ConnectResult().ok() && socket_.PeerAddress().port != 0;
    } else if (auto bound = Socket::BindUdp(local); bound.ok()) {
      socket_ = std::move(*bound);
      is_open_ = true;
    }
    if (is_open_) is_open_ = loop_->Watch(socket_.fd(), EventLoop::kRead, this).ok();
    address_ = socket_.is_open() ? std::string(TextOf(socket_.LocalAddress()).view()) : "0.0.0.0:0";
  }
  ~SocketStage() override {
    if (socket_.is_open()) loop_->Unwatch(socket_.fd());
  }

  bool is_open() const { return is_open_; }
  Instant now() const override { return Instant(loop_->Now() - begin_); }

  bool Send(std::string_view wire) override {
    const bool is_sent = over_tcp_ ? WriteAll(wire) : socket_.SendTo(wire, target_).ok();
    trace_.Add({.at = now(), .kind = sim::Record::Kind::kSent, .node = 1, .peer = 0, .wire = wire});
    return is_sent;
  }

  std::optional<Arrived> Receive(Instant until) override {
    while (inbox_.empty()) {
      if (now() >= until) return std::nullopt;
      loop_->Wait(begin_ + until.time_since_epoch());
    }
    Arrived arrived = std::move(inbox_.front());
    inbox_.pop_front();
    return arrived;
  }

  bool has_user() const override { return false; }
  std::string Direct(std::string_view) override { return ""; }
  std::vector<Told>& told() override { return told_; }
  void Lose(int, std::string_view) override {}
  std::size_t Left() override { return 0; }
  std::string transport() const override { return over_tcp_ ? "TCP" : "UDP"; }
  std::string peer_address() const override { return address_; }
  std::string subject_uri() const override {
    return "sip:" + options_.user + "@" + std::string(TextOf(target_).view()) +
           (over_tcp_ ? ";transport=tcp" : "");
  }
  Duration patience() const override { return std::chrono::seconds(3); }
  Duration tolerance() const override { return std::chrono::milliseconds(60) + options_.times.t1 / 10; }
  const sim::Trace& trace() const override { return trace_; }
  std::vector<std::string> names() const override { return {"target", "peer"}; }
  sim::Trace TakeTrace() { return std::move(trace_); }

 private:
  bool WriteAll(std::string_view wire) {
    while (!wire.empty()) {
      const IoResult result = socket_.Write(wire);
      if (!result.ok()) return false;
      wire.remove_prefix(result.count);
    }
    return true;
  }

  void Take(std::string_view wire) {
    trace_.Add({.at = now(), .kind = sim::Record::Kind::kSent, .node = 0, .peer = 1, .wire = wire});
    inbox_.push_back({now(), std::string(wire)});
  }

  void OnReady(int, std::uint32_t) override {
    std::vector<char> room(65536);
    if (!over_tcp_) {
      SocketAddress source;
      for (IoResult got = socket_.ReceiveFrom(room, source); got.ok();
           got = socket_.ReceiveFrom(room, source)) {
        // Keep-alives are no messages.
        if (got.count > 4) Take({room.data(), got.count});
      }
      return;
    }
    IoResult got = socket_.Read(room);
    for (; got.ok() && got.count > 0; got = socket_.Read(room)) Frames({room.data(), got.count});
    // Who has hung up would be ready for ever.
    if (got.error != IoError::kWouldBlock) loop_->Unwatch(socket_.fd());
  }

  void Frames(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::span<char> writable = framer_.Writable();
      const std::size_t size = std::min(writable.size(), bytes.size());
      if (size == 0) return;
      std::memcpy(writable.data(), bytes.data(), size);
      framer_.Commit(size);
      bytes.remove_prefix(size);
      Frame frame = framer_.Next();
      for (; frame.kind == Frame::Kind::kMessage || frame.kind == Frame::Kind::kPing;
           frame = framer_.Next()) {
        if (frame.kind == Frame::Kind::kMessage) Take(frame.bytes);
      }
    }
  }

  EventLoop* loop_;
  const TargetOptions& options_;
  SocketAddress target_;
  bool over_tcp_, is_open_ = false;
  Instant begin_;
  Socket socket_;
  std::string address_;
  Framer framer_{ParseLimits{}};
  std::deque<Arrived> inbox_;
  std::vector<Told> told_;
  sim::Trace trace_;
};

// Something is to happen between the call's arrival and its answer.
bool AnswersLate(const Scenario& scenario) {
  for (std::size_t i = 1; i < scenario.steps.size(); ++i) {
    if (scenario.steps[i - 1].text == "user told Incoming" && scenario.steps[i].text.starts_with("send ")) {
      return true;
    }
  }
  return false;
}

bool HasStep(const Scenario& scenario, std::string_view prefix) {
  return std::any_of(scenario.steps.begin(), scenario.steps.end(),
                     [prefix](const ScenarioStep& step) { return step.text.starts_with(prefix); });
}

Duration LengthOf(const Scenario& scenario, const TimeNames& names) {
  Duration length = Duration::zero();
  for (const ScenarioStep& step : scenario.steps) {
    Duration longest = Duration::zero();
    for (const std::string& word : Words(step.text)) {
      if (const std::optional<Duration> time = ReadTime(word, names)) longest = std::max(longest, *time);
    }
    length += longest;
  }
  return length;
}

}  // namespace

std::string UnsuitedBecause(const Scenario& scenario, const TargetOptions& options, bool over_tcp) {
  if (scenario.is_crossing) return "it is played by two of our own user agents";
  for (const ScenarioStep& step : scenario.steps) {
    const bool is_directed = step.text.starts_with("user ") && !step.text.starts_with("user answers") &&
                             !step.text.starts_with("user rings") && !step.text.starts_with("user told") &&
                             !step.text.starts_with("user not told");
    if (is_directed || step.text == "user answers offer") return "its user must be directed: " + step.text;
    if (step.text.starts_with("lose")) return "the network must lose messages";
  }
  if (!scenario.options.empty())
    return "it wants options of the user agent: " + scenario.options.begin()->first;
  const bool answers = HasStep(scenario, "user answers"), rings = HasStep(scenario, "user rings");
  const bool is_told = HasStep(scenario, "user told Incoming");
  if (answers && (rings || options.rings || AnswersLate(scenario))) return "it must answer, but not at once";
  if (!answers && (rings || is_told) && !options.rings) return "it must ring and not answer: --answers never";
  if (scenario.over_tcp && !over_tcp) return "it is about TCP";
  const bool is_about_datagrams =
      HasStep(scenario, "expect 200 to INVITE again") || HasStep(scenario, "expect 4xx to INVITE again");
  if (over_tcp && !scenario.over_tcp && is_about_datagrams) return "it is about UDP";
  if (LengthOf(scenario, options.times) > kLongestPlay) return "it takes longer than three minutes";
  return "";
}

TargetRun::TargetRun(const TargetOptions& options, std::string& error) : options_(options) {
  const std::string& text = options.address;
  const std::size_t colon = text.find(':'), last = text.rfind(':');
  over_tcp_ = text.starts_with("tcp:");
  std::uint16_t port = 0;
  if (last != colon) std::from_chars(text.data() + last + 1, text.data() + text.size(), port);
  const std::optional<SocketAddress> address =
      last == colon ? std::nullopt : ParseIp(text.substr(colon + 1, last - colon - 1), port);
  if (!address || port == 0 || (!over_tcp_ && !text.starts_with("udp:"))) {
    error = text + ": a target is udp:ADDRESS:PORT or tcp:ADDRESS:PORT, the address in numbers";
    return;
  }
  address_ = *address;
  absl::StatusOr<EventLoop> loop = EventLoop::Create();
  if (!loop.ok()) {
    error = std::string(loop.status().message());
    return;
  }
  loop_.emplace(std::move(*loop));
}

Outcome TargetRun::Play(const Scenario& scenario) {
  Outcome outcome;
  outcome.names = {"target", "peer"};
  outcome.verdict.text = UnsuitedBecause(scenario, options_, over_tcp_);
  if (!outcome.verdict.text.empty()) {
    outcome.verdict.kind = Verdict::Kind::kSkipped;
    return outcome;
  }
  SocketStage stage(&*loop_, options_, address_, over_tcp_);
  if (!stage.is_open()) {
    outcome.verdict = {Verdict::Kind::kFailed, scenario.line, "nobody takes connections there", 1};
    return outcome;
  }
  // Two reports one after the other must not look like one call.
  const std::string unique = std::to_string(loop_->Now().time_since_epoch().count() % 1'000'000'000) + "-" +
                             std::to_string(++plays_);
  outcome.verdict = PlayScript(scenario, options_.times, unique, stage);
  outcome.trace = stage.TakeTrace();
  return outcome;
}

}  // namespace sansip::conformance
