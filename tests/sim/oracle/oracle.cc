#include "sansip/tests/sim/oracle/oracle.h"

#include <utility>

#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/tests/sim/ladder.h"
#include "sansip/tests/sim/oracle/media_oracle.h"
#include "sansip/tests/sim/oracle/sub_oracles.h"
#include "sansip/tests/sim/oracle/view_oracle.h"
#include "sansip/tests/sim/random.h"

namespace sansip::sim {

const SeenMessage* MessageReader::Read(const Record& record) {
  Memo& memo = lately_[record.wire_hash % kPlaces];
  if (memo.wire != record.wire_hash) {
    memo.wire = record.wire_hash;
    memo.is_message = Parse(record, memo.seen);
  }
  memo.seen.record = &record;
  return memo.is_message ? &memo.seen : nullptr;
}

bool MessageReader::Parse(const Record& record, SeenMessage& seen) {
  const ParsedLately::Parsed& parsed = parsed_->Parse(record.wire, record.wire_hash);
  if (!parsed.error.ok()) return false;
  const MessageView message(record.wire, parsed.index);
  CSeq cseq;
  Via via;
  if (!CSeqOf(message, cseq) || !TopVia(message, via)) return false;
  seen.is_request = message.is_request();
  seen.method = cseq.method;
  seen.status = message.is_request() ? 0 : static_cast<std::uint16_t>(message.status_code());
  seen.cseq = cseq.number;
  seen.branch = HashOf(via.branch);
  seen.call_id = HashOf(message.First(HeaderId::kCallId).value_or(""));
  seen.from_tag = HashOf(FromTag(message));
  seen.to_tag = HashOf(ToTag(message));
  return true;
}

std::string TextOf(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += ClockText(finding.at) + " node " + std::to_string(finding.node) + ", " + finding.oracle + ": " +
            finding.text + "\n";
  }
  return text;
}

Oracles::Oracles(const OracleOptions& options)
    : reader_(options.parsed),
      transactions_(std::make_unique<Transactions>(options, findings_)),
      dialogs_(std::make_unique<Dialogs>(findings_)),
      border_(std::make_unique<Border>(options, findings_)),
      calls_(std::make_unique<Calls>(options, findings_)),
      media_(options.media ? std::make_unique<Media>(findings_) : nullptr),
      views_(options.views ? std::make_unique<Views>(findings_) : nullptr) {}

Oracles::~Oracles() = default;

void Oracles::OnRecord(const Record& record) {
  if (record.at != now_) {
    now_ = record.at;
    transactions_->OnTime(now_);
    dialogs_->OnTime(now_);
  }
  if (record.kind == Record::Kind::kArrow) return;
  if (record.kind >= Record::Kind::kMediaSent) {
    if (media_ != nullptr) media_->OnRecord(record);
    return;
  }
  if (record.kind != Record::Kind::kEvent) border_->OnRecord(record);
  if (!record.wire.empty()) {
    if (const SeenMessage* const seen = reader_.Read(record)) {
      dialogs_->Expect(*seen);
      transactions_->OnMessage(*seen);
      dialogs_->OnMessage(*seen);
      calls_->OnMessage(*seen);
      if (media_ != nullptr) media_->OnMessage(*seen);
      if (views_ != nullptr) views_->OnMessage(*seen);
    } else if (record.kind != Record::Kind::kArrived) {
      findings_.push_back({"only messages", record.at, record.node, "sent what is no message"});
    }
  }
  if (record.kind == Record::Kind::kEvent || record.kind == Record::Kind::kNote) calls_->OnRecord(record);
  if (record.kind == Record::Kind::kEvent && media_ != nullptr) media_->OnRecord(record);
  if (views_ != nullptr && record.kind == Record::Kind::kNote && record.name == "view")
    views_->OnView(record);
  if (findings_.size() > kFindingsMax) findings_.resize(kFindingsMax);
}

Findings Oracles::Finish() {
  transactions_->Finish();
  calls_->Finish(now_);
  if (media_ != nullptr) media_->Finish();
  return std::move(findings_);
}

Findings RunOracles(const Trace& trace, const OracleOptions& options) {
  Oracles oracles(options);
  for (const Record& record : trace.records()) oracles.OnRecord(record);
  return oracles.Finish();
}

}  // namespace sansip::sim
