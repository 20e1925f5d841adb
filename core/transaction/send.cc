// The transaction layer: what the user asks to be sent, and what the layer makes itself (100, ACK, CANCEL).
#include <algorithm>
#include <array>
#include <charconv>

#include "sansip/core/base/check.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/status_code.h"
#include "sansip/core/text/bytes.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/transaction/ack.h"
#include "sansip/core/transaction/layer_impl.h"
#include "sansip/core/uri/host.h"

namespace sansip {

namespace {

std::string_view NameOf(const RequestDraft& draft) {
  return draft.method == Method::kExtension ? draft.extension_method : MethodName(draft.method);
}

bool IsCSeqOf(std::string_view value, std::string_view method, bool is_known) {
  // "4711 INVITE", as nearly always.
  const std::size_t digits = value.size() - std::min(value.size(), method.size() + 1);
  if (digits > 0 && digits < 10 && value[digits] == ' ' && AreSame(value.substr(digits + 1), method) &&
      IsAll(kDigit, value.substr(0, digits)) && (is_known || IsTokenText(method))) {
    return true;
  }
  CSeq read;
  return ParseCSeq(value, read).ok() && read.method_text == method;
}

// A bit for each field that a request has once; that of the layer's own must not be seen.
constexpr unsigned kAllOfTheUsers = 31, kLayersOwn = 32;
constexpr auto kParts = [] {
  std::array<std::uint8_t, kHeaderIdCount> parts{};
  std::uint8_t bit = 1;
  for (const HeaderId id :
       {HeaderId::kFrom, HeaderId::kTo, HeaderId::kCallId, HeaderId::kCSeq, HeaderId::kMaxForwards}) {
    parts[static_cast<std::size_t>(id)] = bit;
    bit = static_cast<std::uint8_t>(bit << 1);
  }
  parts[static_cast<std::size_t>(HeaderId::kVia)] = kLayersOwn;
  parts[static_cast<std::size_t>(HeaderId::kContentLength)] = kLayersOwn;
  return parts;
}();

// RFC 3261 8.1.1: To, From, CSeq, Call-ID and Max-Forwards once each, CSeq with the method; Via and
// Content-Length are the layer's.
bool IsWellFormed(const RequestDraft& draft) {
  const RequestHead* const head = draft.head;
  if (head != nullptr && (head->from.empty() || head->to.empty() || head->call_id.empty())) return false;
  unsigned seen = head == nullptr ? 0 : kAllOfTheUsers, again = 0;
  std::string_view cseq;
  for (const HeaderLine& line : draft.headers) {
    const HeaderId id = line.id == HeaderId::kOther ? HeaderIdFromName(line.name) : line.id;
    const unsigned part = kParts[static_cast<std::size_t>(id)];
    again |= seen & part;
    seen |= part;
    if (id == HeaderId::kCSeq) cseq = line.value;
  }
  return again == 0 && seen == kAllOfTheUsers &&
         (head != nullptr || IsCSeqOf(cseq, NameOf(draft), draft.method != Method::kExtension));
}

StartError StartErrorOf(WriteError error) {
  if (error == WriteError::kNone) return StartError::kNone;
  return error == WriteError::kNoRoom ? StartError::kMessageTooLong : StartError::kBadDraft;
}

// RFC 3261 17.1.1.2, 17.2.1, 17.2.2.
Event ClassOf(int status_code, bool is_invite) {
  if (IsProvisional(status_code)) return Event::kSend1xx;
  if (!is_invite) return Event::kSendFinal;
  return IsSuccess(status_code) ? Event::kSend2xx : Event::kSend300To699;
}

}  // namespace

std::string_view TransactionLayer::Impl::WriteRequest(const Path& path, const RequestDraft& draft,
                                                      const Branch& branch, StartError& error) {
  Writer writer(Scratch());
  writer.RequestLine(NameOf(draft), draft.request_uri);
  constexpr std::string_view kIsBranch = ";branch=", kRport = ";rport";
  const bool is_udp = path.transport == Transport::kUdp;
  char text[sizeof(":65535") + kIsBranch.size() + Branch::kSize + kRport.size()] = {':'};
  char* end = path.sent_by.port == 0 ? text : std::to_chars(text + 1, text + 6, path.sent_by.port).ptr;
  const auto put = [&end](std::string_view part) { end += part.copy(end, part.size()); };
  put(kIsBranch);
  put(branch.view());
  // RFC 3581 3: on UDP the response is wanted where the request came from.
  if (is_udp) put(kRport);
  const std::string_view behind_host(text, static_cast<std::size_t>(end - text));
  if (is_udp) {
    writer.Header(HeaderId::kVia, {"SIP/2.0/UDP ", path.sent_by.host, behind_host});
  } else {
    writer.Header(HeaderId::kVia,
                  {"SIP/2.0/", TransportName(path.transport), " ", path.sent_by.host, behind_host});
  }
  if (draft.head != nullptr) writer.Head(*draft.head, NameOf(draft));
  writer.Headers(draft.headers);
  writer.Body(draft.body);
  error = StartErrorOf(writer.error());
  const bool is_bounded = error == StartError::kNone && path.request_bytes_max != 0;
  if (is_bounded && writer.text().size() > path.request_bytes_max) error = StartError::kTooLongForPath;
  return writer.text();
}

Started TransactionLayer::Impl::SendRequest(Instant now, const Path& path, const RequestDraft& draft,
                                            Cookie cookie, ActionSink& out, const TimerOverride& timers) {
  Begin(now);
  // RFC 3261 17.1: no client transaction for an ACK; a CANCEL is Cancel()'s.
  if (draft.method == Method::kAck || draft.method == Method::kCancel || !IsWellFormed(draft)) {
    return {.id = {}, .error = StartError::kBadDraft};
  }
  const bool is_invite = draft.method == Method::kInvite;
  // RFC 3261 9.1, 17.1.1.3: its CANCEL and ACK repeat the Via, and must be able to read it.
  if (is_invite && !IsHost(path.sent_by.host, /*may_have_underscore=*/true)) {
    return {.id = {}, .error = StartError::kBadDraft};
  }
  if (IsFull() || (is_invite && cancel_places_ == options_.transactions_max)) {
    return {.id = {}, .error = StartError::kTooManyTransactions};
  }
  const TransactionId next = transactions_.Next();
  if (next.is_nil()) return {.id = {}, .error = StartError::kTooManyTransactions};
  const Branch branch = NewBranch(next);
  StartError error = StartError::kNone;
  const std::string_view wire = WriteRequest(path, draft, branch, error);
  if (error != StartError::kNone) return {.id = {}, .error = error, .wire_bytes = wire.size()};
  PooledBytes kept = Keep(wire);
  if (kept.is_none()) return {.id = {}, .error = StartError::kNoBufferSpace};

  Transaction* transaction =
      Start(is_invite ? Machine::kInviteClient : Machine::kNonInviteClient, path.flow, path.transport);
  SANSIP_CHECK(transaction != nullptr && transaction->id == next);
  transaction->cookie = cookie;
  transaction->timers = timers;
  transaction->wire = kept;
  transaction->branch = branch;
  transaction->method = draft.method;
  ++counters_.requests_out;
  const TransactionId id = transaction->id;
  const std::size_t bytes = wire.size();
  Take(*transaction, Event::kSendRequest, nullptr, out);
  return {.id = id, .error = StartError::kNone, .wire_bytes = bytes};
}

Started TransactionLayer::Impl::SendOutside(Instant now, const Path& path, const RequestDraft& draft,
                                            ActionSink& out) {
  Begin(now);
  Started started = {.id = {}, .error = StartError::kBadDraft, .wire_bytes = 0};
  if (!IsWellFormed(draft)) return started;
  const std::string_view wire = WriteRequest(path, draft, NewBranch({}), started.error);
  started.wire_bytes = wire.size();
  if (started.error != StartError::kNone) return started;
  if (TransmitOutside(path.flow, wire, out)) {
    ++counters_.requests_out;
  } else {
    started.error = StartError::kNoBufferSpace;
  }
  return started;
}

RespondError TransactionLayer::Impl::SendResponse(Instant now, TransactionId id, const ResponseDraft& draft,
                                                  ActionSink& out) {
  Begin(now);
  Transaction* server = FindCounted(id);
  if (server == nullptr) return RespondError::kStale;
  if (server->is_client() || server->is_abandoned) return RespondError::kWrongState;
  if (!IsWellFormed(draft)) return RespondError::kBadDraft;
  const bool is_invite = server->is_invite();
  if (!is_invite) {
    // RFC 4320 4.1, 4.2.
    const int code = draft.status_code;
    const auto is_early = [&] {
      return !server->machine.is_reliable && now_ - server->began < NonInviteTryingDelay(TimersOf(*server));
    };
    if (code == 408 || (code > 100 && code < 200) || (code == 100 && is_early()))
      return RespondError::kNotAllowed;
  }
  const Event event = ClassOf(draft.status_code, is_invite);
  if (ArrowsOf(*server).Find(server->machine.state, event) == nullptr) {
    return RespondError::kWrongState;
  }
  return Respond(*server, draft, draft.to_tag, event, out);
}

RespondError TransactionLayer::Impl::Respond(Transaction& server, const ResponseDraft& draft,
                                             std::string_view to_tag, Event event, ActionSink& out) {
  Writer writer(Scratch());
  WriteTagged(StoredRequest(server.kept.view()), draft, to_tag, now_ - server.began, writer);
  if (writer.error() == WriteError::kNoRoom) return RespondError::kMessageTooLong;
  if (writer.error() != WriteError::kNone) return RespondError::kBadDraft;
  const PooledBytes kept = Keep(writer.text());
  if (kept.is_none()) return RespondError::kNoBufferSpace;
  pool_.Release(server.wire);
  server.wire = kept;
  ++counters_.responses_out;
  Take(server, event, nullptr, out);
  return RespondError::kNone;
}

Branch TransactionLayer::Impl::NewBranch(TransactionId id) {
  const std::uint64_t high = random_.Next(), low = random_.Next();
  return Branch(high, low, id.slot);
}

void TransactionLayer::Impl::ResendFinal(Instant now, TransactionId id, ActionSink& out) {
  Begin(now);
  Transaction* server = FindCounted(id);
  if (server == nullptr || server->machine.machine != Machine::kInviteServer) return;
  if (server->machine.state != State::kAccepted || server->is_abandoned) return;
  ++counters_.responses_out;
  Take(*server, Event::kSend2xx, nullptr, out);
}

TokenText TransactionLayer::Impl::TagFor(const ServerKey& key) const {
  const std::uint64_t hash = HashOf(tag_hash_, key);
  return TokenText(hash, TupleHash(tag_hash_).Add(hash).Finish());
}

void TransactionLayer::Impl::WriteTagged(const StoredRequest& request, const ResponseDraft& draft,
                                         std::string_view to_tag, Duration age, Writer& writer) const {
  if (to_tag.empty()) to_tag = request.made_tag();
  if (!to_tag.empty()) return WriteResponse(request, draft, to_tag, age, writer);
  WriteResponse(request, draft, TagFor(request.key()).view(), age, writer);
}

void TransactionLayer::Impl::Make100(Transaction& server) {
  Writer writer(Scratch());
  const ResponseDraft draft = {.status_code = 100};
  WriteResponse(StoredRequest(server.kept.view()), draft, {}, now_ - server.began, writer);
  if (writer.error() != WriteError::kNone) return;
  server.wire = Keep(writer.text());
  if (!server.wire.is_none()) ++counters_.responses_out;
}

// RFC 3261 17.1.1.3, of the first 300-699; what comes later gets the same bytes.
void TransactionLayer::Impl::MakeAck(Transaction& client, const MessageView& response) {
  SentInvite invite;
  if (!client.kept.is_none() || !ReadSentInvite(client.wire.view(), invite)) return;
  Writer writer(Scratch());
  WriteAck(invite, response.First(HeaderId::kTo).value_or(""), writer);
  if (writer.error() != WriteError::kNone) return;
  client.kept = Keep(writer.text());
}

void TransactionLayer::Impl::Cancel(Instant now, TransactionId id, ActionSink& out) {
  Begin(now);
  Transaction* invite = FindCounted(id);
  if (invite == nullptr || invite->machine.machine != Machine::kInviteClient) return;
  CancelInvite(*invite, out);
}

void TransactionLayer::Impl::CancelInvite(Transaction& invite, ActionSink& out) {
  if (invite.cancelling != Cancelling::kNo) return;
  // RFC 3261 9.1: not before a provisional response, not after the final one.
  const State state = invite.machine.state;
  if (state != State::kCalling && state != State::kProceeding) return;
  invite.cancelling = Cancelling::kWanted;
  if (state == State::kProceeding) SendCancel(invite, out);
}

void TransactionLayer::Impl::Abandon(Instant now, TransactionId id, ActionSink& out) {
  Begin(now);
  Transaction* transaction = FindCounted(id);
  if (transaction == nullptr || transaction->is_abandoned || transaction->is_layers_own) return;
  transaction->is_abandoned = true;
  touched_ = id;
  if (transaction->machine.machine == Machine::kInviteClient) return CancelInvite(*transaction, out);
  const State state = transaction->machine.state;
  if (transaction->is_client() || (state != State::kTrying && state != State::kProceeding)) return;
  const ResponseDraft draft = {.status_code = 500};
  if (transaction->is_invite() && Respond(*transaction, draft, ToTagSent(*transaction), Event::kSend300To699,
                                          out) == RespondError::kNone) {
    return;
  }
  // RFC 4320 4.2: no final response at all. By then the client has given up (timer F).
  const Duration wait = FirstValue(Timer::kAbandoned, TimersOf(*transaction),
                                   transaction->machine.is_reliable, transaction->is_invite());
  ArmOutside(*transaction, Timer::kAbandoned, std::max(now_, After(transaction->began, wait)));
}

// The CANCEL in a transaction of its own, and the clock of 9.1. Without memory for it the next provisional
// response tries again; the clock runs on.
void TransactionLayer::Impl::SendCancel(Transaction& invite, ActionSink& out) {
  if (!invite.machine.timers.IsArmed(Timer::kCancelled)) {
    const Duration wait = FirstValue(Timer::kCancelled, TimersOf(invite), invite.machine.is_reliable, true);
    ArmOutside(invite, Timer::kCancelled, After(now_, wait));
  }
  SentInvite sent;
  if (!ReadSentInvite(invite.wire.view(), sent)) return;
  Writer writer(Scratch());
  WriteCancel(sent, writer);
  if (writer.error() != WriteError::kNone) return;
  PooledBytes kept = Keep(writer.text());
  if (kept.is_none()) {
    ++counters_.cancels_held;
    return;
  }
  Transaction* cancel = Start(Machine::kNonInviteClient, invite.flow, invite.transport);
  if (cancel == nullptr) {
    pool_.Release(kept);
    return;
  }
  cancel->is_layers_own = true;  // in the place kept for it
  ++own_cancels_;
  cancel->timers = invite.timers;
  cancel->wire = kept;
  cancel->branch = invite.branch;
  cancel->method = Method::kCancel;
  Index(*cancel, HashOf(hash_, cancel->client_key()));
  invite.cancelling = Cancelling::kSent;
  ++counters_.requests_out;
  Take(*cancel, Event::kSendRequest, nullptr, out);
  touched_ = invite.id;
}

TransactionId TransactionLayer::Impl::RequestOf(TransactionId cancel) const {
  const Transaction* transaction = transactions_.Find(cancel);
  if (transaction == nullptr || transaction->machine.machine != Machine::kNonInviteServer) return {};
  const ServerKey key = transaction->server_key();
  if (key.method != MethodName(Method::kCancel)) return {};
  const std::uint32_t slot = RequestMatching(key);
  return slot == SlotIndex::kNone ? TransactionId{} : transactions_.At(slot).id;
}

std::uint32_t TransactionLayer::Impl::RequestMatching(const ServerKey& key) const {
  // RFC 3261 9.2: as if the method were any but CANCEL and ACK. Of several, the INVITE: it alone is affected;
  // or the first slot (law 9).
  std::uint32_t first = SlotIndex::kNone;
  const std::uint32_t invite = keys_.Find(HashOf(hash_, key), [&](std::uint32_t slot) {
    const Transaction& candidate = transactions_.At(slot);
    if (candidate.is_client()) return false;
    const ServerKey found = candidate.server_key();
    ServerKey wanted = key;
    wanted.method = found.method;
    if (found.method == key.method || !Matches(found, wanted, true)) return false;
    first = std::min(first, slot);
    return candidate.is_invite();
  });
  return invite == SlotIndex::kNone ? first : invite;
}

TransactionId TransactionLayer::Impl::InviteOf(TransactionId cancel) const {
  const TransactionId request = RequestOf(cancel);
  return !request.is_nil() && transactions_.Find(request)->is_invite() ? request : TransactionId{};
}

std::string_view TransactionLayer::Impl::WriteOutside(const Origin& origin, const MessageView& request,
                                                      const ResponseDraft& draft, std::span<char> storage) {
  ServerKey key;
  if (!ServerKeyOf(request, key) || !IsWellFormed(draft)) return {};
  const std::span<char> run_storage(run_.get(), BytePool::kBufferBytesMax);
  const std::string_view run = StoredRequest::Write(request, key, origin.source, run_storage);
  if (run.empty()) return {};
  Writer writer(storage);
  WriteTagged(StoredRequest(run), draft, draft.to_tag, Duration::zero(), writer);
  return writer.error() == WriteError::kNone ? writer.text() : std::string_view();
}

bool TransactionLayer::Impl::TransmitOutside(FlowId flow, std::string_view wire, ActionSink& out) {
  PooledBytes kept = Keep(wire);
  if (kept.is_none()) return false;
  out.Append(action::Transmit{flow, TransactionId{}, kept.view()});
  pool_.Release(kept);  // law 5: the bytes stay until the next outer event
  return true;
}

void TransactionLayer::Impl::RespondOutside(Instant now, const Origin& origin, const MessageView& request,
                                            const ResponseDraft& draft, ActionSink& out) {
  Begin(now);
  if (!request.is_request() || request.method() == Method::kAck) return;
  const std::string_view wire = WriteOutside(origin, request, draft, Scratch());
  if (!wire.empty() && TransmitOutside(origin.flow, wire, out)) ++counters_.responses_out;
}

}  // namespace sansip
