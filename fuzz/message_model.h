// What the fuzzers of writers and edits hold a result against: written once more, the slow way.
#ifndef SANSIP_FUZZ_MESSAGE_MODEL_H_
#define SANSIP_FUZZ_MESSAGE_MODEL_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/header_id.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/text/ascii.h"

namespace sansip {

// RFC 3261 7.3.1: what a folded value means, as Writer writes it.
inline std::string Unfolded(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\r' && value[i] != '\n') {
      text += value[i];
      continue;
    }
    text += ' ';
    while (i + 1 < value.size() && std::string_view("\r\n\t ").find(value[i + 1]) != std::string_view::npos)
      ++i;
  }
  return text;
}

inline std::vector<std::string> ElementsIn(std::string_view value) {
  std::vector<std::string> all;
  Elements elements(value);
  for (std::string_view element; elements.Next(element);) all.emplace_back(element);
  return all;
}

// A field whose value, or whose second one, makes a parser refuse a message.
inline bool IsLookedAt(HeaderId id) {
  return id == HeaderId::kVia || id == HeaderId::kContentLength ||
         HeaderRepetition(id) == Repetition::kRefused;
}

// Of any size: what a fuzzer puts together is not refused for its length.
inline ParseLimits NoLimits() {
  ParseLimits limits;
  limits.message_bytes_max = limits.header_section_bytes_max = limits.header_bytes_max =
      limits.uri_bytes_max = limits.body_bytes_max = std::size_t{1} << 30;
  return limits;
}

}  // namespace sansip

#endif  // SANSIP_FUZZ_MESSAGE_MODEL_H_
