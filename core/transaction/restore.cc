// The transaction layer: from bytes. All that is read is checked before it is used; what is wrong leaves the
// layer as new.
#include <algorithm>
#include <limits>

#include "sansip/core/base/check.h"
#include "sansip/core/message/writer.h"
#include "sansip/core/transaction/ack.h"
#include "sansip/core/transaction/layer_impl.h"
#include "sansip/core/transaction/snapshot.h"
#include "sansip/core/transaction/snapshot_form.h"

namespace sansip {

using namespace snapshot_form;  // NOLINT: one form, two files

namespace {

struct Header {
  std::uint64_t last_order = 0;
  std::uint32_t slots = 0, free = 0, flows = 0, transactions = 0;
};

RestoreError ErrorOf(RestoreCode code, std::size_t offset) { return {.code = code, .offset = offset}; }

// And that what follows it is whole.
RestoreError GetHeader(LittleEndianReader& in, std::string_view bytes, Header& header) {
  const auto first_word = in.Get<std::uint32_t>();
  if (in.ok() && first_word != kFirstWord) return ErrorOf(RestoreCode::kNotASnapshot, 0);
  const auto version = in.Get<std::uint16_t>();
  if (in.ok() && version != kSnapshotVersion) {
    return {.code = RestoreCode::kOtherVersion, .offset = sizeof(first_word), .version = version};
  }
  const auto reserved = in.Get<std::uint16_t>();
  const auto size = in.Get<std::uint64_t>();
  header.last_order = in.Get<std::uint64_t>();
  for (std::uint32_t* number : {&header.slots, &header.free, &header.flows, &header.transactions}) {
    *number = in.Get<std::uint32_t>();
  }
  if (!in.ok() || size != bytes.size() || in.left() < kChecksumBytes) {
    return ErrorOf(RestoreCode::kTruncated, bytes.size());
  }
  const std::size_t end = bytes.size() - kChecksumBytes;
  if (LittleEndianReader(bytes.substr(end)).Get<std::uint64_t>() != ChecksumOf(bytes.substr(0, end))) {
    return ErrorOf(RestoreCode::kDamaged, end);
  }
  if (reserved != 0 || header.last_order > kOrderMax)
    return ErrorOf(RestoreCode::kBadValue, sizeof(first_word));
  return {};
}

// Whole lines, as Writer::OwnHeaders() takes them without looking.
bool AreHeaderLines(std::string_view lines) {
  Writer counting({});
  counting.RawHeaders(lines);
  return counting.error() == WriteError::kNone || counting.error() == WriteError::kNoRoom;
}

// The method of a request that was sent.
std::string_view MethodOf(std::string_view wire) { return wire.substr(0, wire.find(' ')); }

}  // namespace

std::string_view RestoreCodeName(RestoreCode code) {
  constexpr std::string_view kNames[] = {
      "none",      "layer in use", "not a snapshot",        "other version",    "truncated",      "damaged",
      "bad value", "wrong flows",  "too many transactions", "message too long", "no buffer space"};
  return kNames[static_cast<std::size_t>(code)];
}

SnapshotFlows ReadSnapshotFlows(std::span<const char> snapshot, std::span<FlowDescription> out) {
  const std::string_view bytes(snapshot.data(), snapshot.size());
  LittleEndianReader in(bytes);
  Header header;
  RestoreError error = GetHeader(in, bytes, header);
  if (!error.ok()) return {.error = error};
  in.Take(kFreeBytes * header.free);
  for (std::size_t i = 0; i < header.flows; ++i) {
    FlowDescription flow;
    if (!Get(in, flow)) return {.error = ErrorOf(RestoreCode::kBadValue, in.offset())};
    if (i < out.size()) out[i] = flow;
  }
  return {.error = {}, .count = header.flows};
}

class TransactionLayer::Impl::Restoring {
 public:
  // `then`: when the snapshot was made, by the clock of this process.
  Restoring(Impl& layer, std::string_view bytes, Instant then, std::span<const FlowId> flows)
      : layer_(layer), bytes_(bytes), in_(bytes), then_(then), flows_(flows) {}

