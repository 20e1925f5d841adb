#include <fstream>
#include <iterator>
#include <string>

#include "gtest/gtest.h"
#include "sansip/core/transaction/arrow_text.h"
#include "sansip/core/transaction/step.h"

namespace sansip {
namespace {

TEST(TransactionsPage, HoldsThePrintsOfTheTables) {
  std::ifstream stream("docs/transactions.md");
  const std::string page{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  for (Machine machine : {Machine::kInviteClient, Machine::kNonInviteClient, Machine::kInviteServer,
                          Machine::kNonInviteServer, Machine::kForwardedInvite}) {
    EXPECT_NE(page.find(TableText(TableOf(machine))), std::string::npos)
        << "docs/transactions.md: paste the output of //core/transaction:print_arrows";
  }
}

}  // namespace
}  // namespace sansip
