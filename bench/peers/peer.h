// A SIP parser to be measured, or compared in what it finds: sansip's or another's.
//
// One piece of work is Parse() and Release(): take a message of the network apart, URIs and all, and look up
// every field of a Reading. What was found is kept as the parser gives it (no copies are made for the
// comparison's sake), until Release().
#ifndef SANSIP_BENCH_PEERS_PEER_H_
#define SANSIP_BENCH_PEERS_PEER_H_

#include <memory>
#include <string_view>

#include "sansip/bench/reading.h"

namespace sansip {

class Peer {
 public:
  virtual ~Peer() = default;
  // False: refused. Release() follows in either case.
  virtual bool Parse(std::string_view bytes) = 0;
  virtual void Release() = 0;
  // What the last Parse() found. Not part of the work. A parser that keeps no text of a URI gives the host of
  // the Contact's for contact_uri.
  virtual Reading Found() const = 0;
};

std::unique_ptr<Peer> MakeSansip();
std::unique_ptr<Peer> MakeOsip();   // GNU oSIP, libosip2
std::unique_ptr<Peer> MakeSofia();  // Sofia-SIP
std::unique_ptr<Peer> MakeRe();     // libre

// The first field in which they differ, in the RFC's words; empty if in none. `peer` may have a host alone
// for its Contact, and IPv6 addresses without brackets.
std::string_view Difference(const Reading& sansip, const Reading& peer);

}  // namespace sansip

#endif  // SANSIP_BENCH_PEERS_PEER_H_
