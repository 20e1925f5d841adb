// INFO and its packages (RFC 6086) as a part of the user agent. A call has InfoPackages if the options say
// so; others take and send INFO as it was before (legacy). Private to dialog/user_agent*.
#ifndef SANSIP_DIALOG_USER_AGENT_INFO_H_
#define SANSIP_DIALOG_USER_AGENT_INFO_H_

#include <string_view>

#include "sansip/dialog/user_agent_impl.h"

namespace sansip {

struct UserAgent::Impl::Packages {
  Impl& agent;

  void Begin(Call& call);  // of a call that is new
  VerbError Set(Call& call, std::string_view packages);

  // ---- a request of ours that tells our set: INVITE, re-INVITE, UPDATE
  void Draft(Outgoing& request);
  void OnResponse(const Outgoing& request, DialogId dialog, const MessageView& response);
  void OnFinal(Outgoing& request);

  // ---- one of the peer's
  void OnRequest(TransactionId id, Call& call, DialogId dialog, const MessageView& request);
  void DraftAnswer(TransactionId id);
  void OnAnswered(TransactionId id, int status);

  // ---- INFO
  VerbError Check(const StandaloneDraft& draft, const Call* call) const;
  bool IsWanted(const Call* call, std::string_view package) const;
  void DraftInfo(const Standalone& owner);
  bool OnInfo(TransactionId id, CallId call_id, const MessageView& info);  // false: it is of no package

 private:
  InfoPackages* Find(const Call* call) const;
  InfoPackages::Peer& PeerOf(InfoPackages& packages, DialogId dialog) const;
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_USER_AGENT_INFO_H_
