// The packets of a capture file, one after the other: pcap (draft-ietf-opsawg-pcap) and pcapng
// (draft-ietf-opsawg-pcapng). Bytes are views into the file; whatever lengths it claims, nothing outside of
// it is looked at.
#ifndef SANSIP_TESTS_SIM_CAPTURE_FILE_H_
#define SANSIP_TESTS_SIM_CAPTURE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "sansip/core/base/time.h"

namespace sansip::sim {

// Numbers of either byte order, with bounds: once something was not there all further answers are 0 or empty.
class Octets {
 public:
  explicit Octets(std::string_view bytes, bool is_little = false) : bytes_(bytes), is_little_(is_little) {}

  std::uint32_t Number(std::size_t size);  // of up to four bytes
  std::string_view Take(std::size_t size);
  void Skip(std::size_t size) { (void)Take(size); }
  std::string_view Rest() const { return bytes_; }
  bool ok() const { return ok_; }

 private:
  std::string_view bytes_;
  bool is_little_;
  bool ok_ = true;
};

struct Packet {
  Instant at = {};              // since 1970
  std::uint32_t link_type = 0;  // of https://www.tcpdump.org/linktypes.html
  std::string_view bytes = {};
  bool is_cut_off = false;  // there was more of it on the wire
};

class CaptureFile {
 public:
  // False: not one.
  static bool IsOne(std::string_view bytes);

  explicit CaptureFile(std::string_view bytes);
  // False: at the end, or where the file breaks off.
  bool Next(Packet& packet);
  bool is_broken_off() const { return is_broken_off_; }

 private:
  struct Interface {
    std::uint32_t link_type = 0;
    std::uint64_t ticks_per_second = 1'000'000;
  };

  bool NextOfPcap(Packet& packet);
  bool NextOfPcapng(Packet& packet);
  bool ReadPacketBlock(std::uint32_t type, std::string_view body, Packet& packet);
  void ReadInterface(std::string_view body);

  Octets rest_;
  bool is_pcapng_ = false;
  bool is_little_ = false;
  bool is_broken_off_ = false;
  std::vector<Interface> interfaces_;  // of a pcap file: one
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_CAPTURE_FILE_H_
