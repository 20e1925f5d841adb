#include "sansip/tests/sim/trace.h"

#include <utility>

#include "sansip/tests/sim/random.h"

namespace sansip::sim {

void Trace::Hash(std::uint64_t word) { hash_ = Mix(hash_ ^ word); }

void Trace::Hash(std::string_view text) {
  std::uint64_t sum = 0xCBF29CE484222325ull;  // FNV-1a
  for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
  Hash(sum ^ text.size());
}

void Trace::Add(Record record) {
  ++size_;
  Hash(static_cast<std::uint64_t>(record.at.time_since_epoch().count()));
  Hash(std::uint64_t{static_cast<std::uint8_t>(record.kind)} << 32 | record.node);
  Hash(record.datagram << 32 | record.peer);
  Hash(record.name);
  Hash(record.text);
  Hash(record.wire);
  Hash(record.call);
  Hash(static_cast<std::uint64_t>(record.due.time_since_epoch().count()));
  Hash(static_cast<std::uint64_t>(record.next.time_since_epoch().count()));
  Hash(record.actions);
  if (keep_) records_.push_back(std::move(record));
}

void Trace::AddNote(Instant at, std::uint32_t node, std::string_view text) {
  Add({.at = at, .kind = Record::Kind::kNote, .node = node, .text = std::string(text)});
}

}  // namespace sansip::sim
