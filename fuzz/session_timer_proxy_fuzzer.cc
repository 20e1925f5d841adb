// A proxy's part in session timers (RFC 4028 8): a policy, and the header lines of a request and its
// response.
//
// Oracles: the laws of proxy.h; the message as edited parses and says just what was decided, with the
// refresher, the option tags and what is malformed as before; where nothing is different it is the same byte
// for byte; and a second proxy with the same policy changes nothing any more, there and back.
#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sansip/core/base/check.h"
#include "sansip/core/message/edit.h"
#include "sansip/core/message/parser.h"
#include "sansip/fuzz/byte_source.h"
#include "sansip/session_timer/proxy.h"

namespace sansip {
namespace {

std::uint32_t Seconds(ByteSource& bytes) {
  constexpr std::array<std::uint32_t, 6> kUsual = {0, 90, 300, 1800, 3600, 0xFFFFFFFFu};
  const std::size_t choice = bytes.Below(kUsual.size() + 2);
  return choice < kUsual.size() ? kUsual[choice] : bytes.Double();
}

// The lines as part of an INVITE or of a 200 to it.
class Parsed {
 public:
  explicit Parsed(std::string text) : text_(std::move(text)) {
    ok_ = Parser().Parse(text_, Framing::kDatagram, *index_).ok();
    if (ok_) facts_ = ReadSessionTimerFacts(view());
  }

  static Parsed Of(std::string_view start_line, std::string_view lines) {
    return Parsed(std::string(start_line) +
                  "\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
                  "From: <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\n"
                  "Call-ID: 1@192.0.2.1\r\nCSeq: 1 INVITE\r\n" +
                  std::string(lines) + "\r\nContent-Length: 0\r\n\r\n");
  }