  RestoreError All();

 private:
  RestoreCode Slots(const Header& header);
  RestoreCode One();
  RestoreCode Flow(Transaction& transaction, bool begins_the_next);
  bool Timers(Transaction& transaction);
  bool MayRun(const Transaction& transaction, Timer timer) const;
  RestoreCode Client(Transaction& transaction);
  RestoreCode Server(Transaction& transaction);
  void FindMerged(Transaction& server);
  RestoreCode Keep(std::string_view text, PooledBytes& kept);
  std::string_view Text() { return in_.Take(in_.Get<std::uint32_t>()); }

  Impl& layer_;
  const std::string_view bytes_;
  LittleEndianReader in_;
  const Instant then_;
  const std::span<const FlowId> flows_;
  std::uint64_t last_order_ = 0;
  std::size_t flows_begun_ = 0;
  std::uint32_t first_on_flow_ = 0;  // the slot of the first transaction of the latest
  LittleEndianReader descriptions_{{}};
  SocketAddress remote_;  // of the latest flow
};

RestoreError TransactionLayer::Impl::Restoring::All() {
  Header header;
  const RestoreError error = GetHeader(in_, bytes_, header);
  if (!error.ok()) return error;
  last_order_ = header.last_order;
  if (flows_.size() != header.flows) return ErrorOf(RestoreCode::kWrongFlows, in_.offset());
  RestoreCode code = Slots(header);
  if (code != RestoreCode::kNone) return ErrorOf(code, in_.offset());
  descriptions_ = LittleEndianReader(bytes_.substr(in_.offset()));
  for (std::uint32_t i = 0; i < header.flows; ++i) {
    FlowDescription flow;
    if (!Get(in_, flow)) return ErrorOf(RestoreCode::kBadValue, in_.offset());
  }
  for (std::uint32_t i = 0; i < header.transactions; ++i) {
    const std::size_t begin = in_.offset();
    code = One();
    if (code != RestoreCode::kNone) return ErrorOf(code, begin);
  }
  if (flows_begun_ != flows_.size() || in_.left() != kChecksumBytes) {
    return ErrorOf(RestoreCode::kBadValue, in_.offset());
  }
  const std::size_t users = layer_.transactions_.size() - layer_.own_cancels_;
  if (std::max(users, layer_.cancel_places_) > layer_.options_.transactions_max) {
    return ErrorOf(RestoreCode::kTooManyTransactions, in_.offset());
  }
  layer_.deadlines_.ContinueAfter(last_order_);
  return {};
}

RestoreCode TransactionLayer::Impl::Restoring::Slots(const Header& header) {
  if (!layer_.transactions_.AddRetired(header.slots)) return RestoreCode::kTooManyTransactions;
  const std::string_view free = in_.Take(kFreeBytes * header.free);
  if (!in_.ok()) return RestoreCode::kBadValue;
  for (std::size_t i = header.free; i-- > 0;) {
    LittleEndianReader entry(free.substr(kFreeBytes * i));
    if (!layer_.transactions_.FreeAt(GetId<TransactionId>(entry))) return RestoreCode::kBadValue;
  }
  return RestoreCode::kNone;
}

RestoreCode TransactionLayer::Impl::Restoring::One() {
  const auto id = GetId<TransactionId>(in_);
  const auto cookie = in_.Get<std::uint64_t>();
  const auto machine = in_.Get<std::uint8_t>(), state = in_.Get<std::uint8_t>();
  const auto transport = in_.Get<std::uint8_t>(), flags = in_.Get<std::uint8_t>();
  const Duration age = GetDuration(in_), gap = GetDuration(in_);
  if (!in_.ok() || machine > static_cast<std::uint8_t>(Machine::kNonInviteServer) ||
      !IsTransport(transport) || state == static_cast<std::uint8_t>(State::kStart) ||
      !TableOf(static_cast<Machine>(machine)).Has(static_cast<State>(state)) || flags > kFlags ||
      age < Duration::zero() || age > kAgeMax || gap < Duration::zero()) {
    return RestoreCode::kBadValue;
  }
  if (layer_.transactions_.size() == layer_.transactions_.size_max())
    return RestoreCode::kTooManyTransactions;
  Transaction* const restored = layer_.transactions_.EmplaceAt(id);
  if (restored == nullptr) return RestoreCode::kBadValue;
  Transaction& transaction = *restored;
  transaction.id = id;
  transaction.cookie = {cookie};
  transaction.machine.machine = static_cast<Machine>(machine);
  transaction.machine.state = static_cast<State>(state);
  transaction.machine.gap = gap;
  transaction.transport = static_cast<Transport>(transport);
  transaction.machine.is_reliable = IsReliable(transaction.transport);
  transaction.cancelling = static_cast<Cancelling>(flags & kCancellingMask);
  transaction.is_layers_own = (flags & kIsLayersOwn) != 0;
  transaction.is_abandoned = (flags & kIsAbandoned) != 0;
  transaction.began = Shifted(then_, -age);
  if (flags & kHasTimers) {
    transaction.timers = {.t1 = GetDuration(in_), .t2 = GetDuration(in_), .t4 = GetDuration(in_)};
    if (!HasAny(transaction.timers)) return RestoreCode::kBadValue;
  }
  RestoreCode code = Timers(transaction) ? RestoreCode::kNone : RestoreCode::kBadValue;
  if (code == RestoreCode::kNone) code = transaction.is_client() ? Client(transaction) : Server(transaction);
  if (code == RestoreCode::kNone) code = Flow(transaction, (flags & kBeginsTheNext) != 0);
  if (code != RestoreCode::kNone) return code;
  // So many with one hash are made by nobody, and would make look-up linear.
  if (layer_.IsCrowded(transaction.hash)) return RestoreCode::kBadValue;
  layer_.Index(transaction, transaction.hash);
  layer_.LinkFlow(transaction);
  layer_.CountRestored(transaction);
  if (layer_.options_.finds_merged && !transaction.is_client()) FindMerged(transaction);
  const auto* earliest = transaction.machine.timers.Earliest();
  if (earliest != nullptr) layer_.deadlines_.Set(id.slot, earliest->at, earliest->order);
  return RestoreCode::kNone;
}

// They come flow by flow, the flows in the order of their first transactions' slots.
RestoreCode TransactionLayer::Impl::Restoring::Flow(Transaction& transaction, bool begins_the_next) {
  if (begins_the_next) {
    if (flows_begun_ == flows_.size()) return RestoreCode::kBadValue;
    if (flows_begun_ > 0 && transaction.id.slot < first_on_flow_) return RestoreCode::kBadValue;
    ++flows_begun_;
    first_on_flow_ = transaction.id.slot;
    FlowDescription flow;
    SANSIP_CHECK(Get(descriptions_, flow));  // it was read before
    remote_ = flow.remote;
  }
  if (flows_begun_ == 0) return RestoreCode::kBadValue;
  transaction.flow = flows_[flows_begun_ - 1];
  if (!transaction.is_client() && layer_.options_.server_transactions_per_source_max > 0) {
    // What lives may live on, whatever the limit is now.
    transaction.source = layer_.sources_.Enter(remote_, std::numeric_limits<std::size_t>::max());
  }
  return RestoreCode::kNone;
}

bool TransactionLayer::Impl::Restoring::Timers(Transaction& transaction) {
  const auto count = in_.Get<std::uint8_t>();
  if (count > kTimersMax) return false;
  int previous = -1;
  for (std::uint8_t i = 0; i < count; ++i) {
    const auto name = in_.Get<std::uint8_t>();
    const Duration left = GetDuration(in_);
    const auto order = in_.Get<std::uint64_t>();
    if (!in_.ok() || name <= previous || name >= kTimerCount || left == kForever) return false;
    if (order == 0 || order > last_order_ || !MayRun(transaction, static_cast<Timer>(name))) return false;
    // What doubles: from nothing it would fire for ever.
    if ((BitOf(static_cast<Timer>(name)) & (kStartA | kStartE | kStartG)) != 0 &&
        transaction.machine.gap == Duration::zero()) {
      return false;
    }
    previous = name;
    const Instant at = std::min(Shifted(then_, left), kNever - Duration(1));
    transaction.machine.timers.Arm(static_cast<Timer>(name), at, order);
  }
  return in_.ok();
}

// And there is room for all that its machine may ever start.
bool TransactionLayer::Impl::Restoring::MayRun(const Transaction& transaction, Timer timer) const {
  const State state = transaction.machine.state;
  if (timer == Timer::kFlow) return true;
  if (timer == Timer::kKeepAlive) {
    return transaction.machine.machine == Machine::kInviteClient && state == State::kProceeding &&
           !transaction.machine.is_reliable;
  }
  if (timer == Timer::kAbandoned) {
    return transaction.is_abandoned && !transaction.is_client() &&
           (state == State::kTrying || state == State::kProceeding);
  }
  if (timer == Timer::kCancelled && transaction.cancelling == Cancelling::kNo) return false;
  return (TableOf(transaction.machine.machine).OwnedIn(state) & BitOf(timer)) != 0;
}

RestoreCode TransactionLayer::Impl::Restoring::Client(Transaction& transaction) {
  const std::string_view wire = Text();
  const std::string_view name = Text();
  const std::string_view branch = in_.Take(Branch::kSize);
  const std::string_view ack = Text();
  if (!in_.ok() || !Branch::Read(branch, transaction.branch)) return RestoreCode::kBadValue;
  transaction.method = MethodFromName(name);
  const bool is_extension = transaction.method == Method::kExtension;
  if (wire.empty() ? is_extension : MethodOf(wire) != name) return RestoreCode::kBadValue;
  if (std::max(wire.size(), ack.size()) > layer_.options_.message_bytes_max)
    return RestoreCode::kMessageTooLong;
  const bool is_invite = transaction.is_invite();
  const ClientKey key = {.branch = branch, .method = name};
  const bool is_own = transaction.is_layers_own;
  if (key.method == "ACK" || (key.method == "INVITE") != is_invite || (key.method == "CANCEL") != is_own ||
      (is_own && transaction.is_abandoned) || (!is_invite && !ack.empty())) {
    return RestoreCode::kBadValue;
  }
  if (transaction.cancelling != Cancelling::kNo &&
      (!is_invite || transaction.cancelling > Cancelling::kSent)) {
    return RestoreCode::kBadValue;
  }
  // After the final response there may be none (Impl::ForgetRequest).
  const State state = transaction.machine.state;
  if (is_invite && state != State::kAccepted && (state != State::kCompleted || ack.empty())) {
    // RFC 3261 9.1, 17.1.1.3: its CANCEL and ACK will be made of it.
    SentInvite invite;
    if (!ReadSentInvite(wire, invite) || invite.branch != key.branch) return RestoreCode::kBadValue;
  }
  if (wire.empty() && (state == State::kCalling || state == State::kTrying || state == State::kProceeding)) {
    return RestoreCode::kBadValue;
  }
  transaction.hash = HashOf(layer_.hash_, key);
  const RestoreCode code = wire.empty() ? RestoreCode::kNone : Keep(wire, transaction.wire);
  return code != RestoreCode::kNone || ack.empty() ? code : Keep(ack, transaction.kept);
}

RestoreCode TransactionLayer::Impl::Restoring::Server(Transaction& transaction) {
  const std::string_view response = Text();
  const std::span<char> storage(layer_.run_.get(), BytePool::kBufferBytesMax);
  const std::string_view run = StoredRequest::Load(in_, storage);
  if (run.empty() || transaction.is_layers_own || transaction.cancelling != Cancelling::kNo) {
    return RestoreCode::kBadValue;
  }
  if (response.size() > layer_.options_.message_bytes_max) return RestoreCode::kMessageTooLong;
  const StoredRequest request(run);
  const State state = transaction.machine.state;
  // What responses are made of.
  if (request.via_and_from().empty() && state != State::kCompleted && state != State::kConfirmed) {
    return RestoreCode::kBadValue;
  }
  if (!AreHeaderLines(request.via_and_from()) || !AreHeaderLines(request.call_id_and_cseq())) {
    return RestoreCode::kBadValue;
  }
  const ServerKey key = request.key();
  if (key.method == "ACK" || (key.method == "INVITE") != transaction.is_invite())
    return RestoreCode::kBadValue;
  transaction.method = MethodFromName(key.method);
  transaction.hash = HashOf(layer_.hash_, key);
  const RestoreCode code = Keep(run, transaction.kept);
  return code != RestoreCode::kNone || response.empty() ? code : Keep(response, transaction.wire);
}

// A response has all that its request is compared by; where there is none yet, a 100 is written for it.
void TransactionLayer::Impl::Restoring::FindMerged(Transaction& server) {
  const StoredRequest request(server.kept.view());
  std::string_view response = server.wire.view();
  if (request.to_has_tag() || request.key().method == MethodName(Method::kCancel)) return;
  Writer writer(layer_.Scratch());
  if (response.empty()) {
    WriteResponse(request, {.status_code = 100}, {}, Duration::zero(), writer);
    response = writer.text();
  }
  if (layer_.Parse(response)) layer_.FindMerged(server, MessageView(response, layer_.parsed_));
}

RestoreCode TransactionLayer::Impl::Restoring::Keep(std::string_view text, PooledBytes& kept) {
  kept = layer_.Keep(text);
  return kept.is_none() ? RestoreCode::kNoBufferSpace : RestoreCode::kNone;
}

RestoreError TransactionLayer::Impl::Restore(std::span<const char> snapshot, Instant now, Duration elapsed,
                                             std::span<const FlowId> flows) {
  if (transactions_.slots() != 0 || now_ != Instant::min()) return ErrorOf(RestoreCode::kNotFresh, 0);
  elapsed = std::clamp(elapsed, Duration::zero(), kAgeMax);
  const std::string_view bytes(snapshot.data(), snapshot.size());
  const RestoreError error = Restoring(*this, bytes, Shifted(now, -elapsed), flows).All();
  if (!error.ok()) {
    Forget();
    return error;
  }
  now_ = now;
  // RFC 3261 17.1.4, as OnFlowFailed: the transactions of all flows that are no more.
  const std::uint32_t lost = FirstOn(FlowId());
  if (lost != SlotIndex::kNone && !transactions_.At(lost).machine.timers.IsArmed(Timer::kFlow)) {
    ArmOutside(transactions_.At(lost), Timer::kFlow, now_);
  }
  return {};
}

void TransactionLayer::Impl::Forget() {
  transactions_.ForEach([this](TransactionId, const Transaction& transaction) {
    PooledBytes wire = transaction.wire, kept = transaction.kept;
    pool_.Release(wire);
    pool_.Release(kept);
  });
  pool_.EmptyQuarantine();
  transactions_.Clear();
  keys_ = {};
  flows_ = {};
  mergeable_ = {};
  deadlines_ = {};
  sources_ = SourceCounts(hash_);
  waiting_for_final_ = own_cancels_ = cancel_places_ = 0;
}

}  // namespace sansip
