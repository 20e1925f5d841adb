#include "sansip/tests/sim/trace.h"

#include <algorithm>

namespace sansip::sim {

void Trace::Add(const Record& record) {
  if (record.wire_hash != 0 || record.wire.empty()) return AddHashed(record);
  Record hashed = record;
  hashed.wire_hash = HashOf(record.wire);
  AddHashed(hashed);
}

void Trace::AddHashed(const Record& record) {
  ++size_;
  // All words of a record, two at a time, in one sum that begins with that of all before.
  const auto time = [](Instant at) { return static_cast<std::uint64_t>(at.time_since_epoch().count()); };
  std::uint64_t sum = hash_;
  const auto take = [&sum](std::uint64_t first, std::uint64_t second) { sum = Folded(sum ^ first, second); };
  take(time(record.at), std::uint64_t{static_cast<std::uint8_t>(record.kind)} << 32 | record.node);
  take(record.datagram << 32 ^ record.peer, record.wire_hash);
  const std::uint64_t name = HashOf(record.name);
  const bool is_named = record.text.data() == record.name.data() && record.text.size() == record.name.size();
  take(name, is_named ? name : HashOf(record.text));
  take(record.call,
       std::uint64_t{record.port} << 48 | std::uint64_t{record.peer_port} << 32 | record.actions);
  take(time(record.due), time(record.next));
  hash_ = sum;
  if (keep_) {
    Record& kept = records_.emplace_back(record);
    kept.name = Keep(record.name);
    kept.text = Keep(record.text);
    kept.wire = Keep(record.wire);
  }
  if (reader_ != nullptr) reader_->OnRecord(record);
}

std::string_view Trace::Keep(std::string_view text) {
  if (text.empty()) return {};
  constexpr std::size_t kBlock = 1 << 16;
  if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < text.size()) {
    blocks_.emplace_back().reserve(std::max(kBlock, text.size()));
  }
  std::string& block = blocks_.back();
  const std::size_t at = block.size();
  block += text;
  return std::string_view(block).substr(at);
}

void Trace::AddNote(Instant at, std::uint32_t node, std::string_view text) {
  Add({.at = at, .kind = Record::Kind::kNote, .node = node, .text = text});
}

}  // namespace sansip::sim
