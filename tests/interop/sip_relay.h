// A relay for SIP over UDP on loopback that loses what it is told to lose: the first INVITE, the first 200 to
// it, the first ACK, the first BYE, once each. What comes from the one peer goes to the other.
#ifndef SANSIP_TESTS_INTEROP_SIP_RELAY_H_
#define SANSIP_TESTS_INTEROP_SIP_RELAY_H_

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace sansip::interop {

class SipRelay {
 public:
  // `peer` is the port of the callee; the caller is whoever else sends.
  explicit SipRelay(std::uint16_t peer);
  ~SipRelay();
  SipRelay(const SipRelay&) = delete;
  SipRelay& operator=(const SipRelay&) = delete;

  std::uint16_t port() const { return port_; }
  std::vector<std::string> lost() const;  // "INVITE", "200", "ACK", "BYE": in the order in which they were

 private:
  void Run();
  bool Loses(std::string_view datagram);

  int fd_ = -1;
  std::uint16_t port_ = 0;
  std::uint16_t peer_;
  mutable std::mutex mutex_;
  std::vector<std::string> lost_;
  std::atomic<bool> ends_ = false;
  std::thread thread_;
};

}  // namespace sansip::interop

#endif  // SANSIP_TESTS_INTEROP_SIP_RELAY_H_
