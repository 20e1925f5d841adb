#include "sansip/dialog/user_agent_info.h"

#include <algorithm>
#include <optional>

#include "sansip/core/message/fields/content_disposition.h"
#include "sansip/core/message/fields/content_type.h"
#include "sansip/core/message/multipart.h"
#include "sansip/core/text/ascii.h"

namespace sansip {
namespace {

constexpr std::string_view kDisposition = "Info-Package";

bool IsForPackage(const std::optional<std::string_view>& value) {
  ContentDisposition disposition;
  return value && ParseContentDisposition(*value, disposition).ok() &&
         EqualsIgnoreCase(disposition.type, kDisposition);
}

struct Payload {
  std::string_view body, type;
};

// RFC 6086 4.3.1: the body, or a part of it, that its disposition gives to the package.
Payload PayloadOf(const MessageView& info) {
  if (info.body().empty()) return {};
  const std::string_view type = info.First(HeaderId::kContentType).value_or("");
  if (IsForPackage(info.First(HeaderId::kContentDisposition))) return {info.body(), type};
  MediaType media_type;
  if (!ParseMediaType(type, media_type).ok() || !EqualsIgnoreCase(media_type.type, "multipart")) return {};
  MultipartReader parts(media_type, info.body());
  for (BodyPart part; parts.Next(part);) {
    if (IsForPackage(part.content_disposition))
      return {part.content, part.content_type.value_or("text/plain")};
  }
  return {};
}

}  // namespace

InfoPackages* UserAgent::Impl::Packages::Find(const Call* call) const {
  return call == nullptr ? nullptr : agent.packages_.Find(call->packages);
}

// As many as there are dialogs: those of forks that are over make room.
InfoPackages::Peer& UserAgent::Impl::Packages::PeerOf(InfoPackages& packages, DialogId dialog) const {
  if (InfoPackages::Peer* const known = packages.FindPeer(dialog)) return *known;
  packages.DropPeersIf([&](DialogId other) { return agent.dialogs_.Find(other) == nullptr; });
  return packages.AddPeer(dialog);
}

void UserAgent::Impl::Packages::Begin(Call& call) {
  if (!agent.options_.info_packages) return;
  call.packages = agent.packages_.Add();
  if (InfoPackages* const packages = Find(&call)) packages->wish.assign(*agent.options_.info_packages);
}

VerbError UserAgent::Impl::Packages::Set(Call& call, std::string_view set) {
  InfoPackages* const packages = Find(&call);
  if (packages == nullptr || call.ended) return VerbError::kWrongState;
  if (set.size() > agent.options_.limits.identity_bytes_max) return VerbError::kTooLong;
  if (HasControl(set) || !IsPackageSet(set)) return VerbError::kBadHeader;
  packages->wish.assign(set);
  return VerbError::kNone;
}

VerbError UserAgent::Impl::SetInfoPackages(CallId id, std::string_view packages) {
  Call* const call = calls_.Find(id);
  if (call == nullptr) return ++counters_.stale_ids, VerbError::kStale;
  return Packages{*this}.Set(*call, packages);
}

// ---- ours

// RFC 6086 5.2.3: always in an INVITE, empty where nothing is taken.
void UserAgent::Impl::Packages::Draft(Outgoing& request) {
  const bool is_told = request.kind == Outgoing::Kind::kInvite || request.kind == Outgoing::Kind::kReinvite ||
                       request.kind == Outgoing::Kind::kUpdate;
  InfoPackages* const packages = Find(agent.calls_.Find(request.call));
  if (!is_told || packages == nullptr) return;
  if (!request.says_packages) packages->Open();
  request.says_packages = true;
  agent.draft_.Add(HeaderId::kRecvInfo, packages->said);
}

// 5.2.4: what a re-INVITE's provisional says holds once its 2xx comes.
void UserAgent::Impl::Packages::OnResponse(const Outgoing& request, DialogId dialog,
                                           const MessageView& response) {
  const int status = response.status_code();
  InfoPackages* const packages = Find(agent.calls_.Find(request.call));
  if (packages == nullptr || status >= 300) return;
  if (status >= 200) packages->Accept();
  InfoPackages::Peer& peer = PeerOf(*packages, dialog);
  if (response.Has(HeaderId::kRecvInfo)) {
    AssignPackages(peer.next, response, agent.options_.limits.identity_bytes_max);
    peer.has_next = true;
  }
  if (!peer.has_next || (status < 200 && request.kind != Outgoing::Kind::kInvite)) return;
  peer.set.swap(peer.next);
  peer.has_next = false;
}

void UserAgent::Impl::Packages::OnFinal(Outgoing& request) {
  request.says_packages = false;
  if (InfoPackages* const packages = Find(agent.calls_.Find(request.call))) packages->Close();
}

// ---- the peer's

void UserAgent::Impl::Packages::OnRequest(TransactionId id, Call& call, DialogId dialog,
                                          const MessageView& request) {
  InfoPackages* const packages = Find(&call);
  if (packages == nullptr || !request.Has(HeaderId::kRecvInfo)) return;
  ServerRecord& record = agent.servers_[id.slot];
  record.says_packages = true;
  record.dialog = dialog;
  packages->Open();
  InfoPackages::Peer& peer = PeerOf(*packages, dialog);
  AssignPackages(peer.next, request, agent.options_.limits.identity_bytes_max);
  peer.has_next = true;
}

void UserAgent::Impl::Packages::DraftAnswer(TransactionId id) {
  const ServerRecord& record = agent.servers_[id.slot];
  InfoPackages* const packages = Find(agent.calls_.Find(record.call));
  if (record.says_packages && packages != nullptr) agent.draft_.Add(HeaderId::kRecvInfo, packages->said);
}

// A final response, or none that will ever be.
void UserAgent::Impl::Packages::OnAnswered(TransactionId id, int status) {
  ServerRecord& record = agent.servers_[id.slot];
  record.says_packages = false;
  InfoPackages* const packages = Find(agent.calls_.Find(record.call));
  if (packages == nullptr) return;
  InfoPackages::Peer* const peer = packages->FindPeer(record.dialog);
  if (status < 300) packages->Accept();
  if (status < 300 && peer != nullptr && peer->has_next) {
    peer->set.swap(peer->next);
    peer->has_next = false;
  }
  packages->Close();
}

// ---- INFO

bool UserAgent::Impl::Packages::IsWanted(const Call* call, std::string_view package) const {
  InfoPackages* const packages = Find(call);
  return packages != nullptr && packages->IsWanted(call->dialog, InfoPackageName(package));
}

VerbError UserAgent::Impl::Packages::Check(const StandaloneDraft& draft, const Call* call) const {
  if (draft.info_package.empty()) return VerbError::kNone;
  if (draft.info_package.size() > agent.options_.limits.identity_bytes_max) return VerbError::kTooLong;
  const bool is_package = draft.method == MethodName(Method::kInfo) && !HasControl(draft.info_package) &&
                          !InfoPackageName(draft.info_package).empty();
  if (!is_package) return VerbError::kBadHeader;
  return IsWanted(call, draft.info_package) ? VerbError::kNone : VerbError::kWrongState;
}

void UserAgent::Impl::Packages::DraftInfo(const Standalone& owner) {
  agent.draft_.Add(HeaderId::kInfoPackage, owner.event);
  agent.kept_lines_.clear();
  owner.content.AddLinesTo(agent.kept_lines_);
  const auto is_disposition = [](const HeaderLine& line) { return line.id == HeaderId::kContentDisposition; };
  const bool is_said = std::any_of(agent.kept_lines_.begin(), agent.kept_lines_.end(), is_disposition);
  if (!owner.content.body().empty() && !is_said)
    agent.draft_.Add(HeaderId::kContentDisposition, kDisposition);
}

bool UserAgent::Impl::Packages::OnInfo(TransactionId id, CallId call_id, const MessageView& info) {
  const std::optional<std::string_view> package = info.First(HeaderId::kInfoPackage);
  if (!package) return false;
  const InfoPackages* const packages = Find(agent.calls_.Find(call_id));
  if (packages == nullptr || !packages->IsTaken(InfoPackageName(*package))) {
    // 4.2.2: the list tells nothing new.
    ++agent.counters_.refused_packages;
    const std::string_view taken = packages == nullptr   ? std::string_view()
                                   : packages->open == 0 ? std::string_view(packages->own)
                                                         : std::string_view(packages->said);
    agent.Refuse(id, 469, HeaderId::kRecvInfo, taken);
    return true;
  }
  const Payload payload = PayloadOf(info);
  const std::string& types = agent.options_.info_types;
  if (!payload.body.empty() && !types.empty() && !IsAmong(TypeOf(payload.type), types)) {
    ++agent.counters_.refused_body;
    agent.Refuse(id, 415, HeaderId::kAccept, types);
    return true;
  }
  ServerRecord& record = agent.servers_[id.slot];
  record.is_bodyless = record.is_of_package = true;
  if (agent.AwaitAnswer(id, call_id)) {
    agent.Emit(ua::RequestReceived{id, call_id, &info, 0, *package, payload.body});
  }
  return true;
}

}  // namespace sansip
