// The oracles behind oracle.h, one class for each kind of thing that they remember.
#ifndef SANSIP_TESTS_SIM_ORACLE_SUB_ORACLES_H_
#define SANSIP_TESTS_SIM_ORACLE_SUB_ORACLES_H_

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "sansip/core/base/time.h"
#include "sansip/core/message/method.h"
#include "sansip/tests/sim/oracle/keyed_table.h"
#include "sansip/tests/sim/oracle/memory.h"
#include "sansip/tests/sim/oracle/oracle.h"
#include "sansip/tests/sim/oracle/seen_message.h"

namespace sansip::sim {

// RFC 3261 17.1.1.2, 17.1.2.2, 17.2.1, 13.3.1.4: timers A, E, G and the 2xx's: T1 doubling, capped where the
// text caps, restarted by nothing, and none left out: of a request until a response or 64*T1, of a failure
// until its ACK or 64*T1.
// 13.3.1.4: so are the copies of a 2xx, whatever the transport, until its ACK or the peer's BYE.
// 17.2.1: a server INVITE transaction answers within 200 ms, if only by a 100.
// 17.1.1.3, 13.2.2.4: an ACK to every final response to an INVITE, on the INVITE's branch unless for a 2xx.
// 17.2: a server transaction has at most one final response.
class Oracles::Transactions {
 public:
  Transactions(const OracleOptions& options, Findings& findings) : options_(options), findings_(findings) {}
  void OnTime(Instant now);
  void OnMessage(const SeenMessage& seen);
  void Finish();

 private:
  // Copies of one message, sent by a timer.
  struct Copies {
    Instant first, last;
    std::int64_t expected : 48 = 0;  // ns after the last, up to kExpectedMax
    std::uint64_t count : 14 = 0;
    bool is_begun : 1 = false;
    bool is_wrong : 1 = false;  // and was said to be
  };
  static constexpr std::int64_t kExpectedMax = (std::int64_t{1} << 47) - 1;
  static constexpr Duration kUnanswered = std::chrono::minutes(10);
  // One node's view of a transaction: its branch and the method of CSeq. A client's:
  struct ClientView {
    Duration Lifetime() const { return is_final ? Memory<ClientView>::kLookAfter : kUnanswered; }

    Copies requests;  // sent
    // An INVITE's: when it stops waiting for a final response. Later ones are nobody's.
    Instant ends = kNever;
    Instant cancel_ends = kNever;  // 9.1: 64*T1 after the CANCEL
    LastUse last_use;
    std::uint32_t node = 0;
    Method method = Method::kExtension;
    bool by_datagrams : 1 = false;     // what was sent
    bool is_answered : 1 = false;      // a response came
    bool is_final : 1 = false;         // a final one
    bool has_provisional : 1 = false;  // to an INVITE
  };
  // A server's:
  struct ServerView {
    Duration Lifetime() const { return is_final ? Memory<ServerView>::kLookAfter : kUnanswered; }

    Copies finals;  // sent
    // Requests that came at `came_at`; each may set off one copy of the final response.
    Instant came_at = kNever;
    std::uint64_t final_dialog =
        0;  // of the final response: DialogKeyOf, and so its To tag; a 2xx: in unacked_
    LastUse last_use;
    std::uint32_t node = 0;
    std::uint16_t came = 0;
    std::uint16_t final_status = 0;
    Method method = Method::kExtension;
    bool by_datagrams : 1 = false;   // what was sent
    bool is_acked : 1 = false;       // an ACK came
    bool is_final : 1 = false;       // a final response was sent
    bool has_responded : 1 = false;  // to an INVITE, provisionally or finally
  };
  static_assert(sizeof(ClientView) <= 56 && sizeof(ServerView) <= 56, "a cache line, with the key");
  // A final response to an INVITE that wants its ACK.
  struct Owed {
    std::uint64_t place = 0;  // in the order of arrival
    Instant at;
    std::uint32_t node = 0;
    std::uint64_t branch = 0;
    std::string line;
  };

  // An INVITE that came, and is to have a response by then.
  struct Trying {
    Instant due;
    std::uint64_t key = 0;  // in servers_
    std::uint32_t node = 0;
  };
  // A 2xx to an INVITE, sent in a dialog.
  struct Unacked {
    std::uint64_t key = 0;  // in servers_
    std::uint32_t cseq = 0;
  };

  void OnRequestArrived(const SeenMessage& seen);
  void CheckTrying(Instant until);
  void CheckOwed(Instant now);
  // An ACK or a BYE of the dialog whose tag of ours is `seen`'s To tag.
  void OnDialogHeard(const SeenMessage& seen);
  void OnRequestSent(const SeenMessage& seen);
  void OnAckSent(const SeenMessage& seen);
  void OnResponseSent(const SeenMessage& seen);
  void OnFinalSentAgain(ServerView& view, const SeenMessage& seen);
  void OnResponseArrived(const SeenMessage& seen);
  void OnAckArrived(const SeenMessage& seen);
  void OnForgotten(const ClientView& view);
  void OnForgotten(const ServerView& view);
  template <typename View>
  void CheckEnd(const View& view, const Copies& copies, const char* what);
  Copies FirstCopy(Instant at) const;
  template <typename View>
  static void NoteSent(View& view, const SeenMessage& seen);
  void CheckGap(Copies& copies, const SeenMessage& seen, Duration cap, bool cap_at_once);
  void Add(const char* oracle, const SeenMessage& seen, const std::string& text);
  static std::uint64_t KeyOf(const SeenMessage& seen, Method method);
  static std::uint64_t AckKeyOf(const SeenMessage& seen);
  // Of the dialog's side that has `seen`'s To tag.
  static std::uint64_t DialogKeyOf(const SeenMessage& seen);

