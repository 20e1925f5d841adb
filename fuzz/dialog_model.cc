#include "sansip/fuzz/dialog_model.h"

#include <algorithm>

#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/rack.h"
#include "sansip/core/message/fields/via.h"

namespace sansip {
namespace {

constexpr Duration kTransactionTimeout = std::chrono::seconds(32);  // 64*T1
constexpr Duration kT4 = std::chrono::seconds(5);
// What a user agent may say of itself, or its user have it say, to an INVITE that is in order.
const std::set<int> kOfInvite = {408, 480, 486, 487, 488, 503, 504, 603};

bool HasSession(const MessageView& message) {
  return !message.body().empty() && message.First(HeaderId::kContentType).value_or("") == "application/sdp";
}

std::string MethodOf(const MessageView& message) {
  CSeq cseq;
  return CSeqOf(message, cseq) ? std::string(cseq.method_text) : std::string();
}

std::uint32_t NumberOf(const MessageView& message) {
  CSeq cseq;
  return CSeqOf(message, cseq) ? cseq.number : 0;
}

}  // namespace

std::string DialogModel::OnPeerSent(Instant now, const MessageView& message) {
  Via via;
  if (!TopVia(message, via)) return {};
  const Key key{std::string(via.branch), MethodOf(message)};
  return message.is_response() ? OnPeerResponse(now, message, key) : OnPeerRequest(now, message, key);
}

std::string DialogModel::OnAgentSent(Instant now, const MessageView& message) {
  Via via;
  if (!TopVia(message, via)) return "no Via";
  const Key key{std::string(via.branch), MethodOf(message)};
  return message.is_response() ? OnAgentResponse(now, message, key) : OnAgentRequest(now, message, key);
}

// ---- who is in the middle of what

// 14.1, 14.2.
bool DialogModel::HasOpen(std::string_view method, const std::string& tag) const {
  return std::any_of(servers_.begin(), servers_.end(), [&](const auto& one) {
    const auto& [key, server] = one;
    return key.second == method && server.tag == tag && server.status == 0 && server.must.empty();
  });
}

bool DialogModel::AgentInviteOpen(const std::string& tag) const {
  return std::any_of(clients_.begin(), clients_.end(), [&](const auto& one) {
    const auto& [key, client] = one;
    return key.second == "INVITE" && client.status == 0 && (client.tag.empty() || client.tag == tag);
  });
}

// 15: its 2xx has no ACK yet, and is not 64*T1 old.
bool DialogModel::MustWaitForAck(Instant now) const {
  bool has_success = false;
  for (const auto& [key, server] : servers_) {
    if (key.second != "INVITE" || server.status / 100 != 2) continue;
    if (server.is_acked || now - server.answered >= kTransactionTimeout) return false;
    has_success = true;
  }
  return has_success;
}

bool DialogModel::AgentOfferOpen(const std::string& tag) const {
  for (const auto& [key, client] : clients_) {
    const bool is_its = client.tag.empty() || client.tag == tag;
    if (is_its && client.has_offer && !client.is_settled && client.status == 0) return true;
  }
  for (const auto& [key, server] : servers_) {
    if (server.tag == tag && server.we_offered && !server.is_settled) return true;
  }
  return false;
}

bool DialogModel::PeerOfferOpen(const std::string& tag) const {
  return std::any_of(servers_.begin(), servers_.end(), [&](const auto& one) {
    const ServerRequest& server = one.second;
    return server.tag == tag && server.has_offer && !server.is_settled && server.status == 0 &&
           server.must.empty();
  });
}

// ---- the peer's

std::string DialogModel::OnPeerRequest(Instant now, const MessageView& request, const Key& key) {
  if (call_id_.empty()) call_id_ = request.First(HeaderId::kCallId).value_or("");
  const std::string tag(FromTag(request));
  if (request.method() == Method::kAck) {
    const auto refused = servers_.find({key.first, "INVITE"});
    if (refused != servers_.end() && refused->second.status >= 300) {
      refused->second.forgotten = std::min(refused->second.forgotten, now + kT4);  // timer I
    }
    for (auto& [server_key, server] : servers_) {
      if (server_key.second != "INVITE" || server.cseq != NumberOf(request) || server.tag != tag) continue;
      if (server.status / 100 != 2 || ToTag(request) != agent_tag_) continue;
      if (!server.is_acked && server.we_offered && !server.is_settled) {
        if (!HasSession(request)) dialogs_[tag].is_unsure = true;
        server.is_settled = true;
      }
      server.is_acked = true;
    }
    return {};
  }
  if (const auto known = servers_.find(key); known != servers_.end()) {
    // After timers I, J and L a copy is a request like any other.
    const bool is_copy = known->second.wire == request.bytes() && now < known->second.forgotten;
    if (is_copy) return {};
    servers_.erase(known);
  }
  servers_.insert_or_assign(key, Judged(now, request, key, tag));
  return {};
}

DialogModel::ServerRequest DialogModel::Judged(Instant now, const MessageView& request, const Key& key,
                                               const std::string& tag) {
  ServerRequest server;
  server.wire = request.bytes();
  server.tag = tag;
  server.cseq = NumberOf(request);
  server.has_offer =
      HasSession(request) && (request.method() == Method::kInvite || request.method() == Method::kUpdate);
  if (request.method() == Method::kCancel) {
    const auto invite = servers_.find({key.first, "INVITE"});
    if (invite == servers_.end())
      server.must.insert(481);
    else if (invite->second.status != 0)
      server.may.insert(481);  // 9.2: when it is gone
    return server;
  }
  if (ToTag(request).empty()) {
    if (dialogs_.empty() && request.method() == Method::kInvite) {
      server.is_initial = true;
      Dialog& dialog = dialogs_[tag];
      dialog.peer_cseq = server.cseq;
      NameAddr contact;
      if (FirstContact(request, contact)) dialog.targets.emplace(contact.uri);
    } else {
      server.may.insert(
          {482, 486, 481, 405, 501, 415, 420, 400, 500});  // outside of dialogs: not this model's
    }
    server.may.insert(kOfInvite.begin(), kOfInvite.end());
    return server;
  }
  const auto found = dialogs_.find(tag);
  ExpectOfAny(server, request);
  if (found == dialogs_.end() || ToTag(request) != agent_tag_) {
    server.must.insert(481);
    return server;
  }
  // 12.2.1.2, 9.1: what nobody answered.
  for (const auto& [other, client] : clients_) {
    const bool is_its = client.tag.empty() || client.tag == tag;
    const bool is_old = client.status == 0 && now - client.sent >= kTransactionTimeout;
    if (is_its && is_old && (other.second != "INVITE" || client.is_cancelled))
      found->second.may_be_gone = true;
  }
  Expect(server, found->second, request, tag);
  NameAddr contact;
  if (FirstContact(request, contact)) found->second.targets.emplace(contact.uri);
  return server;
}

// 8.2.1 to 8.2.3.
void DialogModel::ExpectOfAny(ServerRequest& server, const MessageView& request) {
  const Method method = request.method();
  if (method == Method::kExtension) server.must.insert({405, 501});
  if (method == Method::kInfo || method == Method::kRefer) server.must.insert(405);
  if (method == Method::kPrack) server.may.insert(405);  // a user agent without 100rel
  if (request.First(HeaderId::kRequire).value_or("") == "frobnicate") server.must.insert(420);
  const bool is_odd = !request.body().empty() && !HasSession(request);
  if (is_odd && (method == Method::kInvite || method == Method::kUpdate)) server.must.insert(415);
  if (is_odd) server.may.insert(415);
}

void DialogModel::Expect(ServerRequest& server, Dialog& dialog, const MessageView& request,
                         const std::string& tag) {
  const Method method = request.method();
  // 13.2.2.4: forks that have no 2xx are over with the INVITE; with the call all are.
  const bool has_lost = std::any_of(dialogs_.begin(), dialogs_.end(), [&](const auto& one) {
    return one.second.is_over || (one.second.is_answered && !dialog.is_answered);
  });
  if (has_hung_up_ || has_lost || dialog.may_be_gone) server.may.insert(481);
  if (dialog.is_over || dialog.said_bye) {
    server.must.insert(481);
    if (method == Method::kBye && !dialog.peer_left) server.may.insert(200);  // it crosses ours
    if (method == Method::kPrack) server.may.insert(200);
  }
  // 12.2.2: lower ones are refused; of an equal one it says nothing.
  if (dialog.peer_cseq && server.cseq < *dialog.peer_cseq) server.must.insert(500);
  if (dialog.peer_cseq && server.cseq == *dialog.peer_cseq) server.may.insert({500, 482});
  if (!server.must.contains(500)) dialog.peer_cseq = std::max(dialog.peer_cseq.value_or(0), server.cseq);
  if (method == Method::kInvite) ExpectInvite(server, dialog, tag);
  if (method == Method::kUpdate) ExpectUpdate(server, dialog, tag);
  if (method == Method::kPrack && server.must.empty()) TakePrack(server, request);
}

void DialogModel::ExpectInvite(ServerRequest& server, const Dialog& dialog, const std::string& tag) {
  server.may.insert(kOfInvite.begin(), kOfInvite.end());
  server.may.insert(491);  // RFC 5407 3.1.4: our 2xx without ACK; 500 for an offer that waits
  if (HasOpen("INVITE", tag)) server.is_overlapping = server.must.empty();  // 14.2: 500 has Retry-After
  if (HasOpen("INVITE", tag) || HasOpen("UPDATE", tag)) server.must.insert({500, 491});
  if (AgentInviteOpen(tag)) server.must.insert({491, 500, 488, 481});
  if (dialog.is_unsure) {
    server.may.insert(500);
  } else if (AgentOfferOpen(tag) || PeerOfferOpen(tag)) {
    server.must.insert({491, 500});
  }
}

void DialogModel::ExpectUpdate(ServerRequest& server, const Dialog& dialog, const std::string& tag) {
  server.may.insert({408, 480, 486, 487, 488, 603, 504});
  if (HasOpen("UPDATE", tag)) {
    server.is_overlapping = server.must.empty();  // RFC 3311 5.2
    server.must.insert(500);
  }
  if (!server.has_offer) return;
  // An INVITE without offer is about to have one from us.
  const bool is_asked = HasOpen("INVITE", tag) || AgentInviteOpen(tag);
  if (!dialog.is_agreed || dialog.is_unsure || is_asked) server.may.insert({491, 500});
  if (dialog.is_unsure) return;
  if (AgentOfferOpen(tag)) server.must.insert({491, 500});
  if (PeerOfferOpen(tag)) server.must.insert({500, 491});
}

// RFC 3262 3: one that matches is answered 2xx, others 481.
void DialogModel::TakePrack(ServerRequest& prack, const MessageView& request) {
  RAck rack;
  if (!ParseRAck(request.First(HeaderId::kRAck).value_or(""), rack).ok()) {
    prack.must.insert({400, 481});
    return;
  }
  for (auto& [key, server] : servers_) {
    if (key.second != "INVITE" || server.tag != prack.tag || server.cseq != rack.cseq.number) continue;
    if (rack.cseq.method != Method::kInvite || server.rseqs.erase(rack.rseq) == 0) continue;
    if (server.status != 0) prack.may.insert(481);  // it was on its way when the final response went
    if (server.we_offered && !server.is_settled) {
      if (!HasSession(request)) dialogs_[prack.tag].is_unsure = true;
      server.is_settled = true;
      dialogs_[prack.tag].is_agreed = true;
    } else if (HasSession(request)) {
      dialogs_[prack.tag].is_unsure = true;  // a further offer: RFC 3262 5 has the rules, this model not
    }
    return;
  }
  prack.must.insert(481);
}

std::string DialogModel::OnPeerResponse(Instant now, const MessageView& response, const Key& key) {
  const auto found = clients_.find(key);
  if (found == clients_.end()) return {};
  ClientRequest& client = found->second;
  const int status = response.status_code();
  const std::string tag(ToTag(response));
  if (NumberOf(response) != client.cseq) return {};
  const bool is_invite = key.second == "INVITE";
  // Timers B, F; and after CANCEL nobody waits for longer (9.1).
  const bool is_waiting = is_invite && client.has_provisional;
  if (client.status == 0 && !is_waiting && now - client.sent >= kTransactionTimeout) return {};
  if (client.is_cancelled && now - client.cancelled >= kTransactionTimeout) return {};
  client.has_provisional = true;
  if (status == 100) return {};
  if (client.status != 0) {
    const bool is_late = now - client.answered >= kTransactionTimeout;
    if (!is_invite || client.status / 100 != 2 || status >= 300 || is_late) return {};  // RFC 6026 M
  }
  const bool is_initial = is_invite && client.tag.empty();
  const bool is_known = dialogs_.contains(tag) && dialogs_[tag].made_by == client.cseq;
  if (is_initial && !tag.empty() && status < 300 && !is_known) {
    dialogs_[tag] = {.made_by = client.cseq, .agent_cseq = client.cseq, .may_be_gone = client.status != 0};
  }
  if (dialogs_.contains(tag) && status < 300) {
    Dialog& dialog = dialogs_[tag];
    NameAddr contact;
    if (FirstContact(response, contact)) dialog.targets.emplace(contact.uri);
    const bool is_reliable = status < 200 && response.First(HeaderId::kRSeq).has_value();
    // What a provisional, reliable or not, does to offers depends on what was agreed and came before.
    if (is_invite && HasSession(response) && status < 200)
      dialog.is_unsure |= is_reliable || !client.has_offer;
    if (is_invite && HasSession(response)) dialog.is_agreed = true;
    if (status >= 200 && is_invite && !client.has_offer) dialog.is_unsure = true;
    if (status >= 200 && client.has_offer && !HasSession(response)) dialog.is_unsure = true;
  }
  if (status / 100 == 3 && dialogs_.contains(client.tag)) {
    NameAddr contact;
    if (FirstContact(response, contact)) dialogs_[client.tag].targets.emplace(contact.uri);  // 12.2.1.2
  }
  if (status < 200) return {};
  if (client.status == 0) client.answered = now;
  client.status = status;
  client.is_settled = true;
  if (is_initial && status >= 300) {
    for (auto& [one, dialog] : dialogs_) dialog.is_over = true;  // 13.2.2.3
  }
  if (is_invite && status < 300) {
    if (dialogs_.contains(tag)) dialogs_[tag].is_answered = true;
    to_acknowledge_.push_back({tag, client.cseq});
  }
  // 12.2.1.2. To an early UPDATE or PRACK, or to one of several forks, a user agent may also go on.
  if ((status == 481 || status == 408) && !is_initial && dialogs_.contains(client.tag)) {
    dialogs_[client.tag].is_unsure = dialogs_[client.tag].may_be_gone = true;
  }
  return {};
}

// ---- the user agent's

std::string DialogModel::CheckOffer(const Dialog& dialog, const std::string& tag) const {
  if (dialog.is_unsure) return {};
  if (AgentOfferOpen(tag)) return "an offer while one of ours is open";
  if (PeerOfferOpen(tag)) return "an offer while one of the peer's is open";
  return {};
}

std::string DialogModel::OnAgentRequest(Instant now, const MessageView& request, const Key& key) {
  const Method method = request.method();
  if (call_id_.empty()) {
    call_id_ = request.First(HeaderId::kCallId).value_or("");
    agent_tag_ = FromTag(request);
    agent_called_ = true;
  }
  if (request.First(HeaderId::kCallId).value_or("") != call_id_) return "another Call-ID";
  if (FromTag(request) != agent_tag_) return "another From tag";
  if (!request.First(HeaderId::kMaxForwards)) return "no Max-Forwards";
  const std::string tag(ToTag(request));
  const std::uint32_t cseq = NumberOf(request);
  if (method == Method::kAck) {
    const bool is_ours = std::any_of(clients_.begin(), clients_.end(), [&](const auto& one) {
      return one.first.second == "INVITE" && one.second.cseq == cseq && one.second.status >= 200;
    });
    if (!is_ours) return "an ACK to no final response";
    std::erase_if(to_acknowledge_, [&](const Success& one) { return one.tag == tag && one.cseq == cseq; });
    return {};
  }
  if (const auto known = clients_.find(key); known != clients_.end()) {
    return known->second.wire == request.bytes() ? std::string() : "a copy that is none";
  }
  if (method == Method::kCancel) {
    const auto invite = clients_.find({key.first, "INVITE"});
    if (invite == clients_.end() || invite->second.cseq != cseq) return "a CANCEL of nothing";
    if (invite->second.status != 0) return "a CANCEL after the final response";
    if (tag != invite->second.tag) return "a CANCEL with another To tag";
    invite->second.is_cancelled = true;
    invite->second.cancelled = now;
    clients_[key] = {.wire = std::string(request.bytes()), .tag = tag, .cseq = cseq, .sent = now};
    return {};
  }
  const bool offers = HasSession(request) && (method == Method::kInvite || method == Method::kUpdate);
  if (tag.empty()) {
    if (method != Method::kInvite) return "no To tag";
  } else {
    const auto found = dialogs_.find(tag);
    if (found == dialogs_.end()) return "a To tag that nobody gave";
    Dialog& dialog = found->second;
    if (cseq <= dialog.agent_cseq) return "a CSeq that does not rise";
    dialog.agent_cseq = cseq;
    const std::string uri(request.request_uri());
    if (!dialog.targets.empty() && !dialog.targets.contains(uri)) return "another remote target: " + uri;
    if (dialog.said_bye) return "a request after BYE";
    if (method == Method::kInvite) {
      if (AgentInviteOpen(tag)) return "an INVITE within ours";
      if (HasOpen("INVITE", tag)) return "an INVITE within the peer's";
    }
    if (offers) {
      if (std::string wrong = CheckOffer(dialog, tag); !wrong.empty()) return wrong;
    }
    if (method == Method::kBye) {
      dialog.said_bye = true;
      if (!agent_called_ && MustWaitForAck(now)) return "a BYE before the ACK";
      if (!agent_called_ && HasOpen("INVITE", tag) && !dialog.is_answered)
        return "a callee's BYE while early";
    }
  }
  clients_[key] = {
      .wire = std::string(request.bytes()), .tag = tag, .cseq = cseq, .has_offer = offers, .sent = now};
  return {};
}

std::string DialogModel::OnAgentResponse(Instant now, const MessageView& response, const Key& key) {
  const auto found = servers_.find(key);
  if (found == servers_.end()) return "a response to nothing";
  ServerRequest& server = found->second;
  const int status = response.status_code();
  if (NumberOf(response) != server.cseq) return "another CSeq";
  if (response.First(HeaderId::kCallId).value_or("") != call_id_) return "another Call-ID";
  if (FromTag(response) != server.tag) return "another From tag";
  const std::string tag(ToTag(response));
  if (tag.empty() && status > 100) return "no To tag";
  if (server.is_initial && agent_tag_.empty()) agent_tag_ = tag;
  if (server.status != 0) {
    if (status < 200) return "a provisional response after the final one";
    if (server.final_wire != response.bytes()) return "two final responses";
    return {};
  }
  Dialog* const dialog = dialogs_.contains(server.tag) ? &dialogs_[server.tag] : nullptr;
  if (key.second == "INVITE" && HasSession(response) && status > 100 && status < 300) {
    const bool is_reliable = status >= 200 || response.First(HeaderId::kRSeq).has_value();
    if (is_reliable && server.has_offer) {
      server.is_settled = true;
      if (dialog != nullptr) dialog->is_agreed = true;
    } else if (is_reliable && !server.we_offered) {
      server.we_offered = true;
      if (dialog != nullptr && AgentOfferOpen(server.tag) && !dialog->is_unsure) {
        for (const auto& [other, client] : clients_) {
          if (client.has_offer && !client.is_settled && client.status == 0 && client.tag == server.tag)
            return "an offer while one of ours is open";
        }
      }
    }
  }
  if (status < 200) {
    RSeq rseq;
    const std::string_view value = response.First(HeaderId::kRSeq).value_or("");
    if (!value.empty() && ParseRSeq(value, rseq).ok()) server.rseqs.insert(rseq.number);
    return {};
  }
  server.status = status;
  server.final_wire = response.bytes();
  server.answered = now;
  server.forgotten = now + kTransactionTimeout;
  if (status < 300 && dialog != nullptr) {
    if (key.second == "INVITE") dialog->is_answered = true;
    if (key.second == "INVITE" || key.second == "UPDATE") {
      if (server.has_offer && !server.is_settled && !HasSession(response)) dialog->is_unsure = true;
      server.is_settled = server.is_settled || server.has_offer || !server.we_offered;
    }
    if (key.second == "BYE") dialog->is_over = dialog->peer_left = true;
  }
  if (status >= 300) server.is_settled = true;
  if (status >= 300 && server.is_initial) dialog->is_over = true;
  if (!server.must.empty()) {
    if (server.must.contains(status) || server.may.contains(status)) {
      const bool lacks_time =
          status == 500 && server.is_overlapping && !response.First(HeaderId::kRetryAfter);
      return lacks_time ? "a 500 without Retry-After" : "";
    }
    std::string wanted;
    for (const int one : server.must) wanted += " " + std::to_string(one);
    return std::to_string(status) + " instead of" + wanted;
  }
  if (status >= 300 && !server.may.contains(status)) return std::to_string(status) + " for no reason";
  return {};
}

std::string DialogModel::Finish() const {
  if (!to_acknowledge_.empty()) return "a 2xx without ACK, To tag " + to_acknowledge_.front().tag;
  for (const auto& [key, server] : servers_) {
    if (server.status == 0) return "no response to " + key.second;
  }
  for (const auto& [tag, dialog] : dialogs_) {
    const bool is_over = dialog.said_bye || dialog.is_over || dialog.is_unsure;
    if (dialog.is_answered && !is_over) return "a dialog that nobody ended: " + tag;
  }
  return {};
}

}  // namespace sansip
