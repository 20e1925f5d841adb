// Methods: the core of RFC 3261 and its extensions. Method names are case-sensitive (RFC 3261 7.1).
#ifndef SANSIP_CORE_MESSAGE_METHOD_H_
#define SANSIP_CORE_MESSAGE_METHOD_H_

#include <cstdint>
#include <string_view>

namespace sansip {

enum class Method : std::uint8_t {
  kExtension,  // any other token; the message view has its text
  kInvite,
  kAck,
  kBye,
  kCancel,
  kOptions,
  kRegister,
  kPrack,      // RFC 3262
  kSubscribe,  // RFC 6665
  kNotify,     // RFC 6665
  kPublish,    // RFC 3903
  kInfo,       // RFC 6086
  kRefer,      // RFC 3515
  kMessage,    // RFC 3428
  kUpdate,     // RFC 3311
};

Method MethodFromName(std::string_view name);
std::string_view MethodName(Method method);  // empty for kExtension

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_METHOD_H_
