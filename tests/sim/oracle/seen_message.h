// A message of a trace, read: what oracles ask about it.
#ifndef SANSIP_TESTS_SIM_ORACLE_SEEN_MESSAGE_H_
#define SANSIP_TESTS_SIM_ORACLE_SEEN_MESSAGE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "sansip/core/message/method.h"
#include "sansip/core/message/parser.h"
#include "sansip/tests/sim/trace.h"

namespace sansip::sim {

// Texts are hashes (random.h): oracles only compare them.
struct SeenMessage {
  const Record* record = nullptr;
  bool is_request = false;
  Method method = Method::kExtension;  // of a response: CSeq's
  int status = 0;
  std::uint32_t cseq = 0;
  std::uint64_t branch = 0;  // of the top Via
  std::uint64_t call_id = 0;
  std::uint64_t from_tag = 0;
  std::uint64_t to_tag = 0;

  bool is_sent() const { return record->kind != Record::Kind::kArrived; }
};

// Remembers what it read lately: most bytes come by more than once, when sent, when they arrive, and in
// copies.
class MessageReader {
 public:
  // False: no message, or one that cannot be read.
  bool Read(const Record& record, SeenMessage& seen);

 private:
  struct Memo {
    std::uint64_t wire = 0;  // its hash; 0: an empty place
    bool is_message = false;
    SeenMessage seen;
  };
  static constexpr std::size_t kPlaces = 1024;

  bool Parse(std::string_view wire, SeenMessage& seen);

  Parser parser_;
  MessageIndex index_;
  std::vector<Memo> lately_ = std::vector<Memo>(kPlaces);  // by the hash's low bits
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_ORACLE_SEEN_MESSAGE_H_
