#include "sansip/tests/sim/oracle/oracle.h"

#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/parser.h"
#include "sansip/tests/sim/ladder.h"

namespace sansip::sim {
namespace {

bool ReadOne(const Record& record, MessageIndex& index, SeenMessage& seen) {
  static const Parser parser;
  if (!parser.Parse(record.wire, Framing::kDatagram, index).ok()) return false;
  const MessageView message(record.wire, index);
  CSeq cseq;
  Via via;
  if (!CSeqOf(message, cseq) || !TopVia(message, via)) return false;
  seen.record = &record;
  seen.is_request = message.is_request();
  seen.method = cseq.method;
  seen.status = message.is_request() ? 0 : message.status_code();
  seen.cseq = cseq.number;
  seen.branch = std::string(via.branch);
  seen.call_id = std::string(message.First(HeaderId::kCallId).value_or(""));
  seen.from_tag = std::string(FromTag(message));
  seen.to_tag = std::string(ToTag(message));
  return true;
}

}  // namespace

std::string TextOf(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += ClockText(finding.at) + " node " + std::to_string(finding.node) + ", " + finding.oracle + ": " +
            finding.text + "\n";
  }
  return text;
}

SeenMessages Read(const Trace& trace) {
  SeenMessages messages;
  MessageIndex index;
  for (const Record& record : trace.records()) {
    const bool arrived = record.kind == Record::Kind::kArrived;
    if (!arrived && record.kind != Record::Kind::kSent && record.kind != Record::Kind::kLost) continue;
    SeenMessage seen;
    if (ReadOne(record, index, seen)) (arrived ? messages.arrived : messages.sent).push_back(std::move(seen));
  }
  return messages;
}

Findings RunOracles(const Trace& trace, const OracleOptions& options) {
  Findings findings;
  const SeenMessages messages = Read(trace);
  CheckRetransmissionGaps(messages, options, findings);
  CheckAckPerFinal(messages, options, findings);
  CheckOneFinal(messages, findings);
  CheckRisingCSeq(messages, findings);
  CheckUniqueBranches(messages, findings);
  CheckBorder(trace, options, findings);
  CheckSessions(trace, options, findings);
  if (options.finished) CheckEnd(trace, findings);
  return findings;
}

}  // namespace sansip::sim
