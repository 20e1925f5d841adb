// One run of one table in virtual time: a script of events goes in, what the machine does comes out. The
// steps are the real Step's; only the table may be another than the shipped one.
#ifndef SANSIP_TESTS_MUTATION_TABLE_RUN_H_
#define SANSIP_TESTS_MUTATION_TABLE_RUN_H_

#include <string>
#include <string_view>

#include "sansip/core/transaction/arrow_table.h"

namespace sansip::testing {

// Script: "0 request from user, 0.6 1xx, 40 wait": seconds and an event by its EventName, in the order of
// time. "cancel" is the verb that arms the timer of RFC 3261 9.1; "wait" lets time pass. "timer 100" is the
// INVITE that comes before any response, as the layer classifies it. Deadlines on the way fire, each at its
// time.
//
// Log: "0 request, 0.5 request, 32 timeout, 32 gone". What comes after "gone" finds no machine. A pair
// without a row does nothing, as in a build without SANSIP_DCHECK.
std::string LogOf(const ArrowTable& table, bool is_reliable, std::string_view script,
                  const TimerValues& values = {});

}  // namespace sansip::testing

#endif  // SANSIP_TESTS_MUTATION_TABLE_RUN_H_
