// SANSIP_SHOWS("3261-17.1.1.2-3"): the running test demonstrates a requirement.
//
// Ids are those of the conformance register, docs/rfc/*.tsv. They are recorded at run time, so a
// test that does not reach the line does not count. When the test passes, its ids go
//   - into its test case's property `shows` in GoogleTest's XML report, separated by spaces,
//   - as lines "id<TAB>Suite.Name" to the end of the file named by SANSIP_SHOWS_FILE, if set.
// A test that fails or skips records nothing. May be called from any thread and any source file
// of a test, as often as fits; outside of a test it is a failure.

#ifndef SANSIP_TESTS_SUPPORT_SHOWS_H_
#define SANSIP_TESTS_SUPPORT_SHOWS_H_

#include <initializer_list>
#include <string_view>

// One id or several.
#define SANSIP_SHOWS(...) ::sansip::RecordShown({__VA_ARGS__})

namespace sansip {

void RecordShown(std::initializer_list<std::string_view> requirement_ids);

}  // namespace sansip

#endif  // SANSIP_TESTS_SUPPORT_SHOWS_H_
