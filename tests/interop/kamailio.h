// Kamailio with a script of scenarios/, on a port of 127.0.0.1.
#ifndef SANSIP_TESTS_INTEROP_KAMAILIO_H_
#define SANSIP_TESTS_INTEROP_KAMAILIO_H_

#include <cstdint>
#include <string>
#include <vector>

#include "sansip/tests/interop/process.h"

namespace sansip::interop {

// Is it installed, with these modules (files beside each other)?
bool HasKamailio(const std::vector<std::string>& modules = {});

class Kamailio : public Process {
 public:
  // The script knows LISTEN_PORT and `defines`, each "NAME=VALUE".
  Kamailio(const std::string& script, std::uint16_t port, const std::vector<std::string>& defines);
  ~Kamailio();  // its children too

  bool IsListening();  // waits for it

 private:
  std::uint16_t port_;
};

}  // namespace sansip::interop

#endif  // SANSIP_TESTS_INTEROP_KAMAILIO_H_
