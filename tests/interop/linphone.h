// linphonec (Debian's linphone-cli) as a phone on loopback, over UDP and TCP, that does what it is told.
#ifndef SANSIP_TESTS_INTEROP_LINPHONE_H_
#define SANSIP_TESTS_INTEROP_LINPHONE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "sansip/tests/interop/process.h"

namespace sansip::interop {

bool HasLinphone();

class Linphone : public Process {
 public:
  // As sip:lin@127.0.0.1:`port`, answering whoever calls. It calls `target` at once if that is not empty.
  // With session timers of 90 s where `has_session_timer`.
  explicit Linphone(std::uint16_t port, const std::string& target = "", bool has_session_timer = false);
  ~Linphone();

  // Waits at most twenty seconds.
  bool IsListening();
  // A command of its prompt, as "call sip:bob@127.0.0.1:5070".
  void Do(std::string_view command) const;
  // Registers `address` at `registrar`, as the password "secret" allows it, and waits for that.
  bool Register(const std::string& address, const std::string& registrar);
  std::string uri() const;

 private:
  Linphone(std::uint16_t port, const std::string& target, const std::string& folder);

  std::string folder_;
  std::uint16_t port_;
};

}  // namespace sansip::interop

#endif  // SANSIP_TESTS_INTEROP_LINPHONE_H_
