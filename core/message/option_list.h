// Lists in options: comma separated, as the header fields beside them have them, so that one text is what is
// understood and what an answer says of it. No commas in quoted strings.
#ifndef SANSIP_CORE_MESSAGE_OPTION_LIST_H_
#define SANSIP_CORE_MESSAGE_OPTION_LIST_H_

#include <cstddef>
#include <string_view>

#include "sansip/core/text/ascii.h"

namespace sansip {

// The next element, without white space around it; the list is shortened by it.
constexpr std::string_view TakeListed(std::string_view& list) {
  const std::size_t comma = list.find(',');
  const std::string_view element = Trim(list.substr(0, comma));
  list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  return element;
}

// In any case.
constexpr bool IsListed(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    if (EqualsIgnoreCase(TakeListed(list), name)) return true;
  }
  return false;
}

// In a media range of RFC 3261 20.1, which may have parameters: "text/*", "application/sdp;q=0.8".
constexpr bool IsInRange(std::string_view range, std::string_view type, std::string_view subtype) {
  range = range.substr(0, range.find(';'));
  const std::size_t slash = range.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view left = Trim(range.substr(0, slash)), right = Trim(range.substr(slash + 1));
  return (left == "*" || EqualsIgnoreCase(left, type)) && (right == "*" || EqualsIgnoreCase(right, subtype));
}

constexpr bool IsTypeListed(std::string_view ranges, std::string_view type, std::string_view subtype) {
  while (!ranges.empty()) {
    if (IsInRange(TakeListed(ranges), type, subtype)) return true;
  }
  return false;
}

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_OPTION_LIST_H_
