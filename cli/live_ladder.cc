#include "sansip/cli/live_ladder.h"

#include <algorithm>
#include <optional>
#include <variant>

#include "fmt/core.h"
#include "sansip/cli/print.h"
#include "sansip/core/message/fields/content_type.h"
#include "sansip/core/message/fields/cseq.h"

namespace sansip::cli {
namespace {

constexpr std::size_t kWidth = 52;

// " +SDP", " +pidf+xml"
std::string KindOfBody(const MessageView& message) {
  if (message.body().empty()) return "";
  MediaType type;
  const std::optional<std::string_view> value = message.First(HeaderId::kContentType);
  if (!value || !ParseMediaType(*value, type).ok()) return " +body";
  return fmt::format(" +{}", type.Is("application", "sdp") ? "SDP" : type.subtype);
}

// "INVITE sip:bob@h", "180 Ringing (INVITE)"
std::string TitleOf(const MessageView& message) {
  const std::string body = KindOfBody(message);
  if (message.is_request()) return fmt::format("{} {}{}", message.method_text(), message.request_uri(), body);
  CSeq cseq;
  const std::string_view method = CSeqOf(message, cseq) ? cseq.method_text : "?";
  return fmt::format("{} {} ({}){}", message.status_code(), message.reason_phrase(), method, body);
}

}  // namespace

std::string LiveLadder::WhereOf(FlowId id) const {
  const Flow* flow = driver_->flows().Find(id);
  if (flow == nullptr) return "?";
  return fmt::format("{} {}", TextOf(flow->remote).view(), TransportName(flow->transport));
}

void LiveLadder::Line(Instant now, bool is_outgoing, std::string_view what, std::string_view where,
                      std::string_view note) {
  const double seconds = static_cast<double>((now - zero_).count()) / 1e9;
  const std::string_view shown = what.substr(0, std::min(what.size(), kWidth - 4));
  const std::string dashes(kWidth - 1 - shown.size(), '-');
  const std::string arrow =
      is_outgoing ? fmt::format("{} {}>", shown, dashes) : fmt::format("<{} {}", dashes, shown);
  PrintTo(out_, "{:9.3f}  {}  {}{}\n", seconds, arrow, where, note);
  std::fflush(out_);
}

void LiveLadder::OnInput(Instant now, const UserAgentInput& input) {
  if (const auto* message = std::get_if<ua::input::Message>(&input)) {
    Line(now, false, TitleOf(*message->message), WhereOf(message->origin.flow), "");
  } else if (const auto* unparsable = std::get_if<ua::input::Unparsable>(&input)) {
    Line(now, false,
         fmt::format("{} bytes: {}", unparsable->bytes.size(), ParseCodeText(unparsable->error.code)),
         WhereOf(unparsable->origin.flow), "");
  } else if (const auto* failed = std::get_if<ua::input::FlowFailed>(&input)) {
    Line(now, false, "the connection or the path failed", WhereOf(failed->flow), "");
  } else if (const auto* alive = std::get_if<ua::input::KeepAliveAnswered>(&input)) {
    Line(now, false, "a keep-alive is answered", WhereOf(alive->flow), "");
  }
}

void LiveLadder::OnActions(Instant now, const UserAgentInput& input, const InputResult&,
                           const UserAgentSink& actions) {
  const bool by_timer = std::holds_alternative<ua::input::Deadline>(input);
  for (const UserAgentAction& action : actions) {
    if (const auto* transmit = std::get_if<ua::Transmit>(&action)) Sent(now, *transmit, by_timer);
  }
}

void LiveLadder::OnTurnedAway(Instant now, const UserAgentInput& input, const UserAgentSink& actions) {
  OnInput(now, input);
  OnActions(now, input, {}, actions);
}

void LiveLadder::Sent(Instant now, const ua::Transmit& transmit, bool by_timer) {
  const std::string where = WhereOf(transmit.flow);
  const std::string_view note = by_timer ? "  (by a timer)" : "";
  if (!parser_.Parse(transmit.wire, Framing::kDatagram, index_).ok()) {
    return Line(now, true, fmt::format("{} bytes", transmit.wire.size()), where, note);
  }
  Line(now, true, TitleOf(MessageView(transmit.wire, index_)), where, note);
}

}  // namespace sansip::cli
