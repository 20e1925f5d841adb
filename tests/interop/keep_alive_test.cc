// A flow over UDP that is kept alive by STUN (RFC 5626 4.4.2), with an edge proxy that answers as it is told.
#include <array>
#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/stun/message.h"
#include "sansip/tests/interop/displaced_peer.h"
#include "sansip/tests/interop/process.h"
#include "sansip/tests/support/shows.h"

namespace sansip::interop {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Registrar and edge proxy in one, on one socket.
class EdgeProxy {
 public:
  enum class Stun { kAnswers, kRefuses, kIsSilent };

  std::uint16_t port() const { return socket_.port(); }
  // Serves until `done`; false after ten seconds.
  bool Until(std::uint16_t phone, const std::function<bool()>& done) {
    const auto end = steady_clock::now() + std::chrono::seconds(10);
    while (!done()) {
      if (steady_clock::now() > end) return false;
      if (const std::string bytes = socket_.Receive(); !bytes.empty()) Serve(phone, bytes);
      std::this_thread::sleep_for(milliseconds(1));
    }
    return true;
  }

  Stun stun = Stun::kAnswers;
  bool says_outbound = true;
  SocketAddress mapped = *ParseIp("203.0.113.7", 40001);
  int bindings = 0;  // requests
  std::string last_register;

 private:
  void Serve(std::uint16_t phone, const std::string& bytes) {
    if (!stun::IsStun(bytes)) return socket_.SendTo(phone, Registered(bytes));
    const std::optional<stun::Message> request = stun::Read(bytes);
    ASSERT_TRUE(request);
    ++bindings;
    std::array<char, stun::kAnswerBytesMax> storage;
    stun::Writer refusal(storage, stun::MessageClass::kError, request->id);
    refusal.AddError(400, "Bad Request");
    if (stun == Stun::kRefuses) socket_.SendTo(phone, refusal.wire());
    if (stun == Stun::kAnswers) socket_.SendTo(phone, stun::WriteAnswer(*request, mapped, storage));
  }
  std::string Registered(const std::string& request) {
    last_register = request;
    std::string text = "SIP/2.0 200 OK\r\n";
    for (const char* name : {"Via", "From", "To", "Call-ID", "CSeq", "Contact"}) {
      const std::size_t at = request.find("\r\n" + std::string(name) + ":") + 2;
      text += request.substr(at, request.find("\r\n", at) - at);
      text += std::string(name) == "To" ? ";tag=r\r\n" : "\r\n";
    }
    if (says_outbound) text += "Require: outbound\r\n";
    return text + "Flow-Timer: 1\r\nExpires: 600\r\nContent-Length: 0\r\n\r\n";
  }

  UdpSocket socket_{"127.0.0.1"};
};

class StunTest : public testing::Test {
 protected:
  void Register(const std::string& mode) {
    sansip_ = std::make_unique<Sansip>(std::vector<std::string>{
        "register", "--bind", "udp:127.0.0.1:0", "--register",
        "sip:127.0.0.1:" + std::to_string(edge_.port()), "--reg-id", "1", "--stun", mode});
    port_ = sansip_->BoundPort();
    ASSERT_TRUE(edge_.Until(port_, [this] { return sansip_->CountOf("registered") == 1; }))
        << sansip_->Everything();
    EXPECT_EQ(sansip_->Event("registered").contains("outbound"), edge_.says_outbound);
  }
  // For longer than a gap.
  void ExpectNoQuestions() {
    EXPECT_FALSE(sansip_->Event("registered").contains("keep_alive"));
    const auto end = steady_clock::now() + milliseconds(1500);
    EXPECT_TRUE(edge_.Until(port_, [end] { return steady_clock::now() > end; }));
    EXPECT_EQ(edge_.bindings, 0);
    End();
  }
  void End() {
    sansip_->Signal(SIGTERM);
    EXPECT_TRUE(edge_.Until(port_, [this] { return !sansip_->IsRunning(); }));
    EXPECT_EQ(sansip_->Wait(), 0) << sansip_->Everything();
    EXPECT_EQ(sansip_->SchemaFault(), "");
  }

  EdgeProxy edge_;
  std::unique_ptr<Sansip> sansip_;
  std::uint16_t port_ = 0;
};

TEST_F(StunTest, AFlowIsAliveUntilANatMovesIt) {
  SANSIP_SHOWS("5626-4.4.2-1", "5626-4.4.2-3", "5626-4.4.2-6", "5626-4.1-4");
  Register("auto");
  EXPECT_EQ(sansip_->Event("registered")["keep_alive"], 1);
  EXPECT_THAT(edge_.last_register, testing::HasSubstr(";+sip.instance=\"<urn:uuid:"));
  ASSERT_TRUE(edge_.Until(port_, [this] { return edge_.bindings == 3; })) << sansip_->Everything();
  ASSERT_TRUE(sansip_->SeesOnStdout("\"flow_alive\"")) << sansip_->Everything();
  EXPECT_EQ(sansip_->Event("flow_alive")["mapped"], "203.0.113.7:40001");
  EXPECT_EQ(sansip_->CountOf("flow_alive"), 1u);
  edge_.mapped.port = 40002;
  ASSERT_TRUE(edge_.Until(port_, [this] { return sansip_->CountOf("registration_failed") == 1; }))
      << sansip_->Everything();
  EXPECT_EQ(sansip_->Event("registration_failed")["status"], 430);
  EXPECT_GE(sansip_->Event("registration_failed")["retry_in"], 14);
  EXPECT_EQ(edge_.bindings, 4);
  End();
}

TEST_F(StunTest, WhereNobodyAnswersItGoesOnWithout) {
  edge_.stun = EdgeProxy::Stun::kRefuses;
  Register("auto");
  ASSERT_TRUE(edge_.Until(port_, [this] { return sansip_->CountOf("registration_failed") == 1; }))
      << sansip_->Everything();
  EXPECT_THAT(sansip_->Everything(), testing::HasSubstr("without keep-alives"));
  EXPECT_EQ(sansip_->CountOf("flow_alive"), 0u);
  End();
}

TEST_F(StunTest, OffAsksNobody) {
  Register("off");
  ExpectNoQuestions();
}

// RFC 5626 8: only the next hop itself, or who configures it, can say that it has STUN; that somebody wants
// keep-alives says nothing of it.
TEST_F(StunTest, WithoutOutboundNobodyIsAsked) {
  SANSIP_SHOWS("5626-8-3", "5626-8-4");
  edge_.says_outbound = false;
  Register("strict");
  ExpectNoQuestions();
}

}  // namespace
}  // namespace sansip::interop
