// The transaction layer: RFC 3261 17 as amended by RFC 6026, 3581 and 4320, for all transactions of one
// owner. Four machines (invite_client.h, non_invite_client.h, invite_server.h, non_invite_server.h) behind
// one border.
//
// The ten laws of the border (each has a test of its own name in layer_laws_test.cc):
//  1. One call is one protocol event: one datagram, one framed message, one deadline batch, one request of
//     the user.
//  2. The sink is empty on entry of the outermost object. Execute its actions, clear it, then call again.
//     Within a call: transmit, deliver, gone; across calls: call order.
//  3. The core calls nobody but its RandomSource and pure functions given at construction. Observation is
//     data too: the arrows taken go to an optional second sink.
//  4. Time is an argument. A `now` earlier than the latest seen is clamped and counted, never asserted.
//  5. Borrowing is stated: input views for the call; Transmit::wire until the next call into the outermost
//     object; what Deliver... points to is the MessageView that was passed in. Each call into a layer is
//     such a call, unless TransactionOptions::is_composed: then BeginOuterEvent() is.
//  6. Deadlines are honest: OnDeadline(next_deadline()) always makes progress; early calls are no-ops.
//  7. Every event has a bounded number of actions, and of steps (kStepsPerEventMax), whatever it is about. A
//     deadline batch stops when the sink is full or the steps are taken; the rest stays due. A sink holds at
//     least kActionsPerEventMax.
//  8. Ids are never reused; a stale id is an ordinary answer.
//  9. Equal deadlines fire in the order they were armed. No container's order is observable.
// 10. One owner, no threads, no globals. Layers may be sharded by the top branch.
#ifndef SANSIP_CORE_TRANSACTION_LAYER_H_
#define SANSIP_CORE_TRANSACTION_LAYER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "sansip/core/action/action.h"
#include "sansip/core/base/address.h"
#include "sansip/core/base/ids.h"
#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/draft.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"
#include "sansip/core/transaction/arrow.h"
#include "sansip/core/transaction/counters.h"
#include "sansip/core/transaction/live_transaction.h"
#include "sansip/core/transaction/refusal.h"
#include "sansip/core/transaction/snapshot.h"
#include "sansip/core/transaction/timers.h"

namespace sansip {

struct TransactionOptions {
  TimerValues timers;  // T1, T2, T4, D: RFC 3261 table 4
  // Of a server transaction, by what makes it. Pure (law 3); null: `timers` for all.
  TimerOverride (*server_timers)(const Origin& origin, const MessageView& request) = nullptr;
  // Beyond: requests get a stateless 503, SendRequest kTooManyTransactions. The layer's own CANCELs have as
  // many places besides, and an INVITE is sent only if one can be kept for it: Cancel() never lacks one.
  std::size_t transactions_max = 16384;
  // Of these, server transactions by requests of one source: an IPv4 address, or a /64 of IPv6, whatever the
  // port (core/base/source_counts.h). Beyond: the same 503. 0: no such limit, for behind a proxy all requests
  // have one source. A CANCEL of a request that lives here is never refused for it.
  std::size_t server_transactions_per_source_max = 0;
  std::size_t message_bytes_max = 65535;      // of a message sent; at most 65536
  std::size_t buffered_bytes_max = 64 << 20;  // of sent messages kept for retransmission, all together
  Sink<ArrowTaken>* arrows = nullptr;         // observation; a full sink drops and counts
  std::uint32_t retry_after_seconds = 5;      // of the stateless 503 (RFC 3261 20.33)
  // RFC 3581 3: over UDP an INVITE goes out again so often for as long as it has no final response, behind a
  // NAT without another keep-alive; KeepAliveInterval() (timers.h). Zero: never, as RFC 3261 17.1.1.2 wants
  // it. Less than a second is one.
  Duration invite_keep_alive = Duration::zero();
  // RFC 3261 8.2.2.2: compares each new request without a To tag with those that live, for is_merged of
  // DeliverRequest. A user agent's matter: a proxy forwards them all (16.3 wants no more than loops found).
  bool finds_merged = false;
  bool is_composed = false;  // the owner says when an outer event begins (law 5)
};

struct Started {
  TransactionId id;  // nil on error, and of SendOutside
  StartError error = StartError::kNone;
  std::size_t wire_bytes = 0;  // of the request, also with kTooLongForPath
};

class TransactionLayer {
 public:
  // Law 7. Of one message: at most a retransmission or an ACK, a delivery, a failure and a Gone.
  static constexpr std::size_t kActionsPerEventMax = 8;
  // Law 7. Steps that give actions fill the sink before; a transaction ended or stepped over gives none.
  static constexpr std::size_t kStepsPerEventMax = 256;

