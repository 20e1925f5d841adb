#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "gtest/gtest.h"
#include "sansip/core/transaction/counters.h"

namespace sansip {
namespace {

TEST(LimitsPage, HasEveryCounter) {
  std::ifstream stream("docs/limits.md");
  const std::string page{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  std::set<std::string> names;
  for (std::size_t i = 0; i < kTransactionCounterCount; ++i) names.emplace(SampleOf({}, i).name);
  for (const std::string& name : names) EXPECT_NE(page.find("`" + name + "`"), std::string::npos) << name;
}

}  // namespace
}  // namespace sansip
