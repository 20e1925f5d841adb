// Invariants of our own code, checked in every build.
//
// A failed SANSIP_CHECK means that sansip is wrong, never the peer and never the user: it says what and where
// and aborts. The condition has no side effect. SANSIP_DCHECK is the same in builds without NDEBUG and costs
// nothing in the others.
#ifndef SANSIP_CORE_BASE_CHECK_H_
#define SANSIP_CORE_BASE_CHECK_H_

namespace sansip {

[[noreturn]] void CheckFailed(const char* condition, const char* file, int line) noexcept;

}  // namespace sansip

#define SANSIP_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::sansip::CheckFailed(#condition, __FILE__, __LINE__))

#ifdef NDEBUG
#define SANSIP_DCHECK(condition) static_cast<void>(sizeof(!(condition)))
#else
#define SANSIP_DCHECK(condition) SANSIP_CHECK(condition)
#endif

#endif  // SANSIP_CORE_BASE_CHECK_H_
