#include <fstream>
#include <iterator>
#include <string>

#include "gtest/gtest.h"
#include "sansip/session_timer/tolerance.h"

namespace sansip {
namespace {

TEST(SessionTimersPage, HasEveryTolerance) {
  std::ifstream stream("docs/session_timers.md");
  const std::string page{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  for (std::size_t i = 0; i < kSessionTimerTolerances; ++i) {
    const std::string name(SessionTimerToleranceName(static_cast<SessionTimerTolerance>(i)));
    EXPECT_FALSE(name.empty());
    EXPECT_NE(page.find("| `" + name + "` |"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace sansip
