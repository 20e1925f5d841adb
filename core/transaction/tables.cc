// The shipped tables. Alone in this file so that a program can link other ones in their place: the tests that
// plant faults (tests/sim/faults) do.
#include "sansip/core/base/check.h"
#include "sansip/core/transaction/forwarded_invite.h"
#include "sansip/core/transaction/invite_client.h"
#include "sansip/core/transaction/invite_server.h"
#include "sansip/core/transaction/non_invite_client.h"
#include "sansip/core/transaction/non_invite_server.h"
#include "sansip/core/transaction/step.h"

namespace sansip {

const ArrowTable& TableOf(Machine machine) {
  switch (machine) {
    case Machine::kInviteClient:
      return kInviteClient;
    case Machine::kNonInviteClient:
      return kNonInviteClient;
    case Machine::kInviteServer:
      return kInviteServer;
    case Machine::kNonInviteServer:
      return kNonInviteServer;
    case Machine::kForwardedInvite:
      return kForwardedInvite;
  }
  SANSIP_CHECK(false && "no such machine");
  return kInviteClient;
}

}  // namespace sansip