  bool ok() const { return ok_; }
  MessageView view() const { return MessageView(text_, *index_); }
  const SessionTimerFacts& facts() const { return facts_; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::unique_ptr<MessageIndex> index_ = std::make_unique<MessageIndex>();
  SessionTimerFacts facts_;
  bool ok_ = false;
};

template <typename Change>
Parsed Edited(const Parsed& message, const Change& change) {
  std::array<Edit, 4> storage;
  const MessageView view = message.view();
  EditList edits(view, storage);
  SessionTimerEditText text;
  EditSessionTimer(view, change, text, edits);
  std::string out(message.text().size() + 1024, '\0');
  const ::sansip::Edited edited = edits.Apply(out);
  SANSIP_CHECK(edited.error == EditError::kNone);
  if (edits.size() == 0) SANSIP_CHECK(edited.text == message.text());
  Parsed parsed{std::string(edited.text)};
  SANSIP_CHECK(parsed.ok());
  SANSIP_CHECK(parsed.facts().supported == message.facts().supported);
  SANSIP_CHECK(parsed.facts().malformed == message.facts().malformed);
  return parsed;
}

bool IsEmpty(const ForwardedSessionTimer& forwarded) {
  return !forwarded.session_expires && !forwarded.min_se && !forwarded.require_timer;
}

void CheckLaws(const ProxySessionTimerPolicy& policy, const SessionTimerFacts& request,
               const ForwardedSessionTimer& forwarded) {
  if (request.malformed) SANSIP_CHECK(IsEmpty(forwarded) && forwarded.refuse_min_se == 0);
  if (forwarded.refuse_min_se != 0) {
    SANSIP_CHECK(policy.refuse && request.supported && request.session_expires && IsEmpty(forwarded));
    SANSIP_CHECK(*request.session_expires < forwarded.refuse_min_se);
    SANSIP_CHECK(forwarded.refuse_min_se == std::max(policy.min_se, kSessionIntervalMin));
    return;
  }
  if (forwarded.min_se) {
    SANSIP_CHECK(!request.supported && *forwarded.min_se > request.min_se.value_or(0));
    SANSIP_CHECK(*forwarded.min_se >= kSessionIntervalMin);
  }
  const auto leaving = forwarded.session_expires ? forwarded.session_expires : request.session_expires;
  if (!leaving || request.malformed) return;
  const std::uint32_t min_se = forwarded.min_se.value_or(request.min_se.value_or(0));
  const std::uint32_t floor = std::max(min_se, kSessionIntervalMin);
  SANSIP_CHECK(*leaving >= floor);
  if (request.session_expires && *leaving > *request.session_expires) {
    SANSIP_CHECK(*request.session_expires < floor && *leaving == floor);
  }
}

// What stays in mind of a request that was let pass.
ProxySessionTimerMemory CheckRequest(const ProxySessionTimerPolicy& policy, const Parsed& request) {
  const SessionTimerFacts& facts = request.facts();
  const ForwardedSessionTimer forwarded = ForwardSessionTimer(policy, Method::kInvite, facts);
  CheckLaws(policy, facts, forwarded);
  const Parsed edited = Edited(request, forwarded);
  if (IsEmpty(forwarded)) SANSIP_CHECK(edited.text() == request.text());
  const SessionTimerFacts& leaving = edited.facts();
  SANSIP_CHECK(leaving.session_expires ==
               (forwarded.session_expires ? forwarded.session_expires : facts.session_expires));
  SANSIP_CHECK(leaving.min_se == (forwarded.min_se ? forwarded.min_se : facts.min_se));
  SANSIP_CHECK(leaving.refresher == facts.refresher);
  SANSIP_CHECK(leaving.required == (facts.required || forwarded.require_timer));
  if (forwarded.refuse_min_se != 0) return {};

  const ForwardedSessionTimer again = ForwardSessionTimer(policy, Method::kInvite, leaving);
  SANSIP_CHECK(again.refuse_min_se == 0 && IsEmpty(again));
  SANSIP_CHECK(again.memory.session_expires == forwarded.memory.session_expires);
  if (!facts.malformed) {
    SANSIP_CHECK(forwarded.memory.session_expires == leaving.session_expires.value_or(0));
  }
  return forwarded.memory;
}

void CheckResponse(const ProxySessionTimerMemory& memory, int status_code, const Parsed& response) {
  const SessionTimerFacts& facts = response.facts();
  const ReturnedSessionTimer returned = ReturnSessionTimer(memory, status_code, facts);
  SANSIP_CHECK(returned.interval.has_value() == (memory.is_refresh && status_code / 100 == 2));
  const Parsed edited = Edited(response, returned);
  const SessionTimerFacts& leaving = edited.facts();
  if (returned.session_expires == 0) {
    SANSIP_CHECK(edited.text() == response.text());
  } else {
    SANSIP_CHECK(!facts.session_expires && memory.uac_supports);
    SANSIP_CHECK(returned.session_expires == memory.session_expires);
    SANSIP_CHECK(leaving.session_expires == memory.session_expires);
    SANSIP_CHECK(leaving.refresher == Refresher::kUac && leaving.required);
  }
  if (!returned.interval) return;
  SANSIP_CHECK(*returned.interval == leaving.session_expires.value_or(0));
  const ReturnedSessionTimer again = ReturnSessionTimer(memory, status_code, leaving);
  SANSIP_CHECK(again.session_expires == 0 && again.interval == returned.interval);
}

}  // namespace
}  // namespace sansip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sansip::ByteSource bytes(data, size);
  sansip::ProxySessionTimerPolicy policy{sansip::Seconds(bytes), sansip::Seconds(bytes)};
  const std::uint8_t flags = bytes.Byte();
  policy.refuse = (flags & 1) == 0;
  policy.require_timer = (flags & 2) != 0;
  const int status_code = (flags & 4) != 0 ? 422 : 200;
  // The lines of the request, a blank line, those of the response.
  const std::string_view lines = bytes.Rest();
  const std::size_t blank = std::min(lines.find("\r\n\r\n"), lines.size());
  const auto request = sansip::Parsed::Of("INVITE sip:bob@example.com SIP/2.0", lines.substr(0, blank));
  if (!request.ok()) return 0;
  const sansip::ProxySessionTimerMemory memory = sansip::CheckRequest(policy, request);
  const std::string start_line = "SIP/2.0 " + std::to_string(status_code) + " ";
  const auto response = sansip::Parsed::Of(start_line, lines.substr(std::min(blank + 4, lines.size())));
  if (response.ok()) sansip::CheckResponse(memory, status_code, response);
  return 0;
}
