// What peers may do to a call, each a scenario of SIPp's: forks, redirections, stale nonces, references, and
// requests that cross. All scenarios of a test run at once.
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/interop/process.h"
#include "sansip/tests/interop/sipp.h"

namespace sansip::interop {
namespace {

// SIPp's own view of it is the scenario's; ours is the test's.
struct Flow {
  std::unique_ptr<Sipp> sipp;
  std::unique_ptr<Sansip> sansip, carol;  // whom it refers or redirects to
};

Flow Call(const std::string& scenario, std::vector<std::string> options, bool has_carol = false) {
  Flow flow;
  std::uint16_t carol_port = 0;
  if (has_carol) {
    flow.carol = std::make_unique<Sansip>(
        std::vector<std::string>{"answer", "--bind", "udp:127.0.0.1:0", "--once", "--hangup-after", "200ms"});
    carol_port = flow.carol->BoundPort();
  }
  const std::uint16_t port = FreePort();
  flow.sipp =
      std::make_unique<Sipp>(SippOptions{.scenario = scenario, .port = port, .moved_port = carol_port});
  EXPECT_TRUE(flow.sipp->IsListening()) << flow.sipp->Everything();
  options.insert(options.begin(), {"call", "sip:service@127.0.0.1:" + std::to_string(port)});
  flow.sansip = std::make_unique<Sansip>(options);
  return flow;
}

Flow Answer(const std::string& scenario, std::vector<std::string> options) {
  Flow flow;
  options.insert(options.begin(), {"answer", "--bind", "udp:127.0.0.1:0", "--once"});
  flow.sansip = std::make_unique<Sansip>(options);
  flow.sipp = std::make_unique<Sipp>(
      SippOptions{.scenario = scenario, .port = FreePort(), .target_port = flow.sansip->BoundPort()});
  return flow;
}

void ExpectDone(Flow& flow, const std::string& cause, int exit = 0) {
  EXPECT_EQ(flow.sansip->Wait(), exit) << flow.sansip->Everything();
  EXPECT_EQ(flow.sipp->Wait(), 0) << flow.sipp->Everything() << flow.sansip->Everything();
  const std::vector<nlohmann::json> events = flow.sansip->Events();
  bool is_told = false;
  for (const nlohmann::json& event : events) is_told |= event["event"] == "ended" && event["cause"] == cause;
  EXPECT_TRUE(is_told) << flow.sansip->Everything();
  EXPECT_EQ(flow.sansip->SchemaFault(), "");
  if (flow.carol == nullptr) return;
  EXPECT_EQ(flow.carol->Wait(), 0) << flow.carol->Everything();
  EXPECT_EQ(flow.carol->CountOf("answered"), 1u);
}

class CallFlowSippTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasSipp()) GTEST_SKIP() << "optional peer absent: sipp";
    password_ = TemporaryPath("flow-password");
    std::ofstream(password_) << "secret\n";
  }
  std::string password_;
};

TEST_F(CallFlowSippTest, OfACallThatIsPlaced) {
  Flow forks = Call("uas_forks", {"--hangup-after", "300ms"});
  Flow stale = Call("uas_407_stale", {"--hangup-after", "200ms", "--password-file", password_});
  Flow wrong = Call("uas_407_wrong", {"--password-file", password_});
  Flow several = Call("uas_300", {}, true);
  Flow late =
      Call("uas_late_offer_100rel", {"--late-offer", "--100rel", "supported", "--hangup-after", "200ms"});
  Flow cancelled = Call("uas_answers_a_cancel", {"--cancel-after", "200ms"});

  ExpectDone(forks, "local-bye");
  EXPECT_EQ(forks.sansip->CountOf("ringing"), 3u) << forks.sansip->Everything();
  EXPECT_EQ(forks.sansip->CountOf("answered"), 1u);
  ExpectDone(stale, "local-bye");
  ExpectDone(wrong, "refused", 3);
  EXPECT_EQ(wrong.sansip->Summary()["status"], 407);
  ExpectDone(several, "remote-bye");
  ExpectDone(late, "local-bye");
  EXPECT_EQ(late.sansip->Event("answered")["codec"], "PCMU");
  ExpectDone(cancelled, "local-cancel");
  EXPECT_EQ(cancelled.sansip->Event("ended")["status"], 200) << cancelled.sansip->Everything();
}

TEST_F(CallFlowSippTest, OfACallThatIsUp) {
  Flow crosses = Call("uas_bye_in_reinvite", {"--reinvite-after", "200ms"});
  Flow refers = Call("uas_refers", {}, true);
  Flow referred =
      Call("uas_referred", {"--transfer-after", "200ms", "--transfer-to", "sip:carol@127.0.0.1:5099"});

  ExpectDone(crosses, "remote-bye");
  EXPECT_EQ(crosses.sansip->CountOf("reinvited"), 0u) << crosses.sansip->Everything();
  ExpectDone(refers, "remote-bye");
  EXPECT_EQ(refers.sansip->CountOf("referred"), 1u);
  ExpectDone(referred, "local-bye");
  // The 202 tells nothing new.
  EXPECT_EQ(referred.sansip->CountOf("refer"), 4u) << referred.sansip->Everything();
}

TEST_F(CallFlowSippTest, OfACallThatIsTaken) {
  Flow late = Answer("uac_late_offer", {});
  Flow cancels = Answer("uac_cancels_too_late", {});
  Flow early = Answer("uac_hangs_up_early", {"--ring-for", "20s"});

  ExpectDone(late, "remote-bye");
  EXPECT_EQ(late.sansip->Event("answered")["codec"], "PCMU");
  ExpectDone(cancels, "remote-bye");
  EXPECT_EQ(cancels.sansip->CountOf("answered"), 1u);
  ExpectDone(early, "remote-bye");
  EXPECT_EQ(early.sansip->CountOf("answered"), 0u);
}

}  // namespace
}  // namespace sansip::interop
