// The inside of the transaction layer: what it holds per transaction, and how an event becomes a step.
//
// layer.cc        time, look-up, one step and its effects
// layer_state.cc  what is shown of it
// receive.cc      messages from the network
// send.cc         what the user asks
// snapshot.cc     all of it as bytes
// restore.cc      and back
#ifndef SANSIP_CORE_TRANSACTION_LAYER_IMPL_H_
#define SANSIP_CORE_TRANSACTION_LAYER_IMPL_H_

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "sansip/core/base/byte_pool.h"
#include "sansip/core/base/slab.h"
#include "sansip/core/base/slot_index.h"
#include "sansip/core/base/source_counts.h"
#include "sansip/core/base/string_hash.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/method.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/timer/deadline_queue.h"
#include "sansip/core/transaction/key.h"
#include "sansip/core/transaction/layer.h"
#include "sansip/core/transaction/step.h"
#include "sansip/core/transaction/stored_request.h"

namespace sansip {

enum class Cancelling : std::uint8_t { kNo, kWanted, kSent };

// A hundred of these bits as text: a branch behind the cookie (RFC 3261 8.1.1.7), or a tag (19.3).
class TokenText {
 public:
  static constexpr std::size_t kSize = 20;
  TokenText(std::uint64_t high, std::uint64_t low);
  std::string_view view() const { return {text_, kSize}; }

 private:
  char text_[kSize];
};

// A branch of our own, cookie included. It says in which slot its transaction is, so that a response finds it
// without a search: no secret, only mixed with what is random, so that branches have nothing in common.
class Branch {
 public:
  static constexpr std::size_t kSize = kBranchCookie.size() + TokenText::kSize;
  Branch() = default;
  Branch(std::uint64_t high, std::uint64_t low, std::uint32_t slot);  // `high` and `low` are random
  // False if `text` was made by no layer.
  [[nodiscard]] static bool Read(std::string_view text, Branch& branch);
  // Of another text: any number.
  static std::uint32_t SlotIn(std::string_view text);
  std::string_view view() const { return {text_, kSize}; }

 private:
  static constexpr std::size_t kSlot = kSize - 8;  // where it stands; before it are 12 random characters
  char text_[kSize] = {};
};

struct Transaction {
  TransactionId id;
  FlowId flow;
  Cookie cookie;
  MachineState machine;
  Transport transport = Transport::kUdp;
  Cancelling cancelling = Cancelling::kNo;  // of an INVITE client
  bool is_layers_own = false;               // a CANCEL that Cancel() made
  bool is_abandoned = false;
  bool is_in_keys = false;             // or found by the slot in its branch
  bool is_merged = false;              // of a server
  Method method = Method::kExtension;  // for kExtension see `wire` of a client, `kept` of a server: it stays
  std::uint32_t flow_previous = SlotIndex::kNone;
  std::uint32_t flow_next = SlotIndex::kNone;
  std::uint32_t source = SourceCounts::kNone;  // of a server, where sources are counted
  TimerOverride timers;
  std::uint64_t hash = 0;       // of its key, where it is in keys_
  std::uint64_t merge_key = 0;  // of a server that is in mergeable_
  Instant began;
  // Of a client the request, none once it is not needed any more; of a server the latest response.
  PooledBytes wire;
  // Of an INVITE client the ACK; of a server its StoredRequest, none once all that is needed of it, the key,
  // is in its response.
  PooledBytes kept;
  union {
    Branch branch = {};  // of a client
    KeyPlace key_place;  // of a server
  };

  bool is_client() const {
    return machine.machine == Machine::kInviteClient || machine.machine == Machine::kNonInviteClient;
  }
  bool is_invite() const {
    return machine.machine == Machine::kInviteClient || machine.machine == Machine::kInviteServer;
  }
  // Of a client: what its responses are matched by.
  ClientKey client_key() const {
    const std::string_view text = wire.view();
    return {.branch = branch.view(),
            .method = method == Method::kExtension ? text.substr(0, text.find(' ')) : MethodName(method)};
  }
  // Of a server: what its requests are matched by.
  ServerKey server_key() const {
    if (!kept.is_none()) return StoredRequest(kept.view()).key();
    ServerKey key;
    key.branch = wire.view().substr(key_place.branch_begin, key_place.branch_size);
    key.host = wire.view().substr(key_place.host_begin, key_place.host_size);
    key.port = key_place.port;
    key.method = MethodName(method);
    key.has_cookie = true;
    return key;
  }
};

class TransactionLayer::Impl {
 public:
  // Of one step: a message of the transaction's own, a CANCEL, a delivery and a Gone.
  static constexpr std::size_t kActionsPerStepMax = 4;

  Impl(const TransactionOptions& options, RandomSource& random);

