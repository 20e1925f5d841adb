// Counts every call of global operator new in the program that links this: the parser and the writer may
// make none.
#ifndef SANSIP_BENCH_ALLOCATIONS_H_
#define SANSIP_BENCH_ALLOCATIONS_H_

#include <cstddef>

namespace sansip {

std::size_t AllocationCount();

}  // namespace sansip

#endif  // SANSIP_BENCH_ALLOCATIONS_H_
