// The scripted peer: it keeps what a person at the keyboard would, one dialog and the messages seen, and
// makes messages of that; whatever a scenario says in detail replaces what it would have written. It has no
// timers and repeats nothing unless it is told to.
//
// Details of a message to send, a line each:
//   Name: value        in the place of all of that name;  +Name: value, one more;  ^Name: value, on top
//   -Name              without it
//   Request-URI: uri   tag: T, of the peer's side;  branch: B;  outside, of any dialog;  body: none
//   body: sdp, sdp 2   a description, or its second version;  body: text
// In values {INVITE.Call-ID} is a field of a message seen before, {peer} and {ua} are addresses, {peer.host}
// and {peer.port} the parts of one, {branch} is new.
#ifndef SANSIP_TESTS_CONFORMANCE_PEER_H_
#define SANSIP_TESTS_CONFORMANCE_PEER_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/tests/conformance/wire_message.h"

namespace sansip::conformance {

// "200 to BYE", "2xx", "INVITE": which message is meant.
struct MessagePattern {
  std::string method;  // of a request, or of a response's CSeq; empty: any
  std::string status;  // "200", "2xx"; empty: a request

  bool Matches(const WireMessage& message) const;
};
// Words of it are taken from the front.
std::optional<MessagePattern> TakePattern(std::vector<std::string>& words);
std::string TextOf(const MessagePattern& pattern);

class Peer {
 public:
  Peer(std::string transport, std::string address, std::string subject_uri, std::string unique);

  // A message that came from the subject, new to the peer.
  void OnMessage(const WireMessage& message);
  // A message to send; nullopt with what is wrong.
  std::optional<WireMessage> Compose(const MessagePattern& what, const std::vector<std::string>& details,
                                     std::string& error);

  // The last message of that kind, received or sent.
  const WireMessage* Seen(const MessagePattern& pattern) const;
  void Name(std::string name, const WireMessage& message) { named_[std::move(name)] = message; }
  // By a name or a pattern: "INVITE", "200 to BYE", "first".
  const WireMessage* Find(std::string_view name) const;
  // With what is within braces filled in; nullopt with what is wrong.
  std::optional<std::string> Fill(std::string_view text, std::string& error);

 private:
  std::optional<WireMessage> Request(const std::string& method, bool outside, std::string& error);
  std::optional<WireMessage> Response(const MessagePattern& what, const std::string& tag, std::string& error);
  bool Apply(std::string_view detail, WireMessage& message, std::string& error);
  std::string NewBranch();
  std::string Description(int version) const;
  void LearnDialog(const WireMessage& message, bool is_ours);

  std::string transport_, address_, subject_uri_, unique_;
  int made_ = 0;  // branches, tags and Call-IDs
  std::string call_id_, local_tag_, remote_tag_, local_uri_, remote_uri_, remote_target_;
  std::vector<std::string> routes_;
  unsigned local_cseq_ = 0;
  struct Entry {
    WireMessage message;
    bool is_ours = false;
  };
  std::vector<Entry> seen_;  // received and sent, in their order
  std::map<std::string, WireMessage, std::less<>> named_;
};

}  // namespace sansip::conformance

#endif  // SANSIP_TESTS_CONFORMANCE_PEER_H_
