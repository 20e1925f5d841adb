// Counts every call of global operator new in the program that links this, and the bytes that are held: the
// parser, the writer and the transactions may make none.
#ifndef SANSIP_BENCH_ALLOCATIONS_H_
#define SANSIP_BENCH_ALLOCATIONS_H_

#include <cstddef>

namespace sansip {

std::size_t AllocationCount();
// Of what was allocated and is not freed, as the allocator rounds it.
std::size_t AllocatedBytes();

}  // namespace sansip

#endif  // SANSIP_BENCH_ALLOCATIONS_H_