  const OracleOptions options_;
  Findings& findings_;
  Memory<ClientView> clients_;
  Memory<ServerView> servers_;
  std::vector<std::pair<std::uint64_t, Owed>> owed_at_once_;  // ACKs of 300 to 699
  KeyedTable<Owed> owed_;                                     // of 2xx, by AckKeyOf
  std::uint64_t owed_made_ = 0;
  std::deque<Trying> trying_;    // by due time
  KeyedTable<Unacked> unacked_;  // by DialogKeyOf
  Instant now_;
};

// 12.2.1.1: the CSeq of a dialog's requests rises by one with each; sent anew by another path a request keeps
// it (RFC 3263 4.3). 8.1.1.7: a branch names one transaction.
class Oracles::Dialogs {
 public:
  explicit Dialogs(Findings& findings) : findings_(findings) {}
  void OnTime(Instant now);
  void Expect(const SeenMessage& seen) const;  // OnMessage() will soon be called
  void OnMessage(const SeenMessage& seen);

 private:
  struct Side {
    Duration Lifetime() const {
      if (is_established) return kForever;
      return is_over ? Memory<Side>::kLookAfter : Duration(std::chrono::minutes(10));
    }

    LastUse last_use;
    std::uint32_t cseq = 0;
    Method method = Method::kInvite;
    bool is_established : 1 = false;
    bool is_over : 1 = false;  // what an INVITE began: with a 2xx, but for those of other forks (13.2.2.4)
    bool has_sent : 1 = false;
    bool was_lost : 1 = false;
  };
  struct Branch {
    Duration Lifetime() const { return Memory<Branch>::kLookAfter; }
    LastUse last_use;
    std::uint32_t transaction = 0;  // of its hash
  };
  // Of the dialog's side that its node is.
  static std::uint64_t LocalTagOf(const SeenMessage& seen);
  static std::uint64_t RemoteTagOf(const SeenMessage& seen);
  Side& SideOf(const SeenMessage& seen, std::uint64_t local_tag, std::uint64_t remote_tag);
  bool IsFirstCopy(const SeenMessage& seen);
  void OnFirstCopy(Side& side, const SeenMessage& seen);

  Findings& findings_;
  Memory<Side> sides_;       // a dialog's, and what an INVITE without To tag began
  Memory<Branch> branches_;  // of requests sent
};

// Laws 6 and 7 of the border: a due deadline makes progress, an early call does nothing, actions are bounded.
class Oracles::Border {
 public:
  Border(const OracleOptions& options, Findings& findings) : options_(options), findings_(findings) {}
  void OnRecord(const Record& record);

 private:
  const OracleOptions options_;
  Findings& findings_;
};

// In the end nothing is left, and who was told of a call was told of its end. RFC 4028: no session outlives
// its expiry; a session ends, unless told otherwise, only in words.
//
// RFC 3261 15 cannot help a side whose peer's BYE was lost in every copy: without a session timer that call
// may stay. For this its last BYE must have been sent as timers E and F say, and none of it arrived.
class Oracles::Calls {
 public:
  Calls(const OracleOptions& options, Findings& findings) : options_(options), findings_(findings) {}
  void OnRecord(const Record& record);
  void OnMessage(const SeenMessage& seen);  // before OnRecord() of the same
  void Finish(Instant now);

 private:
  struct Call {
    std::uint64_t id = 0;
    Instant begun;
    Instant expiry = kNever;  // of its session
    std::uint64_t call_id = 0, local_tag = 0;
    std::uint32_t node = 0;
    bool is_ended = false;
  };
  // What a node's latest event was about.
  struct Place {
    std::uint64_t call_id = 0, local_tag = 0;
    Instant at = kNever;
  };
  // A BYE of which no copy has arrived.
  struct Bye {
    Instant first, last;
  };
  struct Left {
    Instant at;
    std::uint32_t node = 0;
    std::uint32_t count = 0;
    Instant next = kNever;
    std::string text;
  };
  void CheckExpiry(const Call& call, Instant now);
  bool CouldNotKnow(const Call& call) const;

  const OracleOptions options_;
  Findings& findings_;
  KeyedTable<Call> calls_;     // not gone, by node and id
  std::vector<Place> places_;  // by node
  // By Call-ID and the tag of whom it is for (forks have that in common with no other); until it arrives or
  // its call goes.
  KeyedTable<Bye> byes_;
  std::vector<Left> left_;
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_ORACLE_SUB_ORACLES_H_
