#include "sansip/tests/conformance/peer.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace sansip::conformance {
namespace {

std::string_view ReasonOf(const std::string& status) {
  static constexpr std::pair<std::string_view, std::string_view> kReasons[] = {
      {"100", "Trying"},
      {"180", "Ringing"},
      {"183", "Session Progress"},
      {"200", "OK"},
      {"202", "Accepted"},
      {"302", "Moved Temporarily"},
      {"401", "Unauthorized"},
      {"404", "Not Found"},
      {"407", "Proxy Authentication Required"},
      {"408", "Request Timeout"},
      {"486", "Busy Here"},
      {"481", "Call/Transaction Does Not Exist"},
      {"487", "Request Terminated"},
      {"491", "Request Pending"},
      {"488", "Not Acceptable Here"},
      {"500", "Server Internal Error"},
      {"503", "Service Unavailable"},
      {"603", "Decline"},
  };
  for (const auto& [code, reason] : kReasons) {
    if (code == status) return reason;
  }
  return "Because";
}

bool IsStatus(std::string_view word) {
  return word.size() == 3 && word[0] >= '1' && word[0] <= '6' &&
         (word.substr(1) == "xx" || (std::isdigit(static_cast<unsigned char>(word[1])) &&
                                     std::isdigit(static_cast<unsigned char>(word[2]))));
}

bool MakesDialog(const std::string& method) { return method == "INVITE" || method == "SUBSCRIBE"; }

std::string Bracketed(const std::string& uri, const std::string& tag) {
  return "<" + uri + ">" + (tag.empty() ? "" : ";tag=" + tag);
}

}  // namespace

bool MessagePattern::Matches(const WireMessage& message) const {
  if (message.is_response() == status.empty()) return false;
  if (!method.empty() && message.method() != method) return false;
  if (status.empty()) return true;
  const std::string have = *message.Field("status");
  return status.ends_with("xx") ? have[0] == status[0] : have == status;
}

std::optional<MessagePattern> TakePattern(std::vector<std::string>& words) {
  if (words.empty()) return std::nullopt;
  MessagePattern pattern;
  if (IsStatus(words[0])) {
    pattern.status = words[0];
    words.erase(words.begin());
    if (words.size() >= 2 && words[0] == "to") {
      pattern.method = words[1];
      words.erase(words.begin(), words.begin() + 2);
    }
    return pattern;
  }
  if (!std::isupper(static_cast<unsigned char>(words[0][0]))) return std::nullopt;
  pattern.method = words[0];
  words.erase(words.begin());
  return pattern;
}

std::string TextOf(const MessagePattern& pattern) {
  if (pattern.status.empty()) return pattern.method;
  return pattern.status + (pattern.method.empty() ? "" : " to " + pattern.method);
}

Peer::Peer(std::string transport, std::string address, std::string subject_uri, std::string unique)
    : transport_(std::move(transport)),
      address_(std::move(address)),
      subject_uri_(std::move(subject_uri)),
      unique_(std::move(unique)),
      local_uri_("sip:peer@" + address_.substr(0, address_.rfind(':'))),
      remote_uri_(subject_uri_),
      remote_target_(subject_uri_) {}

std::string Peer::NewBranch() { return "z9hG4bK-" + unique_ + "-" + std::to_string(++made_); }

std::string Peer::Description(int version) const {
  const std::string host = address_.substr(0, address_.rfind(':'));
  return "v=0\r\no=- 7 " + std::to_string(version) + " IN IP4 " + host + "\r\ns=-\r\nc=IN IP4 " + host +
         "\r\nt=0 0\r\nm=audio 18000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=" +
         (version == 1 ? "sendrecv" : "sendonly") + "\r\n";
}

const WireMessage* Peer::Seen(const MessagePattern& pattern) const {
  const auto found = std::find_if(seen_.rbegin(), seen_.rend(),
                                  [&](const Entry& entry) { return pattern.Matches(entry.message); });
  return found == seen_.rend() ? nullptr : &found->message;
}

const WireMessage* Peer::Find(std::string_view name) const {
  if (const auto found = named_.find(name); found != named_.end()) return &found->second;
  std::vector<std::string> words = Words(name);
  const std::optional<MessagePattern> pattern = TakePattern(words);
  return pattern && words.empty() ? Seen(*pattern) : nullptr;
}

