// TransactionOptions::invite_keep_alive: an INVITE that goes out again through a NAT (RFC 3581 3).
#include <chrono>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TransactionOptions Every(Duration interval) {
  TransactionOptions options;
  options.invite_keep_alive = interval;
  return options;
}

// An INVITE at 0 with a 180 at 1 s; from then on the log.
class KeepAlive {
 public:
  explicit KeepAlive(Duration interval, Transport transport = Transport::kUdp,
                     Method method = Method::kInvite)
      : t(Every(interval)), id(t.Send(method, transport)) {
    t.AdvanceTo(1);
    t.Receive(ResponseText(t.wires().front(), 180), transport);
    t.Forget();
  }
  void Receive(int status_code) { t.Receive(ResponseText(t.wires().front(), status_code)); }

  LayerUnderTest t;
  TransactionId id;
};

TEST(InviteKeepAlive, AfterAProvisionalResponseEveryTwentySeconds) {
  KeepAlive invite(KeepAliveInterval(Duration::zero()));
  invite.t.AdvanceTo(62);
  EXPECT_THAT(invite.t.TakeLog(), ElementsAre("21 send INVITE", "41 send INVITE", "61 send INVITE"));
  EXPECT_EQ(invite.t.last_wire(), invite.t.wires().front());
  EXPECT_EQ(invite.t.layer().counters().fired(Timer::kKeepAlive), 3u);
  SANSIP_SHOWS("3581-3-5", "3581-3-6");
}

TEST(InviteKeepAlive, IsOffUnlessAskedFor) {
  KeepAlive invite(Duration::zero());
  invite.t.AdvanceTo(1000);
  EXPECT_THAT(invite.t.TakeLog(), IsEmpty());
  EXPECT_EQ(invite.t.layer().next_deadline(), kNever);
}

TEST(InviteKeepAlive, HalfAsLongAsTheBindingLasts) {
  EXPECT_EQ(KeepAliveInterval(seconds(180)), seconds(90));
  KeepAlive longer(KeepAliveInterval(seconds(180)));
  longer.t.AdvanceTo(182);
  EXPECT_THAT(longer.t.TakeLog(), ElementsAre("91 send INVITE", "181 send INVITE"));
  SANSIP_SHOWS("3581-3-7");
  EXPECT_EQ(KeepAliveInterval(seconds(30)), seconds(15));
  KeepAlive shorter(KeepAliveInterval(seconds(30)));
  shorter.t.AdvanceTo(32);
  EXPECT_THAT(shorter.t.TakeLog(), ElementsAre("16 send INVITE", "31 send INVITE"));
  SANSIP_SHOWS("3581-3-8");
  // More is no less often than if nothing was known.
  EXPECT_EQ(KeepAliveInterval(seconds(50)), seconds(20));
  EXPECT_EQ(KeepAliveInterval(minutes(1)), seconds(20));
}

TEST(InviteKeepAlive, EndsWithTheFinalResponse) {
  for (const int status : {200, 486}) {
    KeepAlive invite(seconds(20));
    invite.Receive(status);
    invite.t.Forget();
    invite.t.AdvanceTo(31);
    EXPECT_THAT(invite.t.TakeLog(), IsEmpty()) << status;
  }
}

TEST(InviteKeepAlive, EndsWithACancel) {
  KeepAlive invite(seconds(20));
  invite.t.Cancel(invite.id);
  EXPECT_THAT(invite.t.TakeLog(), ElementsAre("1 send CANCEL"));
  invite.t.AdvanceTo(22);
  for (const std::string& line : invite.t.TakeLog()) EXPECT_NE(line.substr(line.find(' ')), " send INVITE");
}

TEST(InviteKeepAlive, IsForUdpAndInviteAlone) {
  KeepAlive tcp(seconds(20), Transport::kTcp);
  tcp.t.AdvanceTo(100);
  EXPECT_THAT(tcp.t.TakeLog(), IsEmpty());
  KeepAlive options(seconds(20), Transport::kUdp, Method::kOptions);
  options.t.AdvanceTo(100);
  EXPECT_EQ(options.t.layer().counters().fired(Timer::kKeepAlive), 0u);
}

// Law 6: whatever the option, a deadline is followed by a later one.
TEST(InviteKeepAlive, NoMoreOftenThanOnceASecond) {
  KeepAlive invite(milliseconds(1));
  invite.t.AdvanceTo(3.5);
  EXPECT_THAT(invite.t.TakeLog(), ElementsAre("2 send INVITE", "3 send INVITE"));
}

TEST(InviteKeepAlive, GoesOnAfterARestoreWhereItIsAskedFor) {
  for (const Duration interval : {Duration(seconds(20)), Duration::zero()}) {
    KeepAlive invite(seconds(20));
    std::vector<char> bytes(invite.t.layer().SnapshotSize());
    FlowDescription flow;
    flow.flow = LayerUnderTest::kFlow;
    const FlowDescription flows[] = {flow};
    ASSERT_EQ(invite.t.layer().Snapshot(invite.t.now(), flows, bytes), bytes.size());
    LayerUnderTest restored(Every(interval), 2);
    const FlowId located[] = {LayerUnderTest::kFlow};
    ASSERT_TRUE(restored.layer().Restore(bytes, restored.now(), Duration::zero(), located).ok());
    restored.AdvanceTo(20.5);
    if (interval == Duration::zero()) {
      EXPECT_THAT(restored.TakeLog(), IsEmpty());
      EXPECT_EQ(restored.layer().next_deadline(), kNever);
    } else {
      EXPECT_THAT(restored.TakeLog(), ElementsAre("20 send INVITE"));
    }
  }
}

}  // namespace
}  // namespace sansip::testing
