// Messages parsed lately, by their bytes: in a simulation most come by more than once, when they are sent,
// when they arrive, and in copies. Node and oracles share one, so that each datagram is parsed once.
#ifndef SANSIP_TESTS_SIM_PARSED_LATELY_H_
#define SANSIP_TESTS_SIM_PARSED_LATELY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"
#include "sansip/core/message/parser.h"

namespace sansip::sim {

class ParsedLately {
 public:
  struct Parsed {
    std::size_t size = 0;
    ParseError error = {};
    MessageIndex index;
  };

  // `hash`: HashOf(datagram). What has its size and its hash of 64 bits is taken for the same; no index can
  // lead beyond bytes of that size. Valid until the next call.
  const Parsed& Parse(std::string_view datagram, std::uint64_t hash) {
    const std::size_t set = hash % kSets;
    for (std::size_t place = set * kWays; place < (set + 1) * kWays; ++place) {
      if (known_[place] != hash || lately_[place] == nullptr) continue;
      if (lately_[place]->size == datagram.size()) return *lately_[place];
    }
    const std::size_t place = set * kWays + oldest_[set]++ % kWays;
    known_[place] = hash;
    std::unique_ptr<Parsed>& parsed = lately_[place];
    if (parsed == nullptr) parsed = std::make_unique<Parsed>();
    parsed->size = datagram.size();
    parsed->error = parser_.Parse(datagram, Framing::kDatagram, parsed->index);
    return *parsed;
  }

 private:
  // More than are under way at a time, in most runs; and no more, since of an index a kilobyte is written.
  static constexpr std::size_t kWays = 4;
  static constexpr std::size_t kSets = 16;

  Parser parser_;
  std::array<std::uint64_t, kSets * kWays> known_{};           // hashes; 0: none
  std::array<std::unique_ptr<Parsed>, kSets * kWays> lately_;  // of these
  std::array<std::uint8_t, kSets> oldest_{};                   // modulo kWays: of the set, to go next
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_PARSED_LATELY_H_
