// Session-ID (RFC 7989), where the options say so: the UUIDs of sessions, as they are made, heard and
// written. In the ACK to a refusal and in CANCEL, which the transaction layer makes, it is that of their
// INVITE (6).

#include <algorithm>

#include "sansip/dialog/user_agent_state.h"

namespace sansip {

UserAgentState::ServerSession* UserAgentState::SessionOf(TransactionId id) {
  if (id.slot >= server_sessions_.size()) return nullptr;
  ServerSession& session = server_sessions_[id.slot];
  return session.generation == id.generation ? &session : nullptr;
}

// 8: the responses to it name the peer as the request does; the dialog, once it has its 2xx.
void UserAgentState::HearRequest(TransactionId id, const MessageView& request, DialogId dialog_id) {
  if (!options_.session_id) return;
  if (id.slot >= server_sessions_.size()) server_sessions_.resize(std::size_t{id.slot} + 1);
  ServerSession& session = server_sessions_[id.slot];
  session = {.generation = id.generation, .dialog = dialog_id, .uuids = {}};
  const std::optional<ToldUuids> told = ToldIn(request);
  if (const Dialog* const dialog = dialogs_.Find(dialog_id)) {
    session.uuids = dialog->session;
    if (told) session.uuids.Accept(told->local);
    session.uuids.changes = dialog->session.changes;
    return;
  }
  if (told && !told->has_remote && !told->local.is_nil()) {
    session.uuids = {.local = told->local, .remote = {}, .is_single = true};  // 11
    return;
  }
  session.uuids.local = NewUuid(random_);
  if (told) session.uuids.Accept(told->local);
}

// Of an early call that of its INVITE. Null: there is no such call.
const Dialog* UserAgentState::DialogOf(CallId id) const {
  const Call* const call = calls_.Find(id);
  return call == nullptr ? nullptr : dialogs_.Find(call->dialog.is_nil() ? call->seed : call->dialog);
}

// What the request makes: a dialog, in the session that `goes_on`, if any (6: by an INVITE with Replaces).
void UserAgentState::NameDialog(TransactionId id, Dialog& dialog, const Dialog* goes_on) {
  ServerSession* const session = SessionOf(id);
  if (session == nullptr) return;
  if (goes_on != nullptr && !session->uuids.is_single) session->uuids.local = goes_on->session.local;
  dialog.session = session->uuids;
}

// 6: a call that a REFER asked for goes on with the session of who was referred, to another peer.
void UserAgentState::GoOnWithSession(Dialog& seed, StandaloneId reference) {
  const Standalone* const owner = standalones_.Find(reference);
  const Dialog* const dialog =
      owner == nullptr ? nullptr : DialogOf(owner->call.is_nil() ? owner->names : owner->call);
  if (dialog != nullptr && !dialog->session.local.is_nil())
    seed.session = {.local = dialog->session.local, .remote = {}};
}

// 8. A 100 comes from the next hop, which speaks for nobody (7).
void UserAgentState::HearResponse(Dialog& dialog, const MessageView& response) {
  if (!options_.session_id || response.status_code() == 100) return;
  const std::optional<ToldUuids> told = ToldIn(response);
  if (!told) return;
  if (!told->has_remote && told->local == dialog.session.local) dialog.session.is_single = true;  // 11
  dialog.session.Accept(told->local);
}

// Of an INVITE's answers each is heard in the dialog that it makes.
void UserAgentState::HearAnswer(const Outgoing& request, const MessageView& response) {
  if (request.kind == Outgoing::Kind::kInvite && response.status_code() < 300) return;
  if (Dialog* const dialog = dialogs_.Find(request.dialog)) HearResponse(*dialog, response);
}

// A dialog out of a snapshot, which may be of a process that wrote none.
void UserAgentState::RestoreSession(Dialog& dialog) {
  if (options_.session_id && dialog.session.local.is_nil()) dialog.session.local = NewUuid(random_);
}

// 8: also by the ACK to a 2xx.
void UserAgentState::HearAck(Dialog& dialog, const MessageView& ack) {
  if (!options_.session_id) return;
  if (const std::optional<ToldUuids> told = ToldIn(ack)) dialog.session.Accept(told->local);
}

// One that the user gave, as a gateway passes it on (7), stands.
void UserAgentState::DraftSession(const SessionUuids& uuids) {
  const auto is_session_id = [](const HeaderLine& line) { return line.id == HeaderId::kSessionId; };
  if (uuids.local.is_nil() || std::ranges::any_of(draft_.lines(), is_session_id)) return;
  const std::array<char, 32> local = UuidText(uuids.local), remote = UuidText(uuids.remote);
  const std::string_view own(local.data(), local.size());
  if (uuids.is_single) return draft_.Compose(HeaderId::kSessionId, {own});
  draft_.Compose(HeaderId::kSessionId, {own, ";remote=", {remote.data(), remote.size()}});
}

void UserAgentState::DraftSession(TransactionId id) {
  ServerSession* const session = SessionOf(id);
  if (session == nullptr) return;
  // 8: unless another request, or a response, has told a newer one meanwhile.
  const Dialog* const dialog = dialogs_.Find(session->dialog);
  const bool is_newer = dialog != nullptr && dialog->session.changes != session->uuids.changes;
  if (is_newer) session->uuids = dialog->session;
  DraftSession(session->uuids);
}

void UserAgentState::OnSessionAnswered(TransactionId id, int status) {
  const ServerSession* const session = SessionOf(id);
  Dialog* const dialog = session == nullptr ? nullptr : dialogs_.Find(session->dialog);
  if (dialog != nullptr && status >= 200 && status < 400) dialog->session.Accept(session->uuids.remote);
}

}  // namespace sansip
