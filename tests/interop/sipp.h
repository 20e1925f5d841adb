// SIPp (Debian's sip-tester) as a peer that follows one of our scenarios, with RTP echo.
#ifndef SANSIP_TESTS_INTEROP_SIPP_H_
#define SANSIP_TESTS_INTEROP_SIPP_H_

#include <cstdint>
#include <string>

#include "sansip/tests/interop/process.h"

namespace sansip::interop {

bool HasSipp();

struct SippOptions {
  std::string scenario;  // of tests/interop/scenarios, without .xml
  std::uint16_t port = 0;
  bool tcp = false;
  int calls = 1;
  std::uint16_t contact_port = 0;  // 0: its own
  std::uint16_t moved_port = 0;
  std::uint16_t target_port = 0;  // caller: whom to call
  int at_once = 10;
};

class Sipp : public Process {
 public:
  explicit Sipp(const SippOptions& options);
  // SIPp says nothing when it is ready: its port is taken then. Waits at most five seconds.
  bool IsListening();

 private:
  std::uint16_t port_;
};

}  // namespace sansip::interop

#endif  // SANSIP_TESTS_INTEROP_SIPP_H_
