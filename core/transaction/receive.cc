// The transaction layer: messages from the network find their transaction, or make one.
#include <algorithm>
#include <bit>
#include <charconv>
#include <limits>
#include <span>

#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/status_code.h"
#include "sansip/core/message/verdict.h"
#include "sansip/core/transaction/layer_impl.h"

namespace sansip {

namespace {

// Requests that look alike but for their method, and those of RFC 2543 peers but for Request-URI or To tag:
// those share a hash, and so many at a time may live. One is the rule, two with a CANCEL; a flood of them
// must not make look-up linear.
constexpr std::size_t kLookAlikesMax = 8;
constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

// RFC 3261 17.1.1.2, 17.1.2.2.
Event ClassOf(int status_code, bool is_invite) {
  if (IsProvisional(status_code)) return Event::kResponse1xx;
  if (!is_invite) return Event::kResponseFinal;
  return IsSuccess(status_code) ? Event::kResponse2xx : Event::kResponse300To699;
}

}  // namespace

void TransactionLayer::Impl::OnMessage(Instant now, const Origin& origin, const MessageView& message,
                                       ActionSink& out) {
  Begin(now);
  for (std::uint32_t bits = message.index().tolerances; bits != 0; bits &= bits - 1) {
    ++counters_.tolerated[static_cast<std::size_t>(std::countr_zero(bits))];
  }
  if (message.is_request()) {
    OnRequest(origin, message, out);
  } else {
    OnResponse(message, out);
  }
}

void TransactionLayer::Impl::OnResponse(const MessageView& response, ActionSink& out) {
  ++counters_.responses_in;
  ClientKey key;
  Transaction* const found = ClientKeyOf(response, key) ? FindClient(key) : nullptr;
  if (found == nullptr) {
    // RFC 6026 8.9: dropped, and nobody is troubled.
    ++counters_.stray_responses;
    return;
  }
  Transaction& transaction = *found;
  const State before = transaction.machine.state;
  const Event event = ClassOf(response.status_code(), transaction.is_invite());
  const Arrow* arrow = Take(transaction, event, &response, out);
  const bool is_again =
      before == State::kCompleted || (before == State::kAccepted && event == Event::kResponse2xx);
  if (arrow == nullptr || is_again) ++counters_.retransmissions_in;
}

Cookie TransactionLayer::Impl::CookieOf(const MessageView& response) {
  ClientKey key;
  const Transaction* const found = ClientKeyOf(response, key) ? FindClient(key) : nullptr;
  return found == nullptr ? Cookie{} : found->cookie;
}

Transaction* TransactionLayer::Impl::FindClient(const ClientKey& key) {
  Transaction* const there = transactions_.InSlot(Branch::SlotIn(key.branch));
  if (there != nullptr && there->is_client() && Matches(there->client_key(), key)) return there;
  const std::uint32_t slot = keys_.Find(HashOf(hash_, key), [&](std::uint32_t candidate) {
    const Transaction& transaction = transactions_.At(candidate);
    return transaction.is_client() && Matches(transaction.client_key(), key);
  });
  return slot == SlotIndex::kNone ? nullptr : &transactions_.At(slot);
}

Transaction* TransactionLayer::Impl::FindServer(const ServerKey& key, std::uint64_t hash, bool is_ack,
                                                std::string_view ack_to_tag) {
  const std::uint32_t slot = keys_.Find(hash, [&](std::uint32_t candidate) {
    Transaction& transaction = transactions_.At(candidate);
    if (transaction.is_client()) return false;
    if (!Matches(transaction.server_key(), key, !is_ack)) return false;
    // RFC 3261 17.2.3: without the cookie an ACK is told by the To tag of the response it acknowledges.
    return !is_ack || key.has_cookie || SameToken(ToTagSent(transaction), ack_to_tag);
  });
  return slot == SlotIndex::kNone ? nullptr : &transactions_.At(slot);
}

bool TransactionLayer::Impl::IsCopy(const MessageView& request) {
  ServerKey key;
  if (!request.is_request() || request.method() == Method::kAck || !ServerKeyOf(request, key)) return false;
  return FindServer(key, HashOf(hash_, key), false, {}) != nullptr;
}

// The To tag of the latest response; empty if there is none.
std::string_view TransactionLayer::Impl::ToTagSent(const Transaction& server) {
  if (server.wire.is_none() || !Parse(server.wire.view())) return {};
  return ToTag(MessageView(server.wire.view(), parsed_));
}

void TransactionLayer::Impl::OnRequest(const Origin& origin, const MessageView& request, ActionSink& out) {
  ++counters_.requests_in;
  ServerKey key;
  if (!ServerKeyOf(request, key)) {
    ++counters_.unparsable_dropped;
    return;
  }
  const bool is_ack = request.method() == Method::kAck;
  const std::uint64_t hash = HashOf(hash_, key);
  Transaction* transaction = FindServer(key, hash, is_ack, is_ack ? ToTag(request) : std::string_view());
  if (transaction != nullptr) {
    OnRequestAgain(*transaction, request, out);
  } else if (is_ack) {
    // RFC 3261 13.3.1.4: to a 2xx, it has a branch of its own; the user knows its dialog.
    ++counters_.stray_acks;
    out.Append(action::DeliverRequest{TransactionId{}, &request});
  } else {
    OnNewRequest(origin, request, key, hash, out);
  }
}

void TransactionLayer::Impl::OnRequestAgain(Transaction& transaction, const MessageView& request,
                                            ActionSink& out) {
  if (request.method() == Method::kAck) {
    const State before = transaction.machine.state;
    Take(transaction, Event::kAck, &request, out);
    if (before == State::kConfirmed) ++counters_.retransmissions_in;
    if (before == State::kProceeding) ++counters_.stray_acks;
    return;
  }
  ++counters_.retransmissions_in;
  // RFC 3261 17.2.1: the latest provisional response; before there is one, the 100 is due.
  const bool is_100_due = transaction.machine.machine == Machine::kInviteServer &&
                          transaction.machine.state == State::kProceeding && transaction.wire.is_none();
  Take(transaction, is_100_due ? Event::kTimerTrying : Event::kRequest, &request, out);
}

// From tag, Call-ID and CSeq. 64 bits of a hash that nobody else can make stand for the texts.
std::uint64_t TransactionLayer::Impl::MergeKeyOf(const MessageView& message) const {
  const MessageIndex& index = message.index();
  return hash_.OfThree(index.cseq_number, FromTag(message), message.First(HeaderId::kCallId).value_or(""),
                       message.Text(index.cseq_method_text)) |
         1;
}

// RFC 3261 8.2.2.2. Each further copy is compared with the first one and not kept: however many come, none
// costs more than another.
void TransactionLayer::Impl::FindMerged(Transaction& server, const MessageView& message) {
  const std::uint64_t key = MergeKeyOf(message);
  const std::uint32_t first = mergeable_.Find(
      key, [this, key](std::uint32_t slot) { return transactions_.At(slot).merge_key == key; });
  server.is_merged = first != SlotIndex::kNone;
  if (server.is_merged) return;
  server.merge_key = key;
  mergeable_.Insert(key, server.id.slot);
}

bool TransactionLayer::Impl::IsCrowded(std::uint64_t hash, std::string_view* made_tag) const {
  std::size_t alike = 0;
  keys_.Find(hash, [&](std::uint32_t slot) {
    const Transaction& transaction = transactions_.At(slot);
    if (made_tag != nullptr && !transaction.is_client() && transaction.hash == hash &&
        !transaction.kept.is_none()) {
      const std::string_view tag = StoredRequest(transaction.kept.view()).made_tag();
      if (!tag.empty()) *made_tag = tag;
    }
    return ++alike >= kLookAlikesMax;
  });
  return alike >= kLookAlikesMax;
}

void TransactionLayer::Impl::OnNewRequest(const Origin& origin, const MessageView& request,
                                          const ServerKey& key, std::uint64_t hash, ActionSink& out) {
  const bool is_cancel = request.method() == Method::kCancel;
  const bool has_request = is_cancel && RequestMatching(key) != SlotIndex::kNone;
  counters_.stray_cancels += std::uint64_t{is_cancel && !has_request};
  if (IsFull()) return Refuse(Refusal::kTransactionsMax, origin, request, out);
  // RFC 3261 9.2: a CANCEL is answered with the tag of its INVITE, also where that was made in another
  // process.
  std::string_view made_tag;
  if (IsCrowded(hash, &made_tag)) return Refuse(Refusal::kLookAlikes, origin, request, out);
  std::uint32_t source = SourceCounts::kNone;
  if (options_.server_transactions_per_source_max > 0) {
    // RFC 3261 9: whoever has as many as it may have can still end them. One CANCEL each.
    source =
        sources_.Enter(origin.source, has_request ? kNoLimit : options_.server_transactions_per_source_max);
    if (source == SourceCounts::kNone) return Refuse(Refusal::kSourceMax, origin, request, out);
  }
  Transaction* transaction = StartServer(origin, request, key, hash, made_tag, out);
  if (transaction == nullptr) return sources_.Leave(source);
  transaction->source = source;
  if (options_.finds_merged && !is_cancel && ToTag(request).empty()) FindMerged(*transaction, request);
  if (options_.server_timers != nullptr) transaction->timers = options_.server_timers(origin, request);
  Take(*transaction, Event::kRequest, &request, out);
}

Transaction* TransactionLayer::Impl::StartServer(const Origin& origin, const MessageView& request,
                                                 const ServerKey& key, std::uint64_t hash,
                                                 std::string_view made_tag, ActionSink& out) {
  const std::span<char> storage(run_.get(), BytePool::kBufferBytesMax);
  const std::string_view run = StoredRequest::Write(request, key, origin.source, storage, made_tag);
  if (run.empty()) {
    ++counters_.unparsable_dropped;
    return nullptr;
  }
  PooledBytes kept = Keep(run);
  if (kept.is_none()) {
    Refuse(Refusal::kNoBufferSpace, origin, request, out);
    return nullptr;
  }
  const bool is_invite = request.method() == Method::kInvite;
  Transaction* transaction =
      Start(is_invite ? Machine::kInviteServer : Machine::kNonInviteServer, origin.flow, origin.transport);
  if (transaction == nullptr) {
    pool_.Release(kept);
    Refuse(Refusal::kTransactionsMax, origin, request, out);
    return nullptr;
  }
  transaction->kept = kept;
  transaction->method = request.method();
  Index(*transaction, hash);
  return transaction;
}

// RFC 3261 21.5.4: without a transaction, in memory set aside for it. 8.2.7: not to ACK and CANCEL.
void TransactionLayer::Impl::Refuse(Refusal cause, const Origin& origin, const MessageView& request,
                                    ActionSink& out) {
  ++counters_.refused[static_cast<std::size_t>(cause)];
  if (request.method() == Method::kAck || request.method() == Method::kCancel) return;
  char seconds[16];
  const char* end = std::to_chars(seconds, seconds + sizeof(seconds), options_.retry_after_seconds).ptr;
  const HeaderLine retry_after[] = {
      {.id = HeaderId::kRetryAfter, .value = {seconds, static_cast<std::size_t>(end - seconds)}}};
  const ResponseDraft draft = {.status_code = 503, .headers = retry_after};
  const std::string_view wire =
      WriteOutside(origin, request, draft, {refusal_.get(), options_.message_bytes_max});
  if (wire.empty()) return;
  ++counters_.responses_out;
  out.Append(action::Transmit{origin.flow, TransactionId{}, wire});
}

// What is wrong with a request may be in a field that its response repeats. RFC 4475 3.1.2.4: a CSeq number
// beyond 32 bits may; its sender knows it.
bool TransactionLayer::Impl::IsReadable(std::string_view response) {
  const ParseError error = parser_.Parse(response, Framing::kDatagram, parsed_);
  if (error.code != ParseCode::kBadCSeq) return error.ok();
  return IsCSeqOfAnyNumber(MessageView(response, parsed_).First(HeaderId::kCSeq).value_or(""));
}

void TransactionLayer::Impl::OnUnparsable(Instant now, const Origin& origin, std::string_view bytes,
                                          ParseError error, ActionSink& out) {
  Begin(now);
  ++counters_.unparsable[static_cast<std::size_t>(error.code)];
  static_cast<void>(
      parser_.Parse(bytes, IsReliable(origin.transport) ? Framing::kStream : Framing::kDatagram, parsed_));
  const MessageView request(bytes, parsed_);
  const Verdict verdict = VerdictOf(request, error, {});
  const ResponseDraft draft = {.status_code = verdict.status, .reason = verdict.reason};
  const std::string_view wire = verdict.action == Verdict::Action::kAnswer
                                    ? WriteOutside(origin, request, draft, Scratch())
                                    : std::string_view();
  const bool is_answered = !wire.empty() && IsReadable(wire) && TransmitOutside(origin.flow, wire, out);
  counters_.responses_out += is_answered;
  ++(is_answered ? counters_.unparsable_answered : counters_.unparsable_dropped);
}

}  // namespace sansip