std::optional<std::string> Peer::Fill(std::string_view text, std::string& error) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    out += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) {
      out += text.substr(open);
      break;
    }
    const std::string_view name = text.substr(open + 1, close - open - 1);
    text.remove_prefix(close + 1);
    const std::size_t dot = name.find('.');
    const WireMessage* const message = Find(name.substr(0, dot));
    if (name == "peer") {
      out += address_;
    } else if (name == "peer.host") {
      out += address_.substr(0, address_.rfind(':'));
    } else if (name == "peer.port") {
      out += address_.substr(address_.rfind(':') + 1);
    } else if (name == "ua") {
      out += subject_uri_.substr(subject_uri_.find('@') + 1);
    } else if (name == "branch") {
      out += NewBranch();
    } else if (message != nullptr && dot != std::string_view::npos) {
      out += message->Field(name.substr(dot + 1)).value_or("");
    } else {
      error = "no message gives {" + std::string(name) + "}";
      return std::nullopt;
    }
  }
  return out;
}

void Peer::LearnDialog(const WireMessage& message, bool is_ours) {
  const std::string own_tag = message.Field(is_ours ? "From.tag" : "To.tag").value_or("");
  const std::string their_tag = message.Field(is_ours ? "To.tag" : "From.tag").value_or("");
  if (message.First("Call-ID") != call_id_) {
    if (is_ours || message.is_response()) return;
    // A call that comes in: what it says is the dialog's.
    call_id_ = message.First("Call-ID");
    local_uri_ = *message.Field("To.uri");
    remote_uri_ = *message.Field("From.uri");
    remote_tag_ = their_tag;
    local_tag_ = own_tag;
    local_cseq_ = 0;
    routes_ = message.All("Record-Route");
  }
  if (is_ours && message.is_response() && !their_tag.empty()) remote_tag_ = their_tag;
  if (!message.is_response() && MakesDialog(message.method()) && !is_ours) remote_tag_ = their_tag;
  const bool names_target = MakesDialog(message.method()) || message.method() == "UPDATE";
  if (names_target && message.Has("Contact")) remote_target_ = *message.Field("Contact.uri");
  if (is_ours && message.status() / 100 == 2 && message.method() == "INVITE") {
    routes_ = message.All("Record-Route");
    std::reverse(routes_.begin(), routes_.end());
  }
}

void Peer::OnMessage(const WireMessage& message) {
  // Of a response the peer is the side in From.
  LearnDialog(message, message.is_response());
  seen_.push_back({message, false});
}

std::optional<WireMessage> Peer::Request(const std::string& method, bool outside, std::string& error) {
  const WireMessage* const invite = Seen({.method = "INVITE", .status = ""});
  if (method == "CANCEL" && invite == nullptr) {
    error = "nothing to cancel";
    return std::nullopt;
  }
  // RFC 3261 17.1.1.3: the ACK to a failure is the transaction's.
  const WireMessage* final = nullptr;
  for (const auto& [message, is_ours] : seen_) {
    if (message.status() >= 200 && message.method() == "INVITE" && message.First("Call-ID") == call_id_) {
      final = &message;
    }
  }
  const bool is_ack_to_failure = method == "ACK" && final != nullptr && final->status() >= 300;
  WireMessage request;
  if (method == "CANCEL" || is_ack_to_failure) {
    request.start = method + " " + invite->request_uri() + " SIP/2.0";
    request.Add("Via", invite->First("Via"));
    request.Add("From", invite->First("From"));
    request.Add("To", is_ack_to_failure ? final->First("To") : invite->First("To"));
    request.Add("Call-ID", invite->First("Call-ID"));
    request.Add("CSeq", *invite->Field("CSeq.number") + " " + method);
    request.Add("Max-Forwards", "70");
    return request;
  }
  const bool is_first = outside || call_id_.empty();
  if (is_first) {
    call_id_ = "call-" + unique_ + "-" + std::to_string(++made_);
    local_tag_ = "tag-" + unique_ + "-" + std::to_string(made_);
    remote_tag_.clear();
    remote_uri_ = remote_target_ = subject_uri_;
    local_uri_ = "sip:peer@" + address_.substr(0, address_.rfind(':'));
    local_cseq_ = 0;
    routes_.clear();
  }
  const WireMessage* const last_invite = invite;
  const unsigned cseq = method == "ACK" && last_invite != nullptr
                            ? static_cast<unsigned>(std::atoi(last_invite->Field("CSeq.number")->c_str()))
                            : ++local_cseq_;
  request.start = method + " " + remote_target_ + " SIP/2.0";
  request.Add("Via", "SIP/2.0/" + transport_ + " " + address_ + ";branch=" + NewBranch());
  for (const std::string& route : routes_) request.Add("Route", route);
  request.Add("From", Bracketed(local_uri_, local_tag_));
  request.Add("To", Bracketed(remote_uri_, remote_tag_));
  request.Add("Call-ID", call_id_);
  request.Add("CSeq", std::to_string(cseq) + " " + method);
  request.Add("Max-Forwards", "70");
  if (MakesDialog(method) || method == "UPDATE" || method == "REGISTER" || method == "OPTIONS") {
    request.Add("Contact", "<sip:peer@" + address_ + (transport_ == "TCP" ? ";transport=tcp>" : ">"));
  }
  if (method == "INVITE") {
    request.Add("Content-Type", "application/sdp");
    request.body = Description(1);
  }
  return request;
}

