// Privacy (RFC 3323 4.2): what the network is asked to hide of a message.
//
//   Privacy-hdr = priv-value *( ";" priv-value )
//
// Erratum 5184 puts a comma for the semicolon, so that lines can be joined as RFC 3261 7.3.1 has it; what is
// sent in the world has semicolons. Both are read, semicolons are written.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_PRIVACY_H_
#define SANSIP_CORE_MESSAGE_FIELDS_PRIVACY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

enum PrivacyValue : std::uint32_t {  // bits
  kPrivacyHeader = 1u << 0,
  kPrivacySession = 1u << 1,
  kPrivacyUser = 1u << 2,
  kPrivacyId = 1u << 3,       // RFC 3325 9.3
  kPrivacyHistory = 1u << 4,  // RFC 7044 10.1
  kPrivacyNone = 1u << 5,
  kPrivacyCritical = 1u << 6,
};

// priv-values without a bit that a field may have; more are kBadFieldValue.
inline constexpr std::size_t kPrivacyExtensionsMax = 8;

struct Privacy {
  std::uint32_t values = 0;  // of PrivacyValue
  std::array<std::string_view, kPrivacyExtensionsMax> extensions = {};
  std::size_t extension_count = 0;
};

// A value that is there twice is kRepeatedParameter. `none` beside others is read: who asks for it gets no
// more than that (RFC 3323 4.2).
[[nodiscard]] ParseError ParsePrivacy(std::string_view value, Privacy& privacy);
// Refused: nothing at all, `none` beside others, `critical` alone.
void Write(const Privacy& privacy, ValueWriter& value);
bool Equivalent(const Privacy& a, const Privacy& b);

// All lines of a message as one; false if there is none, or if one is malformed.
[[nodiscard]] bool PrivacyOf(const MessageView& message, Privacy& privacy);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_PRIVACY_H_
