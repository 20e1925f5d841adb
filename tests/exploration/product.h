// A client machine, a server machine and what is between them: every state that can be reached, within
// bounds.
#ifndef SANSIP_TESTS_EXPLORATION_PRODUCT_H_
#define SANSIP_TESTS_EXPLORATION_PRODUCT_H_

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "sansip/core/transaction/arrow_table.h"

namespace sansip::testing {

// Unbounded: losses, reordering, what the users may do (a server's user sends any provisional response it
// likes, then any final one, and a 2xx again and again; a client's user cancels a call when it likes) and the
// order in which running timers fire. A copy of the request that comes after the server transaction ended
// makes another one, as it does in the layer; its user decides as before.
struct Bounds {
  std::size_t in_flight_max = 2;  // each way; what is sent into a full channel is lost
  int duplications_max = 2;
  int transport_errors_max = 1;
};

struct Exploration {
  std::size_t states = 0;
  std::size_t transitions = 0;
  std::set<std::string_view> arrows;  // ids of those taken
  std::string fault;                  // empty: every property holds
  std::string trace;                  // the shortest way to it
};

// `client` and `server` are both of INVITE or both of non-INVITE, on unreliable transport. Properties:
//  - Take's, of both;
//  - each final response that reaches a client which still lives is acknowledged: a 300-699 by the machine, a
//    2xx by the user, who is given each;
//  - no state is stuck: what has no next state has no transaction left;
//  - both ends come: there is no way to go on for ever if each timer that runs fires at last, if the server's
//    user gives a final response at last, and if the client's user does not let it ring for ever.
Exploration ExploreProduct(const ArrowTable& client, const ArrowTable& server, const Bounds& bounds);

}  // namespace sansip::testing

#endif  // SANSIP_TESTS_EXPLORATION_PRODUCT_H_
