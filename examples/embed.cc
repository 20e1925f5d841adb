// sansip in somebody else's loop: a SIP callee on poll() and one UDP socket, without sansip's drivers. It
// takes every call, says that it sends nothing (a=inactive), and waits for the BYE.
//
//   bazel run //examples:embed -- 5070        and        sansip call sip:anyone@127.0.0.1:5070 --hangup-after
//   2s
//
// Three things go in: bytes, time, the user's verbs. One thing comes out: actions, executed in order.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "sansip/core/message/parser.h"
#include "sansip/dialog/user_agent.h"

namespace {

using namespace sansip;  // an example, not a header

class DeviceRandom final : public RandomSource {
 public:
  std::uint64_t Next() override { return std::uint64_t{device_()} << 32 | device_(); }

 private:
  std::random_device device_;
};

class Callee {
 public:
  explicit Callee(std::uint16_t port) : port_(port), agent_({}, random_) {
    fd_ = socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in local = Loopback(port);
    if (bind(fd_, reinterpret_cast<sockaddr*>(&local), sizeof local) != 0) {
      std::perror("bind");
      std::exit(1);
    }
  }

  [[noreturn]] void Run() {
    for (;;) {
      pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
      poll(&ready, 1, MillisecondsUntil(agent_.next_deadline()));
      if ((ready.revents & POLLIN) != 0) OnDatagram();
      if (agent_.next_deadline() <= Now()) {
        agent_.OnDeadline(Now(), out_);
        Execute();
      }
    }
  }

 private:
  static sockaddr_in Loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
  }
  static Instant Now() {
    return Instant(std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
  }
  static int MillisecondsUntil(Instant deadline) {
    if (deadline == kNever) return -1;
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(deadline - Now());
    return static_cast<int>(std::clamp<std::int64_t>(wait.count(), 0, 60'000));
  }

  void OnDatagram() {
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const ssize_t count =
        recvfrom(fd_, bytes_.data(), bytes_.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (count <= 0) return;
    const std::string_view datagram(bytes_.data(), static_cast<std::size_t>(count));
    Origin origin{.flow = FlowOf(from), .transport = Transport::kUdp, .source = {}, .contact = {}};
    origin.source = *ParseIp(inet_ntoa(from.sin_addr), ntohs(from.sin_port));
    origin.contact = {.host = "127.0.0.1", .port = port_};
    const ParseError error = parser_.Parse(datagram, Framing::kDatagram, index_);
    if (error.ok()) {
      agent_.OnMessage(Now(), origin, MessageView(datagram, index_), out_);
    } else {
      agent_.OnUnparsable(Now(), origin, datagram, error, out_);
    }
    Execute();
  }

  // A flow is our name for a peer: here its place in a list.
  FlowId FlowOf(const sockaddr_in& peer) {
    const auto same = [&](const sockaddr_in& other) {
      return other.sin_addr.s_addr == peer.sin_addr.s_addr && other.sin_port == peer.sin_port;
    };
    const auto found = std::find_if(peers_.begin(), peers_.end(), same);
    const auto slot = static_cast<std::uint32_t>(found - peers_.begin());
    if (found == peers_.end()) peers_.push_back(peer);
    return {.slot = slot, .generation = 1};
  }

  // Every action in order; what they ask of the agent comes after them, when the sink is clear.
  void Execute() {
    std::vector<CallId> to_answer;
    std::vector<Cookie> to_locate;
    for (const UserAgentAction& action : out_) {
      if (const auto* transmit = std::get_if<ua::Transmit>(&action)) {
        const sockaddr_in& peer = peers_[transmit->flow.slot];
        sendto(fd_, transmit->wire.data(), transmit->wire.size(), 0, reinterpret_cast<const sockaddr*>(&peer),
               sizeof peer);
      } else if (const auto* incoming = std::get_if<ua::Incoming>(&action)) {
        to_answer.push_back(incoming->call);
      } else if (const auto* locate = std::get_if<ua::Locate>(&action)) {
        to_locate.push_back(locate->cookie);
      } else if (std::holds_alternative<ua::Confirmed>(action)) {
        std::puts("a call is up");
      } else if (const auto* ended = std::get_if<ua::Ended>(&action)) {
        std::printf("it ended: %s\n", std::string(EndCauseName(ended->cause)).c_str());
      }
    }
    out_.Clear();
    for (const CallId call : to_answer) Answer(call);
    for (const Cookie cookie : to_locate) Locate(cookie);
  }

  void Answer(CallId call) {
    const std::string body =
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n"
        "a=inactive\r\n";
    if (agent_.Answer(Now(), call, {.body = body}, out_) != VerbError::kNone) std::puts("too late to answer");
    Execute();
  }

  // Whom we ask something of (a session refresh, a BYE) has spoken to us: the latest peer will do here. A
  // real program looks the next hop up.
  void Locate(Cookie cookie) {
    const HostPort self{.host = "127.0.0.1", .port = port_};
    const FlowId flow{.slot = static_cast<std::uint32_t>(peers_.size() - 1), .generation = 1};
    agent_.OnLocated(Now(), cookie,
                     {.flow = flow, .transport = Transport::kUdp, .sent_by = self, .contact = self}, out_);
    Execute();
  }

  std::uint16_t port_;
  int fd_ = -1;
  DeviceRandom random_;
  UserAgent agent_;
  Parser parser_;
  MessageIndex index_;
  std::array<char, 65536> bytes_{};
  std::vector<sockaddr_in> peers_;
  SinkOf<UserAgentAction, UserAgent::kActionsPerEventMax> out_;
};

}  // namespace

int main(int argc, char** argv) {
  Callee callee(static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 5070));
  callee.Run();
}
