// Packet captures as traces, for ladders: pcap of either byte order and pcapng, of Ethernet, Linux cooked,
// loopback and raw IP, IPv4 and IPv6; SIP over UDP, and over TCP as far as its segments are there.
//
// A capture is hostile input: every length in it is held against the bytes that are there, and all memory but
// the trace's own is bounded. What is left out is counted.
#ifndef SANSIP_TESTS_SIM_CAPTURE_H_
#define SANSIP_TESTS_SIM_CAPTURE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/tests/sim/trace.h"

namespace sansip::sim {

struct CaptureFigures {
  std::uint64_t packets = 0, messages = 0;
  std::uint64_t fragments = 0;  // of IP: left out
  std::uint64_t cut_off = 0;    // by a snapshot length, or by the end of the file: left out
  std::uint64_t gaps = 0;       // in TCP streams: what was around them is left out
  std::uint64_t unframed = 0;   // bytes in TCP streams that are no SIP
};

struct CaptureLimits {
  std::size_t columns_max = 12;    // endpoints; all further ones share a column
  std::size_t streams_max = 1024;  // directions of TCP connections at once; the rest are left out
};

// Does it begin like one?
bool IsCapture(std::string_view bytes);

// Adds a record for each message; the first packet is at zero. `names` gets the endpoints, "192.0.2.1:5060".
// False, with `why`: it is no capture. One that breaks off is one up to there.
bool ReadCapture(std::string_view bytes, Trace& trace, std::vector<std::string>& names,
                 CaptureFigures& figures, std::string& why, const CaptureLimits& limits = {});

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_CAPTURE_H_
