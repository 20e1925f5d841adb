// Prints the arrow tables: as Markdown, or with --dot as graphs.
#include <cstdio>
#include <string_view>

#include "sansip/core/transaction/arrow_text.h"
#include "sansip/core/transaction/step.h"

int main(int argc, char** argv) {
  const bool as_dot = argc > 1 && std::string_view(argv[1]) == "--dot";
  for (sansip::Machine machine :
       {sansip::Machine::kInviteClient, sansip::Machine::kNonInviteClient, sansip::Machine::kInviteServer,
        sansip::Machine::kNonInviteServer, sansip::Machine::kForwardedInvite}) {
    const sansip::ArrowTable& table = sansip::TableOf(machine);
    std::puts((as_dot ? sansip::TableDot(table) : sansip::TableText(table)).c_str());
  }
}
