// A message of a trace, read: what oracles ask about it.
#ifndef SANSIP_TESTS_SIM_ORACLE_SEEN_MESSAGE_H_
#define SANSIP_TESTS_SIM_ORACLE_SEEN_MESSAGE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sansip/core/message/method.h"
#include "sansip/tests/sim/parsed_lately.h"
#include "sansip/tests/sim/trace.h"

namespace sansip::sim {

// Texts are hashes (random.h): oracles only compare them.
struct SeenMessage {
  const Record* record = nullptr;
  bool is_request = false;
  Method method = Method::kExtension;  // of a response: CSeq's
  std::uint16_t status = 0;
  std::uint32_t cseq = 0;
  std::uint64_t branch = 0;  // of the top Via
  std::uint64_t call_id = 0;
  std::uint64_t from_tag = 0;
  std::uint64_t to_tag = 0;

  bool is_sent() const { return record->kind != Record::Kind::kArrived; }
};

// Remembers what it read lately, as ParsedLately does.
class MessageReader {
 public:
  // `parsed`: the world's; null: one of its own.
  explicit MessageReader(ParsedLately* parsed = nullptr) : parsed_(parsed) {
    if (parsed_ == nullptr) parsed_ = &own_.emplace();
  }

  // Null: no message, or one that cannot be read. Valid until the next call, and as long as the record.
  const SeenMessage* Read(const Record& record);

 private:
  struct alignas(64) Memo {
    std::uint64_t wire = 0;  // its hash; 0: an empty place
    SeenMessage seen;
    bool is_message = false;
  };
  static constexpr std::size_t kPlaces = 1024;

  bool Parse(const Record& record, SeenMessage& seen);

  std::optional<ParsedLately> own_;
  ParsedLately* parsed_;
  std::vector<Memo> lately_ = std::vector<Memo>(kPlaces);  // by the hash's low bits
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_ORACLE_SEEN_MESSAGE_H_
