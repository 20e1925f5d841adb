// baresip (Debian's baresip-core) as a phone on loopback: it answers whoever calls, plays back what it hears,
// and does what it is told.
#ifndef SANSIP_TESTS_INTEROP_BARESIP_H_
#define SANSIP_TESTS_INTEROP_BARESIP_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "sansip/tests/interop/process.h"

namespace sansip::interop {

bool HasBaresip();

class Baresip : public Process {
 public:
  // As sip:bob@127.0.0.1:`port`, over UDP and TCP; the next port is its TLS: see FreePortPair.
  explicit Baresip(std::uint16_t port);
  // As bob of the domain 127.0.0.1, with the password "secret", registered at `proxy`, a URI, by way of which
  // it calls.
  Baresip(std::uint16_t port, const std::string& proxy);
  ~Baresip();

  // Waits at most five seconds.
  bool IsListening();
  // A command of its menu, as "dial" with the URI. False: it could not be told, or refused.
  bool Do(std::string_view command, std::string_view parameters);
  std::string uri() const;

 private:
  Baresip(std::uint16_t port, std::uint16_t control_port, const std::string& account);

  std::uint16_t port_, control_port_;
};

}  // namespace sansip::interop

#endif  // SANSIP_TESTS_INTEROP_BARESIP_H_
