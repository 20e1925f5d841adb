// The parts of an agent that need no network: what ends mean, where recordings go, offers and forks.
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/cli/call_media.h"
#include "sansip/cli/device_instance.h"
#include "sansip/cli/outcome.h"
#include "sansip/tests/support/shows.h"
#include "sansip/transport/event_loop.h"
#include "sansip/transport/openssl_hashes.h"
#include "sansip/transport/os_random.h"

namespace sansip::cli {
namespace {

// RFC 5626 4.1
TEST(DeviceInstanceTest, IsAUuidThatStaysAndIsItsOwn) {
  SANSIP_SHOWS("5626-4.1-4");
  const OpensslHashes hashes;
  const std::string one = DeviceInstance(MachineName(), "sip:alice@example.com", hashes);
  EXPECT_THAT(one, testing::MatchesRegex(
                       "urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_EQ(DeviceInstance(MachineName(), "sip:alice@example.com", hashes), one);
  EXPECT_NE(DeviceInstance(MachineName(), "sip:bob@example.com", hashes), one);
  EXPECT_NE(DeviceInstance("another", "sip:alice@example.com", hashes), one);
}

constexpr int kCauseCount = static_cast<int>(EndCause::kLocalLimit) + 1;

TEST(OutcomeTest, EveryCauseHasItsNameAndIsDocumented) {
  std::ifstream file("docs/json.md");
  const std::string page(std::istreambuf_iterator<char>(file), {});
  std::set<std::string> names;
  for (int i = 0; i < kCauseCount; ++i) {
    const CauseFacts facts = FactsOf(static_cast<EndCause>(i));
    EXPECT_TRUE(names.emplace(facts.name).second) << facts.name;
    EXPECT_NE(page.find("`" + std::string(facts.name) + "`"), std::string::npos) << facts.name;
    EXPECT_FALSE(facts.text.empty());
  }
}

TEST(OutcomeTest, ExitCodes) {
  EXPECT_EQ(ExitCodeOf(EndCause::kLocalBye, 0), ExitCode::kOk);
  EXPECT_EQ(ExitCodeOf(EndCause::kRemoteBye, 0), ExitCode::kOk);
  EXPECT_EQ(ExitCodeOf(EndCause::kLocalCancel, 487), ExitCode::kOk);
  EXPECT_EQ(ExitCodeOf(EndCause::kShutdown, 0), ExitCode::kOk);
  EXPECT_EQ(ExitCodeOf(EndCause::kRefused, 486), ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf(EndCause::kTimedOut, 0), ExitCode::kTimedOut);
  EXPECT_EQ(ExitCodeOf(EndCause::kNoAck, 0), ExitCode::kTimedOut);
  EXPECT_EQ(ExitCodeOf(EndCause::kUnreachable, 503), ExitCode::kUnreachable);
  EXPECT_EQ(ExitCodeOf(EndCause::kDialogLost, 408), ExitCode::kTimedOut);
  EXPECT_EQ(ExitCodeOf(EndCause::kDialogLost, 481), ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf(EndCause::kLocalLimit, 0), ExitCode::kLocalResource);
}

TEST(OutcomeTest, MessagesNameThePeerAndSayWhatToDo) {
  const auto text = [](EndCause cause, int status, std::string_view reason, std::string_view detail = "") {
    return FailureText(cause, status, reason, "sip:bob@h", detail);
  };
  EXPECT_EQ(text(EndCause::kRefused, 486, "Busy Here"),
            "sip:bob@h: refused with 486 Busy Here: try again later");
  EXPECT_EQ(FailureText(EndCause::kRefused, 503, "Service Unavailable", "sip:bob@h", "", 5),
            "sip:bob@h: refused with 503 Service Unavailable: it has trouble of its own: it asks to be tried "
            "again in 5 s");
  EXPECT_NE(text(EndCause::kRefused, 420, "x").find("insists on: see --100rel"), std::string::npos);
  EXPECT_NE(text(EndCause::kRefused, 302, "Moved").find("--no-redirect"), std::string::npos);
  EXPECT_NE(text(EndCause::kRefused, 407, "x").find("--password-file"), std::string::npos);
  EXPECT_NE(text(EndCause::kUnreachable, 503, "x", "connection refused").find("(connection refused)"),
            std::string::npos);
  for (int i = 0; i < kCauseCount; ++i) {
    EXPECT_TRUE(text(static_cast<EndCause>(i), 500, "x").starts_with("sip:bob@h: ")) << i;
  }
}

TEST(RecordPathTest, EachCallHasItsOwnFile) {
  EXPECT_EQ(RecordPathOf("in.wav", 1), "in.wav");
  EXPECT_EQ(RecordPathOf("in.wav", 2), "in-2.wav");
  EXPECT_EQ(RecordPathOf("a.b/in", 3), "a.b/in-3");
  EXPECT_EQ(RecordPathOf("a.b/in.x.wav", 10), "a.b/in.x-10.wav");
  EXPECT_EQ(RecordPathOf("", 2), "");
}

class CallMediaTest : public testing::Test {
 protected:
  std::unique_ptr<CallMedia> Open() {
    MediaChoice choice;
    choice.ports = {.min = 20000, .max = 59999};
    auto media = CallMedia::Open(*loop_, random_, choice, *ParseIp("127.0.0.1", 0), 1);
    EXPECT_TRUE(media.ok()) << media.status();
    return *std::move(media);
  }
  static DialogId Dialog(std::uint32_t slot) { return {.slot = slot, .generation = 1}; }

  absl::StatusOr<EventLoop> loop_ = EventLoop::Create();
  OsRandom random_;
};

TEST_F(CallMediaTest, AnOfferIsAnsweredAndAgreed) {
  const auto caller = Open(), callee = Open();
  callee->Choose({});
  ASSERT_EQ(callee->ReadOffer(caller->MakeOffer()), sdp::Outcome::kAgreed);
  ASSERT_EQ(caller->ReadAnswer(Dialog(1), callee->body()), sdp::Outcome::kAgreed);
  caller->Choose(Dialog(1));
  EXPECT_EQ(caller->codec(), "PCMU");
  EXPECT_EQ(caller->remote_rtp(), std::string(TextOf(callee->endpoint().local_rtp()).view()));
}

TEST_F(CallMediaTest, EachForkAnswersTheSameOfferAndTheChosenOneCounts) {
  const auto caller = Open(), first = Open(), second = Open();
  const std::string offer = caller->MakeOffer();
  ASSERT_EQ(first->ReadOffer(offer), sdp::Outcome::kAgreed);
  ASSERT_EQ(second->ReadOffer(offer), sdp::Outcome::kAgreed);
  EXPECT_EQ(caller->ReadAnswer(Dialog(1), first->body()), sdp::Outcome::kAgreed);
  EXPECT_EQ(caller->ReadAnswer(Dialog(2), second->body()), sdp::Outcome::kAgreed);
  caller->Choose(Dialog(1));
  EXPECT_EQ(caller->remote_rtp(), std::string(TextOf(first->endpoint().local_rtp()).view()));
}

TEST_F(CallMediaTest, AReofferAlwaysHasSomethingToSay) {
  const auto caller = Open(), callee = Open();
  callee->Choose({});
  caller->Choose({});
  std::set<std::string> offers;
  for (int i = 0; i < 3; ++i) {
    CallMedia& from = i % 2 == 0 ? *caller : *callee;
    CallMedia& to = i % 2 == 0 ? *callee : *caller;
    from.TurnCodecsAround();
    const std::string offer = from.MakeOffer();
    EXPECT_TRUE(offers.insert(offer).second) << offer;
    ASSERT_EQ(to.ReadOffer(offer), sdp::Outcome::kAgreed) << i;
    ASSERT_EQ(from.ReadAnswer({}, to.body()), sdp::Outcome::kAgreed);
    EXPECT_EQ(from.codec(), to.codec());
  }
}

}  // namespace
}  // namespace sansip::cli
