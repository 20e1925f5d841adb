// Status codes and their usual reason phrases (RFC 3261 21 and the extensions' own).
#ifndef SANSIP_CORE_MESSAGE_STATUS_CODE_H_
#define SANSIP_CORE_MESSAGE_STATUS_CODE_H_

#include <string_view>

namespace sansip {

std::string_view ReasonPhrase(int status_code);  // "Unknown" phrase of the class for an unregistered code

constexpr bool IsProvisional(int status_code) { return status_code < 200; }
constexpr bool IsFinal(int status_code) { return status_code >= 200; }
constexpr bool IsSuccess(int status_code) { return status_code >= 200 && status_code < 300; }

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_STATUS_CODE_H_
