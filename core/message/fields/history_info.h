// History-Info (RFC 7044 5): where a request has been sent, and why it went on from there.
//
//   hi-entry *( COMMA hi-entry ), hi-entry = name-addr *( SEMI hi-param )
//
// index must be there. rc, mp and np say how a target came about, and from which entry; one of them at most.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_HISTORY_INFO_H_
#define SANSIP_CORE_MESSAGE_FIELDS_HISTORY_INFO_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/header_id.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct HistoryEntry {
  enum class TargetParam : std::uint8_t {
    kNone,
    kRc,  // another URI of the same user
    kMp,  // another user
    kNp,  // no change
  };

  NameAddr target = {};         // hi-targeted-to-uri; its parameters hold all of the entry's
  std::string_view index = {};  // "1.1.2"
  TargetParam target_param = TargetParam::kNone;
  std::string_view target_index = {};  // the value of rc, mp or np: the index of the entry before
};

[[nodiscard]] ParseError ParseHistoryEntry(std::string_view value, HistoryEntry& entry,
                                           std::string_view* rest);
void Write(const HistoryEntry& entry, ValueWriter& value);
bool Equivalent(const HistoryEntry& a, const HistoryEntry& b);

// index-val = number *( "." number ), number = [ %x31-39 *DIGIT ] DIGIT: no leading zeros.
bool IsHistoryIndex(std::string_view text);

// A Reason or Privacy header field in the URI's headers (RFC 7044 5): the nth of its name, from 0, unescaped
// into `storage`, which it never needs to be larger than the URI. nullopt if there is none, it does not fit,
// it holds a control character, or the target is no SIP or SIPS URI. ParseReason() and ParsePrivacy() read
// it.
std::optional<std::string_view> HistoryField(const HistoryEntry& entry, HeaderId id, std::size_t nth,
                                             std::span<char> storage);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_HISTORY_INFO_H_
