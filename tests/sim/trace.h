// What happened in a run, as canonical records with a running hash. Oracles, ladders and figures read the
// trace alone, never the machines: while it is made, or afterwards if it was kept.
//
// The same seed gives the same records and so the same hash, in this process and in any other.
#ifndef SANSIP_TESTS_SIM_TRACE_H_
#define SANSIP_TESTS_SIM_TRACE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/time.h"
#include "sansip/tests/sim/random.h"

namespace sansip::sim {

struct Record {
  enum class Kind : std::uint8_t {
    kSent,      // a message left `node` for `peer`
    kLost,      // the same, and it will not arrive
    kArrived,   // at `node`, from `peer`
    kVerb,      // the user of `node` asked: name, and text if it was refused
    kEvent,     // `node` told its user: text; `call`, `name`
    kArrow,     // a transaction of `node` took an arrow: name, text
    kDeadline,  // `node`'s deadline was due at `due`; `actions`, `next`
    kInput,     // any other input of `node`, with `actions`, `next`
    kNote,
    // RTP and RTCP: `name`; `node` and `peer` are whose they are. `call` is the node's.
    kMediaSent,
    kMediaLost,
    kMediaArrived,
    // `node` heard a frame, `wire` as PCMU, empty for silence; `actions`: the RTP timestamp of its begin.
    kPlayed,
    // `node`'s media, `name`: Started (anew, too), SourceGone (`actions`: its SSRC), or Stopped, with
    // `text` its figures.
    kMedia,
  };
  static constexpr std::uint32_t kNobody = 0xFFFFFFFF;

  Instant at = {};
  Kind kind = Kind::kNote;
  std::uint32_t node = 0;
  std::uint32_t peer = kNobody;
  std::uint16_t port = 0;       // of media: the node's of RTP, whatever is sent
  std::uint16_t peer_port = 0;  // where it goes or comes from, likewise
  std::uint64_t datagram = 0;   // ties kSent or kLost to its kArrived
  // Views: of what is added, valid for the call; of what a trace has kept, as long as the trace.
  std::string_view name = {};   // of an event: "Ended"; of a verb, an arrow or an input
  std::string_view text = {};   // for ladders: "Ended RemoteBye"; "again" of a datagram that arrived twice
  std::string_view wire = {};   // of a message
  std::uint64_t wire_hash = 0;  // HashOf(wire); of what is added 0 if the trace is to find it
  std::uint64_t call = 0;       // of an event, of media
  Instant due = {};             // kDeadline; of the event Refreshed: the session's expiry
  Instant next = kNever;        // kDeadline, kInput: next_deadline() afterwards
  std::uint32_t actions = 0;    // kDeadline, kInput
};

// Sees every record as it is made.
class TraceReader {
 public:
  virtual ~TraceReader() = default;
  virtual void OnRecord(const Record& record) = 0;
};

class Trace {
 public:
  // Without keeping, only the hash grows: for runs whose memory is to be bounded by live state.
  explicit Trace(bool keep = true) : keep_(keep) {}
  Trace(Trace&&) = default;
  Trace& operator=(Trace&&) = default;

  // Null: nobody. It must outlive what is added.
  void SetReader(TraceReader* reader) { reader_ = reader; }
  void Add(const Record& record);
  // Something of a caller's own that is to be part of the hash.
  void AddNote(Instant at, std::uint32_t node, std::string_view text);

  const std::vector<Record>& records() const { return records_; }
  std::uint64_t hash() const { return hash_; }
  std::uint64_t size() const { return size_; }

 private:
  void AddHashed(const Record& record);
  std::string_view Keep(std::string_view text);

  bool keep_;
  TraceReader* reader_ = nullptr;
  std::vector<Record> records_;
  std::deque<std::string> blocks_;  // that the kept views are of; none grows beyond its first capacity
  std::uint64_t size_ = 0;
  std::uint64_t hash_ = 0x5349504954ull;
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_TRACE_H_
