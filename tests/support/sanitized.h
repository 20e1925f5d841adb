// Is this built with sanitizers? They find what a tenth of a long search touches; the rest of it is for the
// build that is not ten times slower.
#ifndef SANSIP_TESTS_SUPPORT_SANITIZED_H_
#define SANSIP_TESTS_SUPPORT_SANITIZED_H_

namespace sansip {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kIsSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kIsSanitized = true;
#else
inline constexpr bool kIsSanitized = false;
#endif
#else
inline constexpr bool kIsSanitized = false;
#endif

}  // namespace sansip

#endif  // SANSIP_TESTS_SUPPORT_SANITIZED_H_
