// What happened in a run, as canonical records with a running hash. Oracles, ladders and figures read the
// trace alone, never the machines.
//
// The same seed gives the same records and so the same hash, in this process and in any other.
#ifndef SANSIP_TESTS_SIM_TRACE_H_
#define SANSIP_TESTS_SIM_TRACE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/time.h"

namespace sansip::sim {

struct Record {
  enum class Kind : std::uint8_t {
    kSent,      // a message left `node` for `peer`
    kLost,      // the same, and it will not arrive
    kArrived,   // at `node`, from `peer`
    kVerb,      // the user of `node` asked: text
    kEvent,     // `node` told its user: text; `call`, `name`
    kArrow,     // a transaction of `node` took an arrow: text
    kDeadline,  // `node`'s deadline was due at `due`; `actions`, `next`
    kInput,     // any other input of `node`, with `actions`, `next`
    kNote,
  };
  static constexpr std::uint32_t kNobody = 0xFFFFFFFF;

  Instant at = {};
  Kind kind = Kind::kNote;
  std::uint32_t node = 0;
  std::uint32_t peer = kNobody;
  std::uint64_t datagram = 0;  // ties kSent or kLost to its kArrived
  std::string name = {};       // of an event: "Ended"; of a message: its start-line
  std::string text = {};       // for ladders: "486 Busy Here", "C4 Calling -> Proceeding"
  std::string wire = {};       // of a message
  std::uint64_t call = 0;      // of an event
  Instant due = {};            // kDeadline; of the event Refreshed: the session's expiry
  Instant next = kNever;       // kDeadline, kInput: next_deadline() afterwards
  std::uint32_t actions = 0;   // kDeadline, kInput
};

class Trace {
 public:
  // Without keeping, only the hash grows: for runs whose memory is to be bounded by live state.
  explicit Trace(bool keep = true) : keep_(keep) {}

  void Add(Record record);
  // Something of a caller's own that is to be part of the hash.
  void AddNote(Instant at, std::uint32_t node, std::string_view text);

  const std::vector<Record>& records() const { return records_; }
  std::uint64_t hash() const { return hash_; }
  std::uint64_t size() const { return size_; }

 private:
  void Hash(std::uint64_t word);
  void Hash(std::string_view text);

  bool keep_;
  std::vector<Record> records_;
  std::uint64_t size_ = 0;
  std::uint64_t hash_ = 0x5349504954ull;
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_TRACE_H_
