#include "sansip/core/transaction/layer.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "sansip/core/base/check.h"
#include "sansip/core/message/status_code.h"
#include "sansip/core/transaction/layer_impl.h"

namespace sansip {

namespace {

// Flow ids are the driver's own and no stranger's: mixed, not salted.
std::uint64_t HashOf(FlowId flow) {
  std::uint64_t hash = flow.value() * 0x9e3779b97f4a7c15;
  return hash ^ hash >> 32;
}

// Of a client.
bool IsBeforeFinal(State state) {
  return state == State::kCalling || state == State::kTrying || state == State::kProceeding;
}

// While it waits for its final response there is a place for the CANCEL's transaction.
bool MayBeCancelled(const Transaction& transaction) {
  return transaction.machine.machine == Machine::kInviteClient && transaction.cancelling != Cancelling::kSent;
}

// No response and no CANCEL will be made of the request any more; the ACK has been. In Accepted a server
// may be given another 2xx (RFC 6026 8.7).
bool EndsTheRequest(const Transaction& transaction, const Arrow& arrow) {
  if (arrow.in == arrow.next) return false;
  if (arrow.next == State::kAccepted) return transaction.is_client();
  if (arrow.next != State::kCompleted) return false;
  return transaction.machine.machine != Machine::kInviteClient || !transaction.kept.is_none();
}

constexpr Effects kTells = kTellTimeout | kTellNoAck | kTellTransportError;

FailureReason ReasonOf(Effects effects) {
  if (effects & kTellTimeout) return FailureReason::kTimeout;
  return effects & kTellNoAck ? FailureReason::kNoAck : FailureReason::kTransportError;
}

}  // namespace

TransactionLayer::Impl::Impl(const TransactionOptions& options, RandomSource& random)
    : options_(options),
      random_(random),
      arrows_{ArrowIndex(TableOf(Machine::kInviteClient)), ArrowIndex(TableOf(Machine::kNonInviteClient)),
              ArrowIndex(TableOf(Machine::kInviteServer)), ArrowIndex(TableOf(Machine::kNonInviteServer))},
      hash_(random),
      tag_hash_(random),
      transactions_(2 * options.transactions_max),
      sources_(hash_),
      pool_(options.buffered_bytes_max),
      parser_(ParseLimits{.message_bytes_max = options.message_bytes_max,
                          .header_section_bytes_max = options.message_bytes_max,
                          .header_bytes_max = options.message_bytes_max,
                          .uri_bytes_max = options.message_bytes_max,
                          .body_bytes_max = options.message_bytes_max}),
      scratch_(new char[options.message_bytes_max]),
      run_(new char[BytePool::kBufferBytesMax]),
      refusal_(new char[options.message_bytes_max]) {
  SANSIP_CHECK(options.message_bytes_max <= BytePool::kBufferBytesMax);
  SANSIP_CHECK(options.timers.t1 > Duration::zero() && options.timers.t2 > Duration::zero());
}

void TransactionLayer::Impl::Begin(Instant now) {
  if (!options_.is_composed) BeginOuterEvent();
  // Law 4: time does not run backwards here.
  if (now < now_) {
    ++counters_.clamped_nows;
  } else {
    now_ = now;
  }
}

Transaction* TransactionLayer::Impl::FindCounted(TransactionId id) {
  Transaction* transaction = transactions_.Find(id);
  if (transaction == nullptr) ++counters_.stale_ids;
  return transaction;
}

Transaction* TransactionLayer::Impl::Start(Machine machine, FlowId flow, Transport transport) {
  const TransactionId id = transactions_.Emplace();
  if (id.is_nil()) return nullptr;
  Transaction& transaction = *transactions_.Find(id);
  transaction.id = id;
  transaction.flow = flow;
  transaction.transport = transport;
  transaction.machine.machine = machine;
  transaction.machine.is_reliable = IsReliable(transport);
  transaction.began = now_;
  LinkFlow(transaction);
  counters_.transactions_peak = std::max<std::uint64_t>(counters_.transactions_peak, transactions_.size());
  return &transaction;
}

void TransactionLayer::Impl::Index(Transaction& transaction, std::uint64_t hash) {
  transaction.hash = hash;
  transaction.is_in_keys = true;
  keys_.Insert(hash, transaction.id.slot);
}

void TransactionLayer::Impl::Destroy(Transaction& transaction) {
  if (transaction.is_in_keys) keys_.Erase(transaction.hash, transaction.id.slot);
  if (transaction.merge_key != 0) mergeable_.Erase(transaction.merge_key, transaction.id.slot);
  if (const auto* failure = transaction.machine.timers.Find(Timer::kFlow)) {
    PassFlowFailure(transaction, failure->at, failure->order);
  }
  UnlinkFlow(transaction);
  sources_.Leave(transaction.source);
  deadlines_.Remove(transaction.id.slot);
  pool_.Release(transaction.wire);
  pool_.Release(transaction.kept);
  own_cancels_ -= std::size_t{transaction.is_layers_own};
  cancel_places_ -= std::size_t{transaction.is_layers_own};
  transactions_.Erase(transaction.id);
}

void TransactionLayer::Impl::End(Transaction& transaction, ActionSink& out) {
  if (!transaction.is_layers_own) out.Append(action::Gone{transaction.id, transaction.cookie});
  Destroy(transaction);
}

void TransactionLayer::Impl::Deliver(const Transaction& transaction, const MessageView& message,
                                     ActionSink& out) {
  if (transaction.is_layers_own) return;
  if (transaction.is_client()) {
    // RFC 3261 13.2.2.4: to an abandoned INVITE too, each 2xx wants an ACK, which is not ours.
    const bool is_stray = transaction.is_abandoned;
    if (is_stray && !(transaction.is_invite() && IsSuccess(message.status_code()))) return;
    const TransactionId id = is_stray ? TransactionId{} : transaction.id;
    out.Append(action::DeliverResponse{id, transaction.cookie, &message});
    return;
  }
  // The ACK to a 2xx is no transaction's (RFC 6026 8.7: passed up).
  const bool is_ack = message.method() == Method::kAck;
  out.Append(action::DeliverRequest{is_ack ? TransactionId{} : transaction.id, &message,
                                    !is_ack && transaction.is_merged});
}

void TransactionLayer::Impl::TransmitKept(const Transaction& transaction, const PooledBytes& bytes,
                                          ActionSink& out) {
  if (bytes.is_none()) return;  // there was no room for it; the peer will ask again
  out.Append(action::Transmit{transaction.flow, transaction.id, bytes.view()});
}

void TransactionLayer::Impl::FollowByItsOwn(Transaction& transaction, const Arrow& arrow) {
  const TimerValues values = TimersOf(transaction);
  Follow(arrow, ArrowsOf(transaction).OwnedIn(arrow.next), values, now_, deadlines_, transaction.machine);
}

inline void TransactionLayer::Impl::CountWaiting(const Transaction& client, const Arrow& arrow) {
  const std::size_t waits = IsBeforeFinal(arrow.next), waited = IsBeforeFinal(arrow.in);
  waiting_for_final_ += waits - waited;
  if (MayBeCancelled(client)) cancel_places_ += waits - waited;
}

// In the one order: (state and timers are done) transmit, deliver, gone.
inline void TransactionLayer::Impl::Perform(Transaction& transaction, const Arrow& arrow,
                                            const MessageView* message, ActionSink& out) {
  const Effects effects = arrow.effects;
  if (effects & kSendThe100) Make100(transaction);
  if (effects & kSendTheAck) MakeAck(transaction, *message);
  if (effects & (kSendTheRequest | kSendTheResponse | kSendThe100))
    TransmitKept(transaction, transaction.wire, out);
  if (effects & kSendTheAck) TransmitKept(transaction, transaction.kept, out);
  if (arrow.on == Event::kResponse1xx && transaction.cancelling == Cancelling::kWanted)
    SendCancel(transaction, out);
  if (IsTimer(arrow.on) && (effects & (kSendTheRequest | kSendTheResponse))) ++counters_.retransmissions_out;
  if (effects & kToUser) Deliver(transaction, *message, out);
  if ((effects & kTells) && !transaction.is_layers_own && !transaction.is_abandoned) {
    out.Append(action::Failed{transaction.id, transaction.cookie, ReasonOf(effects)});
  }
  if (effects & kGone) End(transaction, out);
}

const Arrow* TransactionLayer::Impl::Take(Transaction& transaction, Event event, const MessageView* message,
                                          ActionSink& out) {
  touched_ = transaction.id;
  MachineState& machine = transaction.machine;
  const ArrowIndex& arrows = ArrowsOf(transaction);
  const Arrow* arrow = arrows.Find(machine.state, event);
  if (arrow == nullptr) {
    SANSIP_DCHECK(arrows.table().FindIgnored(machine.state, event) != nullptr);
    SetDeadline(transaction);
    return nullptr;
  }
  if (HasAny(transaction.timers)) {
    FollowByItsOwn(transaction, *arrow);
  } else {
    Follow(*arrow, arrows.OwnedIn(arrow->next), options_.timers, now_, deadlines_, machine);
  }
  if (transaction.is_client() && arrow->in != arrow->next) {
    if (options_.invite_keep_alive > Duration::zero()) ArmKeepAlive(transaction);
    CountWaiting(transaction, *arrow);
  }
  if (options_.arrows != nullptr) Observe(transaction, *arrow);
  Perform(transaction, *arrow, message, out);
  if (arrow->effects & kGone) return arrow;
  if (EndsTheRequest(transaction, *arrow)) ForgetRequest(transaction);
  SetDeadline(transaction);
  return arrow;
}

void TransactionLayer::Impl::Observe(const Transaction& transaction, const Arrow& arrow) {
  if (options_.arrows->room() == 0) {
    ++counters_.arrows_dropped;
    return;
  }
  const Machine machine = transaction.machine.machine;
  const auto row = static_cast<std::uint8_t>(&arrow - ArrowsOf(transaction).table().arrows.data());
  options_.arrows->Append({transaction.id, machine, row});
}

void TransactionLayer::Impl::CountRestored(const Transaction& transaction) {
  const bool waits = transaction.is_client() && IsBeforeFinal(transaction.machine.state);
  waiting_for_final_ += std::size_t{waits};
  own_cancels_ += std::size_t{transaction.is_layers_own};
  cancel_places_ +=
      std::size_t{transaction.is_layers_own} + std::size_t{waits && MayBeCancelled(transaction)};
}

void TransactionLayer::Impl::LinkFlow(Transaction& transaction) {
  const std::uint64_t hash = HashOf(transaction.flow);
  const std::uint32_t first = FirstOn(transaction.flow);
  transaction.flow_next = first;
  if (first == SlotIndex::kNone) {
    flows_.Insert(hash, transaction.id.slot);
  } else {
    flows_.Replace(hash, first, transaction.id.slot);
    transactions_.At(first).flow_previous = transaction.id.slot;
  }
}

void TransactionLayer::Impl::UnlinkFlow(Transaction& transaction) {
  if (transaction.flow_next != SlotIndex::kNone) {
    transactions_.At(transaction.flow_next).flow_previous = transaction.flow_previous;
  }
  if (transaction.flow_previous != SlotIndex::kNone) {
    transactions_.At(transaction.flow_previous).flow_next = transaction.flow_next;
    return;
  }
  const std::uint64_t hash = HashOf(transaction.flow);
  if (transaction.flow_next == SlotIndex::kNone) {
    flows_.Erase(hash, transaction.id.slot);
  } else {
    flows_.Replace(hash, transaction.id.slot, transaction.flow_next);
  }
}

std::uint32_t TransactionLayer::Impl::FirstOn(FlowId flow) const {
  return flows_.Find(HashOf(flow), [&](std::uint32_t slot) { return transactions_.At(slot).flow == flow; });
}

PooledBytes TransactionLayer::Impl::Keep(std::string_view text) {
  PooledBytes kept = pool_.Take(text.size());
  if (!kept.is_none()) std::memcpy(kept.data, text.data(), text.size());
  return kept;
}

bool TransactionLayer::Impl::Parse(std::string_view wire) {
  return parser_.Parse(wire, Framing::kDatagram, parsed_).ok();
}

void TransactionLayer::Impl::ForgetRequest(Transaction& transaction) {
  if (transaction.is_client()) {
    if (transaction.method != Method::kExtension) pool_.Release(transaction.wire);
    return;
  }
  const StoredRequest request(transaction.kept.view());
  const std::size_t lines = transaction.wire.view().find("\r\n") + 2;
  if (transaction.method != Method::kExtension && request.FindKey(lines, transaction.key_place)) {
    return pool_.Release(transaction.kept);
  }
  const PooledBytes less = Keep(StoredRequest::WriteKey(
      request.key(), {run_.get(), BytePool::kBufferBytesMax}, request.to_has_tag(), request.made_tag()));
  if (less.is_none()) return;
  pool_.Release(transaction.kept);
  transaction.kept = less;
}

void TransactionLayer::Impl::OnTransportError(Instant now, TransactionId id, ActionSink& out) {
  Begin(now);
  Transaction* transaction = FindCounted(id);
  if (transaction == nullptr) return;
  ++counters_.transport_errors;
  Take(*transaction, Event::kTransportError, nullptr, out);
}

// Law 7: the list of a flow is long, the call is short. Who was told passes the rest on, with the time and
// the order of the failure: what was armed later waits.
void TransactionLayer::Impl::OnFlowFailed(Instant now, FlowId flow, ActionSink& out) {
  Begin(now);
  ++counters_.flow_failures;
  std::uint32_t slot = FirstOn(flow);
  for (std::size_t steps = 0; slot != SlotIndex::kNone; ++steps) {
    Transaction& transaction = transactions_.At(slot);
    if (transaction.machine.timers.IsArmed(Timer::kFlow)) return;  // an earlier failure is told from here on
    if (steps == kStepsPerEventMax || out.room() < kActionsPerStepMax) {
      return ArmOutside(transaction, Timer::kFlow, now_);
    }
    slot = transaction.flow_next;
    ++counters_.transport_errors;
    Take(transaction, Event::kTransportError, nullptr, out);
  }
}

void TransactionLayer::Impl::PassFlowFailure(const Transaction& from, Instant at, std::uint64_t order) {
  if (from.flow_next == SlotIndex::kNone) return;
  Transaction& next = transactions_.At(from.flow_next);
  if (next.machine.timers.IsArmed(Timer::kFlow)) return;
  next.machine.timers.Arm(Timer::kFlow, at, order);
  SetDeadline(next);
}

void TransactionLayer::Impl::SetDeadline(const Transaction& transaction) {
  const auto* earliest = transaction.machine.timers.Earliest();
  if (earliest == nullptr) {
    deadlines_.Remove(transaction.id.slot);
  } else {
    deadlines_.Set(transaction.id.slot, earliest->at, earliest->order);
  }
}

void TransactionLayer::Impl::ArmOutside(Transaction& transaction, Timer timer, Instant at) {
  transaction.machine.timers.Arm(timer, at, deadlines_.NextOrder());
  SetDeadline(transaction);
}

// RFC 3581 3. In Calling timer A sends often enough.
void TransactionLayer::Impl::ArmKeepAlive(Transaction& invite) {
  MachineState& machine = invite.machine;
  if (machine.machine != Machine::kInviteClient || machine.state != State::kProceeding ||
      machine.is_reliable) {
    return machine.timers.Stop(Timer::kKeepAlive);
  }
  const Duration interval = std::max<Duration>(options_.invite_keep_alive, std::chrono::seconds(1));
  machine.timers.Arm(Timer::kKeepAlive, After(now_, interval), deadlines_.NextOrder());
}

void TransactionLayer::Impl::OnKeepAlive(Transaction& invite, ActionSink& out) {
  touched_ = invite.id;
  // A cancelled one is about to end; one that was restored may be of a layer that had another option.
  if (invite.cancelling == Cancelling::kNo && options_.invite_keep_alive > Duration::zero()) {
    ++counters_.retransmissions_out;
    TransmitKept(invite, invite.wire, out);
    ArmKeepAlive(invite);
  }
  SetDeadline(invite);
}

void TransactionLayer::Impl::OnDeadline(Instant now, ActionSink& out) {
  // Law 7. In less the loop below would do nothing, and the deadline would stay.
  SANSIP_CHECK(out.capacity() >= kActionsPerEventMax);
  Begin(now);
  for (std::size_t steps = 0; steps < kStepsPerEventMax && out.room() >= kActionsPerStepMax; ++steps) {
    if (deadlines_.empty()) return;
    if (deadlines_.next_deadline() > now_) return transactions_.Expect(deadlines_.Earliest()->owner);
    Transaction& transaction = transactions_.At(deadlines_.Earliest()->owner);
    const auto due = *transaction.machine.timers.Earliest();
    transaction.machine.timers.Stop(due.name);
    ++counters_.timers_fired[static_cast<std::size_t>(due.name)];
    if (due.name == Timer::kAbandoned) {
      End(transaction, out);
      continue;
    }
    if (due.name == Timer::kKeepAlive) {
      OnKeepAlive(transaction, out);
      continue;
    }
    const bool is_failure = due.name == Timer::kFlow;
    if (is_failure) PassFlowFailure(transaction, due.at, due.order);
    counters_.transport_errors += std::uint64_t{is_failure};
    Take(transaction, is_failure ? Event::kTransportError : EventOf(due.name), nullptr, out);
  }
}

bool TransactionLayer::Impl::IsConsistent() const {
  if (transactions_.size() < keys_.size() || own_cancels_ > cancel_places_) return false;
  if (transactions_.size() - own_cancels_ > options_.transactions_max) return false;
  if (cancel_places_ > options_.transactions_max) return false;
  if (std::max(sources_.sources(), mergeable_.size()) > transactions_.size()) return false;
  if (waiting_for_final_ > transactions_.size() || deadlines_.size() > transactions_.size()) return false;
  const Transaction* touched = transactions_.Find(touched_);
  if (touched == nullptr) return true;
  const ArrowTable& table = TableOf(touched->machine.machine);
  const Effects owned = table.OwnedIn(touched->machine.state);
  for (std::size_t i = 0; i < kTimerCount; ++i) {
    const auto timer = static_cast<Timer>(i);
    const bool may_run = !IsInTables(timer) || (owned & BitOf(timer)) != 0;
    if (touched->machine.timers.IsArmed(timer) && !may_run) return false;
  }
  const auto* earliest = touched->machine.timers.Earliest();
  if (deadlines_.DeadlineOf(touched_.slot) != (earliest == nullptr ? kNever : earliest->at)) return false;
  if (touched->is_client() && touched->source != SourceCounts::kNone) return false;
  const std::uint32_t slot = touched_.slot;
  const std::uint32_t found = touched->is_in_keys
                                  ? keys_.Find(touched->hash, [slot](std::uint32_t in) { return in == slot; })
                                  : Branch::SlotIn(touched->branch.view());
  if (found != slot || !(touched->is_client() || touched->is_in_keys)) return false;
  return touched->id == touched_ && table.Has(touched->machine.state) && Refers(touched->flow) &&
         (touched->is_client() || !touched->server_key().branch.empty() || !touched->kept.is_none());
}

namespace {

constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";

// Ten characters of five bits, the lowest first; two at a time.
void PutHalf(std::uint64_t bits, char* text) {
  static constexpr auto kPairs = [] {
    std::array<std::array<char, 2>, 1024> pairs{};
    for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {kAlphabet[i & 31], kAlphabet[i >> 5]};
    return pairs;
  }();
  for (std::size_t i = 0; i < TokenText::kSize / 2; i += 2) {
    std::memcpy(text + i, kPairs[bits >> 5 * i & 1023].data(), 2);
  }
}

// A number as eight letters, 'a' to 'p' for each four bits: spread over eight bytes, and back.
constexpr std::uint64_t kFirstLetters = 0x6161616161616161, kLowerCase = 0x2020202020202020;

constexpr std::uint64_t NibblesOf(std::uint64_t number) {
  number = (number | number << 16) & 0x0000ffff0000ffff;
  number = (number | number << 8) & 0x00ff00ff00ff00ff;
  return (number | number << 4) & 0x0f0f0f0f0f0f0f0f;
}
constexpr std::uint32_t NumberOf(std::uint64_t nibbles) {
  nibbles &= 0x0f0f0f0f0f0f0f0f;
  nibbles = (nibbles | nibbles >> 4) & 0x00ff00ff00ff00ff;
  nibbles = (nibbles | nibbles >> 8) & 0x0000ffff0000ffff;
  return static_cast<std::uint32_t>(nibbles | nibbles >> 16);
}
static_assert(NumberOf(NibblesOf(0x89abcdef)) == 0x89abcdef);

// Of eight random characters, in whatever case they are (RFC 3261 7.3.1).
std::uint32_t CoverOf(const char* text) {
  std::uint64_t random = 0;
  std::memcpy(&random, text, sizeof(random));
  return static_cast<std::uint32_t>((random | kLowerCase) * 0x9e3779b97f4a7c15 >> 32);
}

}  // namespace

TokenText::TokenText(std::uint64_t high, std::uint64_t low) {
  PutHalf(high, text_);
  PutHalf(low, text_ + kSize / 2);
}

Branch::Branch(std::uint64_t high, std::uint64_t low, std::uint32_t slot) {
  kBranchCookie.copy(text_, kBranchCookie.size());
  // RFC 3261 8.1.1.7: unique by what is random, 60 bits, and by the slot.
  PutHalf(high, text_ + kBranchCookie.size());
  text_[kSlot - 2] = kAlphabet[low & 31];
  text_[kSlot - 1] = kAlphabet[low >> 5 & 31];
  const std::uint64_t letters = NibblesOf(slot ^ CoverOf(text_ + kSlot - 8)) + kFirstLetters;
  std::memcpy(text_ + kSlot, &letters, sizeof(letters));
}

std::uint32_t Branch::SlotIn(std::string_view text) {
  if (text.size() != kSize) return SlotIndex::kNone;
  std::uint64_t letters = 0;
  text.copy(reinterpret_cast<char*>(&letters), sizeof(letters), kSlot);
  // RFC 3261 7.3.1: in whatever case it comes back.
  return NumberOf((letters | kLowerCase) - kFirstLetters) ^ CoverOf(text.data() + kSlot - 8);
}

bool Branch::Read(std::string_view text, Branch& branch) {
  if (text.size() != kSize || !text.starts_with(kBranchCookie)) return false;
  text.copy(branch.text_, kSize);
  return true;
}

TransactionLayer::TransactionLayer(const TransactionOptions& options, RandomSource& random)
    : impl_(std::make_unique<Impl>(options, random)) {}
TransactionLayer::~TransactionLayer() = default;

void TransactionLayer::BeginOuterEvent() { impl_->BeginOuterEvent(); }

void TransactionLayer::OnMessage(Instant now, const Origin& origin, const MessageView& message,
                                 ActionSink& out) {
  impl_->OnMessage(now, origin, message, out);
  SANSIP_DCHECK(IsConsistent());
}

void TransactionLayer::OnUnparsable(Instant now, const Origin& origin, std::string_view bytes,
                                    ParseError error, ActionSink& out) {
  impl_->OnUnparsable(now, origin, bytes, error, out);
  SANSIP_DCHECK(IsConsistent());
}

void TransactionLayer::OnTransportError(Instant now, TransactionId id, ActionSink& out) {
  impl_->OnTransportError(now, id, out);
  SANSIP_DCHECK(IsConsistent());
}

void TransactionLayer::OnFlowFailed(Instant now, FlowId flow, ActionSink& out) {
  impl_->OnFlowFailed(now, flow, out);
  SANSIP_DCHECK(IsConsistent());
}

void TransactionLayer::OnDeadline(Instant now, ActionSink& out) {
  impl_->OnDeadline(now, out);
  SANSIP_DCHECK(IsConsistent());
}

Started TransactionLayer::SendRequest(Instant now, const Path& path, const RequestDraft& draft, Cookie cookie,
                                      ActionSink& out, const TimerOverride& timers) {
  const Started started = impl_->SendRequest(now, path, draft, cookie, out, timers);
  impl_->Count(started.error);
  SANSIP_DCHECK(IsConsistent());
  return started;
}

RespondError TransactionLayer::SendResponse(Instant now, TransactionId id, const ResponseDraft& draft,
                                            ActionSink& out) {
  const RespondError error = impl_->SendResponse(now, id, draft, out);
  impl_->Count(error);
  SANSIP_DCHECK(IsConsistent());
  return error;
}

void TransactionLayer::ResendFinal(Instant now, TransactionId id, ActionSink& out) {
  impl_->ResendFinal(now, id, out);
  SANSIP_DCHECK(IsConsistent());
}

void TransactionLayer::Cancel(Instant now, TransactionId id, ActionSink& out) {
  impl_->Cancel(now, id, out);
  SANSIP_DCHECK(IsConsistent());
}

void TransactionLayer::Abandon(Instant now, TransactionId id, ActionSink& out) {
  impl_->Abandon(now, id, out);
  SANSIP_DCHECK(IsConsistent());
}

Started TransactionLayer::SendOutside(Instant now, const Path& path, const RequestDraft& draft,
                                      ActionSink& out) {
  const Started started = impl_->SendOutside(now, path, draft, out);
  SANSIP_DCHECK(IsConsistent());
  return started;
}

void TransactionLayer::RespondOutside(Instant now, const Origin& origin, const MessageView& request,
                                      const ResponseDraft& draft, ActionSink& out) {
  impl_->RespondOutside(now, origin, request, draft, out);
  SANSIP_DCHECK(IsConsistent());
}

std::size_t TransactionLayer::FlowsInUse(std::span<FlowId> out) const { return impl_->FlowsInUse(out); }
std::size_t TransactionLayer::SnapshotSize() const { return impl_->SnapshotSize(); }
std::size_t TransactionLayer::Snapshot(Instant now, std::span<const FlowDescription> flows,
                                       std::span<char> out) const {
  return impl_->Snapshot(now, flows, out);
}

RestoreError TransactionLayer::Restore(std::span<const char> snapshot, Instant now, Duration elapsed,
                                       std::span<const FlowId> flows) {
  const RestoreError error = impl_->Restore(snapshot, now, elapsed, flows);
  SANSIP_DCHECK(IsConsistent());
  return error;
}

TransactionId TransactionLayer::RequestOf(TransactionId cancel) const { return impl_->RequestOf(cancel); }
TransactionId TransactionLayer::InviteOf(TransactionId cancel) const { return impl_->InviteOf(cancel); }
bool TransactionLayer::IsCopy(const MessageView& request) const { return impl_->IsCopy(request); }
Cookie TransactionLayer::CookieOf(const MessageView& response) const { return impl_->CookieOf(response); }

bool TransactionLayer::IsServer(TransactionId id) const {
  const Transaction* transaction = impl_->Find(id);
  return transaction != nullptr && !transaction->is_client();
}

State TransactionLayer::StateOf(TransactionId id) const {
  const Transaction* transaction = impl_->Find(id);
  return transaction == nullptr ? State::kTerminated : transaction->machine.state;
}

bool TransactionLayer::Refers(FlowId flow) const { return impl_->Refers(flow); }
Instant TransactionLayer::next_deadline() const { return impl_->next_deadline(); }
std::size_t TransactionLayer::live() const { return impl_->live(); }
std::size_t TransactionLayer::client_transactions_without_final() const { return impl_->waiting_for_final(); }
const TransactionCounters& TransactionLayer::counters() const { return impl_->counters(); }
TransactionMemory TransactionLayer::memory() const { return impl_->memory(); }
std::size_t TransactionLayer::ReadLive(LiveCursor& cursor, std::span<LiveTransaction> live) const {
  return impl_->ReadLive(cursor, live);
}
const TransactionOptions& TransactionLayer::options() const { return impl_->options(); }
bool TransactionLayer::IsConsistent() const { return impl_->IsConsistent(); }

}  // namespace sansip
