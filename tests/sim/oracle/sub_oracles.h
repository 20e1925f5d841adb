// The oracles behind oracle.h, one class for each kind of thing that they remember.
#ifndef SANSIP_TESTS_SIM_ORACLE_SUB_ORACLES_H_
#define SANSIP_TESTS_SIM_ORACLE_SUB_ORACLES_H_

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sansip/tests/sim/oracle/oracle.h"
#include "sansip/tests/sim/oracle/seen_message.h"

namespace sansip::sim {

// What is remembered by key, and forgotten some time after its last use: `last_use` and Lifetime() of Entry.
// Keys are hashes of 64 bits: who takes two things for one does so once in 10^10 runs, and in every one of
// that seed.
template <typename Entry>
class Memory {
 public:
  struct Got {
    Entry* entry;
    bool is_new;
  };

  Got Get(std::uint64_t key, Instant now) {
    const auto [found, is_new] = entries_.try_emplace(key);
    found->second.last_use = now;
    if (is_new) looks_.emplace_back(After(now, Entry::kLookAfter), key);
    return {&found->second, is_new};
  }
  Entry* Find(std::uint64_t key) {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : &found->second;
  }
  // `last` is called with each entry that goes.
  template <typename Last>
  void Forget(Instant now, Last&& last) {
    while (!looks_.empty() && looks_.front().first <= now) {
      const std::uint64_t key = looks_.front().second;
      looks_.pop_front();
      const auto found = entries_.find(key);
      if (found == entries_.end()) continue;
      if (After(found->second.last_use, found->second.Lifetime()) <= now) {
        last(found->second);
        entries_.erase(found);
      } else {
        looks_.emplace_back(After(now, Entry::kLookAfter), key);
      }
    }
  }

 private:
  std::unordered_map<std::uint64_t, Entry> entries_;
  std::deque<std::pair<Instant, std::uint64_t>> looks_;  // when to look whether it may go
};

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
    bool is_begun = false;
    bool is_wrong = false;  // and was said to be
    Instant first, last;
    Duration expected = Duration::zero();
    std::uint32_t count = 0;
  };
  // One node's view of one transaction: its branch and the method of CSeq.
  struct View {
    static constexpr Duration kLookAfter = std::chrono::seconds(40);  // 64*T1 and a margin
    Duration Lifetime() const { return is_final ? kLookAfter : Duration(std::chrono::minutes(10)); }

    Instant last_use;
    std::uint32_t node = 0;
    Method method = Method::kExtension;
    bool by_datagrams = false;  // what was sent
    bool is_answered = false;   // a response came
    bool is_acked = false;      // an ACK came
    bool is_final = false;      // a final response was sent, or came
    Copies requests;            // sent
    // A server: requests that came at `came_at`; each may set off one copy of the final response.
    Instant came_at = kNever;
    std::uint32_t came = 0;
    Copies finals;               // sent
    bool has_responded = false;  // to an INVITE, provisionally or finally
    std::uint64_t unacked = 0;   // a 2xx: where it stands in unacked_
    int final_status = 0;
    std::uint64_t final_to_tag = 0;
    // An INVITE's client: when it stops waiting for a final response. Later ones are nobody's.
    Instant ends = kNever;
    bool has_provisional = false;
    Instant cancel_ends = kNever;  // 9.1: 64*T1 after the CANCEL
  };
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
    std::uint64_t key = 0;  // in views_
    std::uint32_t node = 0;
  };
  // A 2xx to an INVITE, sent in a dialog.
  struct Unacked {
    std::uint64_t key = 0;  // in views_
    std::uint32_t cseq = 0;
  };

  void OnRequestArrived(const SeenMessage& seen);
  void CheckTrying(Instant now);
  void On2xxSent(View& view, const SeenMessage& seen);
  // An ACK or a BYE of the dialog whose tag of ours is `seen`'s To tag.
  void OnDialogHeard(const SeenMessage& seen);
  void OnRequestSent(const SeenMessage& seen);
  void OnAckSent(const SeenMessage& seen);
  void OnResponseSent(const SeenMessage& seen);
  void OnFinalSentAgain(View& view, const SeenMessage& seen);
  void OnResponseArrived(const SeenMessage& seen);
  void OnAckArrived(const SeenMessage& seen);
  void OnForgotten(const View& view);
  void CheckEnd(const View& view, const Copies& copies, const char* what);
  static void NoteSent(View& view, const SeenMessage& seen);
  void CheckGap(Copies& copies, const SeenMessage& seen, Duration cap, bool cap_at_once);
  void Add(const char* oracle, const SeenMessage& seen, const std::string& text);
  static std::uint64_t KeyOf(const SeenMessage& seen, Method method);
  static std::uint64_t AckKeyOf(const SeenMessage& seen);

  const OracleOptions options_;
  Findings& findings_;
  Memory<View> views_;
  std::vector<std::pair<std::uint64_t, Owed>> owed_at_once_;  // ACKs of 300 to 699
  std::unordered_map<std::uint64_t, Owed> owed_;              // of 2xx, by AckKeyOf
  std::uint64_t owed_made_ = 0;
  std::deque<Trying> trying_;                           // by due time
  std::unordered_map<std::uint64_t, Unacked> unacked_;  // by node, Call-ID and local tag
  Instant now_;
};

// 12.2.1.1: the CSeq of a dialog's requests rises by one with each; sent anew by another path a request keeps
// it (RFC 3263 4.3). 8.1.1.7: a branch names one transaction.
class Oracles::Dialogs {
 public:
  explicit Dialogs(Findings& findings) : findings_(findings) {}
  void OnTime(Instant now);
  void OnMessage(const SeenMessage& seen);

 private:
  struct Side {
    static constexpr Duration kLookAfter = std::chrono::minutes(10);
    Duration Lifetime() const { return is_established ? kForever : kLookAfter; }

    Instant last_use;
    bool is_established = false, is_over = false;
    bool has_sent = false;
    std::uint32_t cseq = 0;
    Method method = Method::kInvite;
    bool was_lost = false;
  };
  struct Branch {
    static constexpr Duration kLookAfter = std::chrono::seconds(40);
    Duration Lifetime() const { return kLookAfter; }
    Instant last_use;
    std::uint64_t transaction = 0;
  };
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
    Instant begun;
    Instant expiry = kNever;  // of its session
    std::uint64_t call_id = 0, local_tag = 0;
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
  using Key = std::pair<std::uint32_t, std::uint64_t>;  // node, call
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  void CheckExpiry(const Key& key, const Call& call, Instant now);
  bool CouldNotKnow(const Call& call) const;

  const OracleOptions options_;
  Findings& findings_;
  std::unordered_map<Key, Call, KeyHash> calls_;  // not gone
  std::vector<Place> places_;                     // by node
  // By Call-ID and the tag of whom it is for (forks have that in common with no other); until it arrives or
  // its call goes.
  std::unordered_map<std::uint64_t, Bye> byes_;
  std::vector<Left> left_;
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_ORACLE_SUB_ORACLES_H_
