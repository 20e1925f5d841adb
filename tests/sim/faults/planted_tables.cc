#include "sansip/tests/sim/faults/planted_tables.h"

#include <array>
#include <cstddef>

#include "sansip/core/transaction/forwarded_invite.h"
#include "sansip/core/transaction/invite_client.h"
#include "sansip/core/transaction/invite_server.h"
#include "sansip/core/transaction/non_invite_client.h"
#include "sansip/core/transaction/non_invite_server.h"
#include "sansip/core/transaction/step.h"

namespace sansip {
namespace {

// In the order of enum Machine.
constexpr std::array<ArrowTable, 5> kShipped = {kInviteClient, kNonInviteClient, kInviteServer,
                                                kNonInviteServer, kForwardedInvite};
std::array<ArrowTable, 5> planted = kShipped;

}  // namespace

const ArrowTable& TableOf(Machine machine) { return planted[static_cast<std::size_t>(machine)]; }

namespace sim {

void Plant(const ArrowTable& table) { planted[static_cast<std::size_t>(table.machine)] = table; }

void PlantNothing() { planted = kShipped; }

const ArrowTable& ShippedTable(Machine machine) { return kShipped[static_cast<std::size_t>(machine)]; }

}  // namespace sim
}  // namespace sansip
