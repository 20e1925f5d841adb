// A SIP peer on loopback whose SDP names another address than its RTP comes from, as behind a NAT: it signals
// and speaks from 127.0.0.1, names 127.0.0.2, and a third party at 127.0.0.3 may talk into its call. Ports
// are the system's choice. It speaks PCMU, one tone all the time. One thread: it lives in its waits.
#ifndef SANSIP_TESTS_INTEROP_DISPLACED_PEER_H_
#define SANSIP_TESTS_INTEROP_DISPLACED_PEER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/rtp/tone.h"

namespace sansip::interop {

class UdpSocket {
 public:
  explicit UdpSocket(const char* ip);
  ~UdpSocket();
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;

  int fd() const { return fd_; }
  std::uint16_t port() const { return port_; }
  void SendTo(std::uint16_t port, std::string_view bytes) const;  // at 127.0.0.1
  std::string Receive() const;                                    // empty: nothing there

 private:
  int fd_ = -1;
  std::uint16_t port_ = 0;
};

// Speaks a tone in an RTP stream of its own.
class RtpTalker {
 public:
  RtpTalker(std::uint32_t ssrc, std::uint32_t hz) : ssrc_(ssrc), tone_(hz) {}
  std::string Next();  // 20 ms

 private:
  std::uint32_t ssrc_;
  std::uint16_t sequence_ = 1000;
  std::uint32_t timestamp_ = 0;
  rtp::ToneGenerator tone_;
};

class DisplacedPeer {
 public:
  static constexpr std::uint32_t kHz = 440;       // what it says
  static constexpr std::uint32_t kThiefHz = 850;  // what the third party says

  std::uint16_t sip_port() const { return sip_.port(); }

  // Calls the command, acknowledges its 200, and speaks from then on. False: no 200 came.
  bool Call(std::uint16_t sip_port);
  // Waits for the command's call, and answers it. False: none came.
  bool Answer();
  void LetThiefSpeak() { thief_speaks_ = true; }
  void Talk(std::chrono::milliseconds duration);
  // Ends the call that it made: a BYE. False: it was not answered.
  bool HangUp();
  // Talks until the command's BYE, and answers it. False: none came.
  bool AwaitBye();

  const std::vector<std::int16_t>& heard() const { return heard_; }   // where it speaks from
  std::size_t packets_at_named() const { return packets_at_named_; }  // RTP for the address of its SDP
  std::size_t packets_at_thief() const { return packets_at_thief_; }

 private:
  std::string Sdp() const;
  std::string Request(const std::string& method, int cseq, const std::string& to) const;
  // Lives until a SIP message that starts so has come; empty: it did not.
  std::string Await(std::string_view start, std::chrono::milliseconds limit = std::chrono::seconds(10));
  void Live();  // until the next frame is due or something came
  void ReceiveMedia();
  void Speak();
  void LearnMedia(std::string_view message);

  UdpSocket sip_{"127.0.0.1"}, rtp_{"127.0.0.1"}, named_{"127.0.0.2"}, thief_{"127.0.0.3"};
  std::uint16_t peer_sip_port_ = 0, peer_rtp_port_ = 0;
  std::string target_, remote_to_;
  std::vector<std::string> messages_;  // not yet awaited
  RtpTalker talker_{0xCAFE, kHz}, thief_talker_{0xBAD, kThiefHz};
  bool thief_speaks_ = false;
  std::chrono::steady_clock::time_point next_frame_ = std::chrono::steady_clock::now();
  std::vector<std::int16_t> heard_;
  std::size_t packets_at_named_ = 0, packets_at_thief_ = 0;
};

}  // namespace sansip::interop

#endif  // SANSIP_TESTS_INTEROP_DISPLACED_PEER_H_