std::optional<WireMessage> Peer::Response(const MessagePattern& what, const std::string& tag,
                                          std::string& error) {
  const WireMessage* request = nullptr;
  for (const auto& [message, is_ours] : seen_) {
    if (is_ours || message.is_response() || message.method() == "ACK") continue;
    if (what.method.empty() || message.method() == what.method) request = &message;
  }
  if (request == nullptr) {
    error = "no request to answer";
    return std::nullopt;
  }
  WireMessage response;
  response.start = "SIP/2.0 " + what.status + " " + std::string(ReasonOf(what.status));
  for (const std::string& via : request->All("Via")) response.Add("Via", via);
  for (const std::string& route : request->All("Record-Route")) response.Add("Record-Route", route);
  response.Add("From", request->First("From"));
  std::string to = request->First("To");
  if (what.status != "100" && !request->Field("To.tag")) {
    if (local_tag_.empty()) local_tag_ = "tag-" + unique_ + "-" + std::to_string(++made_);
    to += ";tag=" + (tag.empty() ? local_tag_ : tag);
  }
  response.Add("To", to);
  response.Add("Call-ID", request->First("Call-ID"));
  response.Add("CSeq", request->First("CSeq"));
  const std::string method = request->method();
  const bool is_success = what.status[0] == '2';
  if ((is_success || what.status[0] == '1') && what.status != "100" &&
      (MakesDialog(method) || method == "UPDATE")) {
    response.Add("Contact", "<sip:peer@" + address_ + (transport_ == "TCP" ? ";transport=tcp>" : ">"));
  }
  if (is_success && method == "INVITE") {
    response.Add("Content-Type", "application/sdp");
    response.body = Description(1);
  }
  return response;
}

bool Peer::Apply(std::string_view detail, WireMessage& message, std::string& error) {
  if (detail[0] == '-') {
    message.Remove(Trimmed(detail.substr(1)));
    return true;
  }
  const std::size_t colon = detail.find(": ");
  if (colon == std::string_view::npos) {
    error = "no detail of a message: " + std::string(detail);
    return false;
  }
  const std::string_view name = detail.substr(0, colon);
  const std::optional<std::string> value = Fill(Trimmed(detail.substr(colon + 2)), error);
  if (!value) return false;
  if (name == "body") {
    message.body.clear();
    message.Remove("Content-Type");
    if (*value == "none") return true;
    const bool is_description = *value == "sdp" || *value == "sdp 2";
    message.body = is_description ? Description(*value == "sdp" ? 1 : 2) : *value;
    message.Add("Content-Type", is_description ? "application/sdp" : "text/plain");
  } else if (name == "Request-URI") {
    message.start = message.method() + " " + *value + " SIP/2.0";
  } else if (name == "reason") {
    message.start = message.start.substr(0, 12) + *value;
  } else if (name == "branch") {
    message.Set("Via", "SIP/2.0/" + transport_ + " " + address_ + ";branch=" + *value);
  } else if (name[0] == '+') {
    message.Add(name.substr(1), *value);
  } else if (name[0] == '^') {
    message.AddOnTop(name.substr(1), *value);
  } else {
    message.Set(name, *value);
  }
  return true;
}

std::optional<WireMessage> Peer::Compose(const MessagePattern& what, const std::vector<std::string>& details,
                                         std::string& error) {
  bool outside = false;
  std::string tag;
  std::vector<std::string> others;
  for (const std::string& detail : details) {
    if (detail == "outside") {
      outside = true;
    } else if (detail.starts_with("tag: ")) {
      tag = detail.substr(5);
    } else {
      others.push_back(detail);
    }
  }
  std::optional<WireMessage> message =
      what.status.empty() ? Request(what.method, outside, error) : Response(what, tag, error);
  if (!message) return std::nullopt;
  for (const std::string& detail : others) {
    if (!Apply(detail, *message, error)) return std::nullopt;
  }
  seen_.push_back({*message, true});
  if (message->is_response() && message->First("Call-ID") == call_id_ && !tag.empty()) local_tag_ = tag;
  return message;
}

}  // namespace sansip::conformance
