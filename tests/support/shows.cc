#include "sansip/tests/support/shows.h"

#include <cstdlib>
#include <fstream>
#include <mutex>
#include <set>
#include <string>

#include "gtest/gtest.h"

namespace sansip {
namespace {

// What the running test has shown so far, sorted.
struct Shown {
  std::mutex mutex;
  std::set<std::string, std::less<>> ids;
};

Shown& CurrentlyShown() {
  static Shown* const shown = new Shown;  // outlives every static destructor
  return *shown;
}

class ShowsListener : public ::testing::EmptyTestEventListener {
  void OnTestStart(const ::testing::TestInfo&) override {
    Shown& shown = CurrentlyShown();
    const std::lock_guard lock(shown.mutex);
    shown.ids.clear();
  }

  void OnTestEnd(const ::testing::TestInfo& test) override {
    Shown& shown = CurrentlyShown();
    const std::lock_guard lock(shown.mutex);
    if (!test.result()->Passed() || shown.ids.empty()) return;
    std::string joined;
    for (const std::string& id : shown.ids) {
      if (!joined.empty()) joined += ' ';
      joined += id;
    }
    ::testing::Test::RecordProperty("shows", joined);
    if (const char* path = std::getenv("SANSIP_SHOWS_FILE"); path != nullptr && *path != '\0') {
      std::ofstream file(path, std::ios::app);
      for (const std::string& id : shown.ids) {
        file << id << '\t' << test.test_suite_name() << '.' << test.name() << '\n';
      }
    }
  }
};

[[maybe_unused]] const bool listening = [] {
  // GoogleTest owns the listener.
  ::testing::UnitTest::GetInstance()->listeners().Append(new ShowsListener);
  return true;
}();

}  // namespace

void RecordShown(std::initializer_list<std::string_view> requirement_ids) {
  if (::testing::UnitTest::GetInstance()->current_test_info() == nullptr) {
    ADD_FAILURE() << "SANSIP_SHOWS outside of a test";
    return;
  }
  Shown& shown = CurrentlyShown();
  const std::lock_guard lock(shown.mutex);
  for (const std::string_view id : requirement_ids) shown.ids.emplace(id);
}

}  // namespace sansip
