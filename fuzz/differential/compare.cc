#include "sansip/fuzz/differential/compare.h"

#include <memory>

#include "sansip/core/message/field_check.h"
#include "sansip/core/message/parser.h"

namespace sansip {
namespace {

struct Verdict {
  explicit Verdict(std::string_view bytes) : index(std::make_unique<MessageIndex>()) {
    const MessageView view(bytes, *index);
    const ParseError error = Parser().Parse(bytes, Framing::kDatagram, *index);
    if (!error.ok()) {
      reason = ParseCodeText(error.code);
      return;
    }
    const ParseError field = CheckFields(view);
    if (!field.ok())
      reason = "in " + NameAt(view, field.offset) + ": " + std::string(ParseCodeText(field.code));
  }

  static std::string NameAt(const MessageView& message, std::size_t offset) {
    for (std::size_t i = 0; i < message.header_count(); ++i) {
      const TextSpan value = message.index().headers[i].value;
      if (offset < value.begin || offset > value.begin + value.size) continue;
      const HeaderView header = message.header(i);
      return std::string(header.id == HeaderId::kOther ? header.name : HeaderName(header.id));
    }
    return "a field";
  }

  std::unique_ptr<MessageIndex> index;
  std::string reason;  // of the refusal; empty: accepted
};

bool Accepts(Peer& peer, std::string_view bytes) {
  const bool accepted = peer.Parse(bytes);
  peer.Release();
  return accepted;
}

// What the peer refuses: with another start-line, without a header field or without the body it accepts. (It
// asks for no field to be there.)
std::string RefusedLine(const MessageView& message, std::string_view bytes, Peer& peer) {
  const MessageIndex& index = message.index();
  const std::size_t section_end = index.header_section.begin + index.header_section.size;
  std::string start_line_only("OPTIONS sip:h SIP/2.0\r\n");
  if (message.is_response()) start_line_only = "SIP/2.0 200 OK\r\n";
  std::string with_other_start(start_line_only);
  with_other_start.append(bytes.substr(index.header_section.begin));
  if (Accepts(peer, with_other_start)) return "the start-line";
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const std::size_t begin = index.headers[i].name.begin;
    const std::size_t end = i + 1 < message.header_count() ? index.headers[i + 1].name.begin : section_end;
    std::string without(bytes.substr(0, begin));
    without.append(bytes.substr(end));
    if (!Accepts(peer, without)) continue;
    const HeaderView header = message.header(i);
    return header.id == HeaderId::kOther ? "a field of no typed form" : std::string(HeaderName(header.id));
  }
  std::string without_body(bytes.substr(0, section_end));
  without_body.append("\r\n");
  return Accepts(peer, without_body) ? "the body" : "several";
}

}  // namespace

std::string Compare(std::string_view bytes, Peer& peer) {
  const Verdict verdict(bytes);
  const bool peer_accepts = peer.Parse(bytes);
  std::string difference;
  if (peer_accepts && verdict.reason.empty()) {
    Reading reading;
    Read(MessageView(bytes, *verdict.index), reading);
    difference = Difference(reading, peer.Found());
  }
  peer.Release();
  if (!verdict.reason.empty()) {
    return peer_accepts ? "only the peer accepts: " + verdict.reason : "both refuse";
  }
  if (!peer_accepts) {
    return "only sansip accepts: " + RefusedLine(MessageView(bytes, *verdict.index), bytes, peer);
  }
  return difference.empty() ? "both accept" : "both accept, " + difference + " differs";
}

}  // namespace sansip