  void BeginOuterEvent() { pool_.EmptyQuarantine(); }
  void OnMessage(Instant now, const Origin& origin, const MessageView& message, ActionSink& out);
  void OnUnparsable(Instant now, const Origin& origin, std::string_view bytes, ParseError error,
                    ActionSink& out);
  void OnTransportError(Instant now, TransactionId id, ActionSink& out);
  void OnFlowFailed(Instant now, FlowId flow, ActionSink& out);
  void OnDeadline(Instant now, ActionSink& out);
  Started SendRequest(Instant now, const Path& path, const RequestDraft& draft, Cookie cookie,
                      ActionSink& out, const TimerOverride& timers);
  RespondError SendResponse(Instant now, TransactionId id, const ResponseDraft& draft, ActionSink& out);
  void ResendFinal(Instant now, TransactionId id, ActionSink& out);
  void Cancel(Instant now, TransactionId id, ActionSink& out);
  void Abandon(Instant now, TransactionId id, ActionSink& out);
  Started SendOutside(Instant now, const Path& path, const RequestDraft& draft, ActionSink& out);
  void RespondOutside(Instant now, const Origin& origin, const MessageView& request,
                      const ResponseDraft& draft, ActionSink& out);

  std::size_t FlowsInUse(std::span<FlowId> out) const;
  std::size_t SnapshotSize() const;
  std::size_t Snapshot(Instant now, std::span<const FlowDescription> flows, std::span<char> out) const;
  RestoreError Restore(std::span<const char> snapshot, Instant now, Duration elapsed,
                       std::span<const FlowId> flows);

  TransactionId RequestOf(TransactionId cancel) const;
  TransactionId InviteOf(TransactionId cancel) const;
  bool IsCopy(const MessageView& request);
  Cookie CookieOf(const MessageView& response);
  const Transaction* Find(TransactionId id) const { return transactions_.Find(id); }
  bool Refers(FlowId flow) const { return FirstOn(flow) != SlotIndex::kNone; }
  Instant next_deadline() const { return deadlines_.next_deadline(); }
  std::size_t live() const { return transactions_.size(); }
  std::size_t waiting_for_final() const { return waiting_for_final_; }
  const TransactionCounters& counters() const { return counters_; }
  TransactionMemory memory() const;
  std::size_t ReadLive(LiveCursor& cursor, std::span<LiveTransaction> live) const;
  void Count(StartError error) {
    counters_.start_errors[static_cast<std::size_t>(error)] += error != StartError::kNone;
  }
  void Count(RespondError error) {
    counters_.respond_errors[static_cast<std::size_t>(error)] += error != RespondError::kNone;
  }
  const TransactionOptions& options() const { return options_; }
  bool IsConsistent() const;

 private:
  // layer.cc
  void Begin(Instant now);
  Transaction* FindCounted(TransactionId id);
  Transaction* Start(Machine machine, FlowId flow, Transport transport);
  void Index(Transaction& transaction, std::uint64_t hash);
  void Destroy(Transaction& transaction);
  TimerValues TimersOf(const Transaction& transaction) const {
    return Overridden(options_.timers, transaction.timers);
  }
  const ArrowIndex& ArrowsOf(const Transaction& transaction) const {
    return arrows_[static_cast<std::size_t>(transaction.machine.machine)];
  }
  void End(Transaction& transaction, ActionSink& out);                 // Gone, and destroyed
  void ArmOutside(Transaction& transaction, Timer timer, Instant at);  // a timer that no arrow starts
  void SetDeadline(const Transaction& transaction);                    // its earliest timer's, or none
  void ArmKeepAlive(Transaction& invite);
  void OnKeepAlive(Transaction& invite, ActionSink& out);
  bool IsFull() const { return transactions_.size() - own_cancels_ >= options_.transactions_max; }
  // One event of one transaction. Null: ignored in its state.
  const Arrow* Take(Transaction& transaction, Event event, const MessageView* message, ActionSink& out);
  [[gnu::always_inline]] void Perform(Transaction& transaction, const Arrow& arrow,
                                      const MessageView* message, ActionSink& out);
  // Follow(), with timers of another length than the layer's.
  [[gnu::noinline]] void FollowByItsOwn(Transaction& transaction, const Arrow& arrow);
  void CountWaiting(const Transaction& client, const Arrow& arrow);
  void Deliver(const Transaction& transaction, const MessageView& message, ActionSink& out);
  void TransmitKept(const Transaction& transaction, const PooledBytes& bytes, ActionSink& out);
  void Observe(const Transaction& transaction, const Arrow& arrow);
  // After the final response: keeps what later messages are matched by, and what may be sent again.
  void ForgetRequest(Transaction& transaction);
  void CountRestored(const Transaction& transaction);
  void LinkFlow(Transaction& transaction);
  void UnlinkFlow(Transaction& transaction);
  // What is left to tell of a flow's failure is armed on one transaction, the first that was not told yet.
  void PassFlowFailure(const Transaction& from, Instant at, std::uint64_t order);
  std::uint32_t FirstOn(FlowId flow) const;
  // Keeps what is in scratch_; none if there is no room.
  PooledBytes Keep(std::string_view text);
  bool Parse(std::string_view wire);  // our own bytes, into parsed_

