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
    std::uint64_t hash = 0;
    std::size_t size = 0;
    ParseError error = {};
    MessageIndex index;
  };

  // `hash`: HashOf(datagram). What has its size and its hash of 64 bits is taken for the same; no index can
  // lead beyond bytes of that size. Valid until the next call.
  const Parsed& Parse(std::string_view datagram, std::uint64_t hash) {
    std::unique_ptr<Parsed>& place = lately_[hash % kPlaces];
    if (place == nullptr) {
      place = std::make_unique<Parsed>();
    } else if (place->hash == hash && place->size == datagram.size()) {
      return *place;
    }
    place->hash = hash;
    place->size = datagram.size();
    place->error = parser_.Parse(datagram, Framing::kDatagram, place->index);
    return *place;
  }

 private:
  // More than are under way at a time, in most runs; an index has some kilobytes, so that none is made in
  // vain.
  static constexpr std::size_t kPlaces = 256;

  Parser parser_;
  std::array<std::unique_ptr<Parsed>, kPlaces> lately_;
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_PARSED_LATELY_H_