  // `random` must be unpredictable in production and must outlive the layer.
  TransactionLayer(const TransactionOptions& options, RandomSource& random);
  ~TransactionLayer();
  TransactionLayer(const TransactionLayer&) = delete;
  TransactionLayer& operator=(const TransactionLayer&) = delete;

  // With TransactionOptions::is_composed only: the Transmit actions of all earlier calls are done with.
  void BeginOuterEvent();

  // A request: its transaction's matter, or a new one (DeliverRequest). An ACK to a 2xx is delivered with a
  // nil id. A response of no transaction is dropped and counted (RFC 6026 8.9).
  void OnMessage(Instant now, const Origin& origin, const MessageView& message, ActionSink& out);
  // A request whose Via, From, To, Call-ID and CSeq can be read and that is no ACK gets `error`'s response;
  // anything else is counted and dropped (RFC 3261 8.2, 16.3, 18.3).
  void OnUnparsable(Instant now, const Origin& origin, std::string_view bytes, ParseError error,
                    ActionSink& out);
  void OnTransportError(Instant now, TransactionId id, ActionSink& out);  // one send failed
  // For all that are on it now, the latest begun first; what overflows the sink comes from OnDeadline, due at
  // once. A transaction that has yet to be told of an earlier failure is told once.
  void OnFlowFailed(Instant now, FlowId flow, ActionSink& out);
  void OnDeadline(Instant now, ActionSink& out);

  // A client transaction (17.1). Adds Via with a new branch and Content-Length. Not for ACK or CANCEL. Wants
  // From, To, Call-ID, CSeq and Max-Forwards once each (8.1.1), and for an INVITE a Path whose sent-by is a
  // host: else kBadDraft. The values are the user's matter; an ACK and a CANCEL repeat them as they are.
  // `timers`: its own, and those of its CANCEL. The Via names the Path's transport (18.1.1).
  [[nodiscard]] Started SendRequest(Instant now, const Path& path, const RequestDraft& draft, Cookie cookie,
                                    ActionSink& out, const TimerOverride& timers = {});
  // Via, From, To, Call-ID, CSeq are those of the request. A To without a tag gets draft.to_tag, or if that
  // is empty one made of the request (8.2.7), except in a 100. To a non-INVITE: see kNotAllowed.
  [[nodiscard]] RespondError SendResponse(Instant now, TransactionId id, const ResponseDraft& draft,
                                          ActionSink& out);
  // The 2xx once more, in Accepted only (RFC 6026 8.7; the clock is the user's: 13.3.1.4).
  void ResendFinal(Instant now, TransactionId id, ActionSink& out);
  // Cancels a client INVITE: held until a provisional arrives (9.1), nothing after a final. The CANCEL's own
  // transaction is the layer's: of its actions only Transmit is seen. Without buffer space it is tried again
  // with each provisional. If no final comes within 64*T1 of the first try, the INVITE fails with kTimeout.
  void Cancel(Instant now, TransactionId id, ActionSink& out);
  // The cookie of the client transaction that the response belongs to; zero: there is none.
  Cookie CookieOf(const MessageView& response) const;  // O(1)
  // The user gives a transaction up. What the RFC owes the peer is still done: of the transaction's actions
  // only Transmit and, at its end, Gone are seen; responses given to it are refused (kWrongState).
  //  - An INVITE client is cancelled, as by Cancel(), and ends by its clocks. A 300-699 is acknowledged. But
  //    a 2xx has made a dialog, which somebody must acknowledge and end (13.2.2.4, 15): each is delivered,
  //    with a nil id and the cookie.
  //  - Any other client is repeated until its final response or timer F.
  //  - An INVITE server without a final response is answered 500 (21.5.1), with the To tag of its provisional
  //    responses (8.2.6.2), and waits for the ACK. In Accepted its ACKs are delivered as ever.
  //  - Any other server without a final response gets its 100 when that is due, no 408 nor anything else
  //    (RFC 4320 4.2), and ends 64*T1 after it began; until then it absorbs the request's copies. So does an
  //    INVITE server for whose 500 there is no buffer space.
  void Abandon(Instant now, TransactionId id, ActionSink& out);
  // The ACK to a 2xx (13.2.2.4): a new branch, no transaction. Keeps nothing: send the draft again for a
  // retransmitted 2xx, or the bytes of the Transmit action if they were kept.
  Started SendOutside(Instant now, const Path& path, const RequestDraft& draft, ActionSink& out);
  // A response of no transaction (stateless UAS, 8.2.7).
  void RespondOutside(Instant now, const Origin& origin, const MessageView& request,
                      const ResponseDraft& draft, ActionSink& out);