  // receive.cc
  void OnRequest(const Origin& origin, const MessageView& request, ActionSink& out);
  void OnResponse(const MessageView& response, ActionSink& out);
  Transaction* FindClient(const ClientKey& key);
  void OnRequestAgain(Transaction& transaction, const MessageView& request, ActionSink& out);
  void OnNewRequest(const Origin& origin, const MessageView& request, const ServerKey& key,
                    std::uint64_t hash, ActionSink& out);
  // Null: refused.
  Transaction* StartServer(const Origin& origin, const MessageView& request, const ServerKey& key,
                           std::uint64_t hash, std::string_view made_tag, ActionSink& out);
  Transaction* FindServer(const ServerKey& key, std::uint64_t hash, bool is_ack, std::string_view ack_to_tag);
  // Requests that look alike, live: so many that there must be no more? And the tag that one of them brought.
  bool IsCrowded(std::uint64_t hash, std::string_view* made_tag = nullptr) const;
  std::string_view ToTagSent(const Transaction& server);
  // `message`: the request, or a response to it.
  std::uint64_t MergeKeyOf(const MessageView& message) const;
  void FindMerged(Transaction& server, const MessageView& message);
  void Refuse(Refusal cause, const Origin& origin, const MessageView& request, ActionSink& out);

  // send.cc
  std::uint32_t RequestMatching(const ServerKey& cancel) const;  // kNone: none
  std::string_view WriteRequest(const Path& path, const RequestDraft& draft, const Branch& branch,
                                StartError& error);
  Branch NewBranch(TransactionId id);
  void Make100(Transaction& server);
  void MakeAck(Transaction& client, const MessageView& response);
  void CancelInvite(Transaction& invite, ActionSink& out);
  void SendCancel(Transaction& invite, ActionSink& out);
  // `to_tag` if the request has none; empty: one is made of the request.
  RespondError Respond(Transaction& server, const ResponseDraft& draft, std::string_view to_tag, Event event,
                       ActionSink& out);
  // RFC 3261 8.2.7: the same request always gets the same tag.
  TokenText TagFor(const ServerKey& key) const;
  // A response without a tag of the user's gets that one.
  void WriteTagged(const StoredRequest& request, const ResponseDraft& draft, std::string_view to_tag,
                   Duration age, Writer& writer) const;
  bool IsReadable(std::string_view response);  // by who sent the request
  // A response of no transaction into `storage`; empty if it cannot be made.
  std::string_view WriteOutside(const Origin& origin, const MessageView& request, const ResponseDraft& draft,
                                std::span<char> storage);
  // For this event only; false if there is no room.
  bool TransmitOutside(FlowId flow, std::string_view wire, ActionSink& out);
  std::span<char> Scratch() { return {scratch_.get(), options_.message_bytes_max}; }

  // snapshot.cc, restore.cc
  class Saving;
  class Restoring;
  void Forget();  // all transactions, as if there had been none
  // visit(transaction) for every one, flow by flow, of each flow in the order in which they began.
  template <typename Visit>
  void ForEachByFlow(Visit visit) const;

  TransactionOptions options_;
  RandomSource& random_;
  std::array<ArrowIndex, 4> arrows_;  // in the order of enum Machine
  StringHash hash_;                   // of keys
  StringHash tag_hash_;               // of tags, which are shown: those of keys stay hidden
  Instant now_ = Instant::min();
  Slab<Transaction, TransactionId> transactions_;
  SlotIndex keys_;  // of servers, and of those clients that a branch does not lead to: CANCELs, restored ones
  SlotIndex flows_;      // to the first transaction of each flow's list
  SlotIndex mergeable_;  // servers by From tag, Call-ID and CSeq, of each the first
  SourceCounts sources_;
  DeadlineQueue deadlines_;
  BytePool pool_;
  Parser parser_;
  MessageIndex parsed_;
  std::unique_ptr<char[]> scratch_;  // a message being written
  std::unique_ptr<char[]> run_;      // a StoredRequest being written
  std::unique_ptr<char[]> refusal_;  // the 503 of this event: there may be no other memory
  TransactionCounters counters_;
  std::size_t waiting_for_final_ = 0;
  std::size_t own_cancels_ = 0;    // transactions, of Cancel()
  std::size_t cancel_places_ = 0;  // theirs, and those kept for INVITEs that may still be cancelled
  TransactionId touched_;
};

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_LAYER_IMPL_H_
