#include "sansip/tests/sim/oracle/view_oracle.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "sansip/tests/sim/random.h"

namespace sansip::sim {
namespace {

// As RecordViews() writes them.
enum Field : std::size_t {
  kCallId,
  kLocalTag,
  kRemoteTag,
  kLocalCSeq,
  kRemoteCSeq,
  kAddress,
  kTarget,
  kRoutes,
  kLocalBody,
  kRemoteBody,
  kOffers,
  kInterval,
  kRefresher,
  kFields,
};

constexpr std::uint64_t kSent = 1, kCame = 2;

std::array<std::string_view, kFields> FieldsOf(std::string_view text) {
  std::array<std::string_view, kFields> fields;
  for (std::string_view& field : fields) {
    const std::size_t end = text.find('\n');
    field = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  return fields;
}

}  // namespace

std::uint64_t Oracles::Views::KeyOf(std::uint64_t side, std::uint64_t call_id, std::uint64_t from_tag,
                                    std::uint64_t to_tag) {
  return KeyedRandom(side, call_id, from_tag, to_tag);
}

void Oracles::Views::OnMessage(const SeenMessage& seen) {
  heard_[seen.call_id] = seen.record->at;
  if (!seen.is_request || seen.method == Method::kAck || seen.method == Method::kCancel) return;
  if (seen.is_sent() && seen.method == Method::kInvite && seen.to_tag == HashOf(""))
    sent_to_[seen.call_id] = seen.record->peer;
  if (seen.is_sent() && seen.method == Method::kBye)
    byes_.insert(KeyOf(kSent, seen.call_id, seen.from_tag, seen.to_tag));
  std::uint32_t& cseq =
      cseqs_[KeyOf(seen.is_sent() ? kSent : kCame, seen.call_id, seen.from_tag, seen.to_tag)];
  cseq = std::max(cseq, seen.cseq);
}

void Oracles::Views::CheckCSeq(const Record& record, const char* what, std::uint64_t side,
                               std::string_view said, std::string_view from_tag, std::string_view to_tag,
                               std::uint64_t call_id) {
  std::uint32_t right = 0;
  // The INVITE that made the dialog had no To tag.
  for (const std::string_view tag : {to_tag, std::string_view()}) {
    const auto found = cseqs_.find(KeyOf(side, call_id, HashOf(from_tag), HashOf(tag)));
    if (found != cseqs_.end()) right = std::max(right, found->second);
  }
  const std::string text = right == 0 ? "none" : std::to_string(right);
  if (said == text) return;
  findings_.push_back({"both views", record.at, record.node,
                       std::string(what) + " CSeq " + std::string(said) + ", on the wire " + text});
}

void Oracles::Views::OnView(const Record& record) {
  if (record.at != at_) {
    views_.clear();
    up_.clear();
  }
  at_ = record.at;
  const auto fields = FieldsOf(record.text);
  const auto heard = heard_.find(HashOf(fields[kCallId]));
  if (heard == heard_.end() || record.at - heard->second < kRest) return;
  const std::string call(fields[kCallId]);
  const std::uint64_t call_id = heard->first;
  CheckCSeq(record, "local", kSent, fields[kLocalCSeq], fields[kLocalTag], fields[kRemoteTag], call_id);
  CheckCSeq(record, "remote", kCame, fields[kRemoteCSeq], fields[kRemoteTag], fields[kLocalTag], call_id);
  const std::string here(fields[kLocalTag]), there(fields[kRemoteTag]);
  CheckForks(record, call, HashOf(here), HashOf(there));
  if (const auto other = views_.find(call + "\n" + here + "\n" + there); other != views_.end()) {
    return Compare(record, other->second);
  }
  views_[call + "\n" + there + "\n" + here] = {record.node, std::string(record.text)};
}

void Oracles::Views::CheckForks(const Record& record, const std::string& call, std::uint64_t here,
                                std::uint64_t there) {
  if (byes_.contains(KeyOf(kSent, HashOf(call), there, here))) return;
  const std::uint64_t dialog = here ^ there;  // the same from both ends
  if (up_.try_emplace(call, dialog).first->second == dialog) return;
  findings_.push_back({"both views", record.at, record.node, "of a call that forked two dialogs are up"});
}

void Oracles::Views::Compare(const Record& record, const View& other) {
  const auto a = FieldsOf(record.text), b = FieldsOf(other.text);
  const auto add = [&](std::string_view what, std::string_view one, std::string_view two) {
    findings_.push_back({"both views", record.at, record.node,
                         std::string(what) + ": " + std::string(one) + ", node " +
                             std::to_string(other.node) + " has " + std::string(two)});
  };
  const auto expect_same = [&](std::string_view what, Field mine, Field theirs) {
    if (a[mine] != b[theirs]) add(what, a[mine], b[theirs]);
  };
  expect_same("local description", kLocalBody, kRemoteBody);
  expect_same("remote description", kRemoteBody, kLocalBody);
  expect_same("session interval", kInterval, kInterval);
  for (const auto& [view, peer] : {std::pair(a, b), std::pair(b, a)}) {
    const std::string_view address = peer[kAddress].substr(1, peer[kAddress].size() - 2);
    if (view[kTarget].find(address) == std::string_view::npos) add("remote target", view[kTarget], address);
    if (view[kOffers] != "closed") add("offers", "open", "");
  }
  expect_same("route set", kRoutes, kRoutes);
  const auto sent_to = sent_to_.find(HashOf(a[kCallId]));
  const bool is_direct = sent_to == sent_to_.end() || sent_to->second == record.node ||
                         sent_to->second == other.node || sent_to->second == Record::kNobody;
  if (a[kRoutes].empty() != is_direct) add("route set", a[kRoutes], is_direct ? "the peer" : "a proxy");
  if (a[kInterval] != "0" && a[kRefresher] == b[kRefresher]) add("refresher", a[kRefresher], b[kRefresher]);
}

}  // namespace sansip::sim