  // The server transaction that this CANCEL server transaction matches, whatever its method (9.2). Nil: none,
  // answer the CANCEL 481. Else answer it 200, also where it has no effect: where the request is no INVITE or
  // has its final response.
  TransactionId RequestOf(TransactionId cancel) const;
  TransactionId InviteOf(TransactionId cancel) const;  // the same if it is an INVITE, else nil
  // Would OnMessage take this request for a copy of one that lives here (17.2.3)? Not asked of an ACK. For
  // who judges requests on their way here: a copy was judged when it came first.
  bool IsCopy(const MessageView& request) const;
  // The request as it arrived first is not kept; this is what a response needs of it and a user may ask.
  bool IsServer(TransactionId id) const;
  State StateOf(TransactionId id) const;  // kTerminated: gone
  bool Refers(FlowId flow) const;  // does a live transaction send on this flow? (it must not be evicted)

  // The distinct flows of all transactions, as many as `out` holds; how many there are.
  std::size_t FlowsInUse(std::span<FlowId> out) const;
  // The whole state, timers included, as bytes (snapshot.h). `flows` describes what FlowsInUse tells, in its
  // order. Not stored: options, counters, the RandomSource, salts. Returns the bytes needed, written if `out`
  // holds as many; 0: `flows` is not that list. SnapshotSize() tells the same beforehand. Linear.
  std::size_t SnapshotSize() const;
  std::size_t Snapshot(Instant now, std::span<const FlowDescription> flows, std::span<char> out) const;
  // Into a layer that was not used yet: ids are what they were, and with equal options all goes on alike.
  // `now`: of this process' clock; `elapsed`: since the snapshot, by a clock that both processes share (less
  // than nothing: nothing). What became due meanwhile is due now, in its order. `flows`: a flow for each
  // description in the snapshot (ReadSnapshotFlows), made for it in this process; nil: there is none any
  // more, as if OnFlowFailed had come for it. On an error the layer is as new.
  [[nodiscard]] RestoreError Restore(std::span<const char> snapshot, Instant now, Duration elapsed,
                                     std::span<const FlowId> flows);

  [[nodiscard]] Instant next_deadline() const;            // O(1); kNever when idle
  std::size_t live() const;                               // transactions, of either side
  std::size_t client_transactions_without_final() const;  // CANCELs of the layer's own among them
  const TransactionCounters& counters() const;            // copy it for a snapshot
  TransactionMemory memory() const;
  static std::size_t slot_bytes();  // of each of TransactionMemory::slots
  // Goes on with a walk over the live transactions, by at most kStepsPerEventMax slots, and says how many of
  // `live` it filled; over when cursor.at_end. Between two such calls the layer may be used: what lives from
  // the first to the last is seen once; what begins or ends in between, once or not at all.
  std::size_t ReadLive(LiveCursor& cursor, std::span<LiveTransaction> live) const;
  const TransactionOptions& options() const;
  bool IsConsistent() const;  // DCHECKed after every input

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_LAYER_H_
