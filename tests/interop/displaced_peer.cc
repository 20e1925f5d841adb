#include "sansip/tests/interop/displaced_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "sansip/core/transaction/testing.h"
#include "sansip/rtp/codec/g711.h"
#include "sansip/rtp/packet.h"

namespace sansip::interop {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::HeaderOf;

constexpr milliseconds kFrame(20);
constexpr std::size_t kFrameSamples = 160;
constexpr std::uint8_t kPcmu = 0;

sockaddr_in At(const char* ip, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  inet_pton(AF_INET, ip, &address.sin_addr);
  address.sin_port = htons(port);
  return address;
}

// A response to `request` with a body of SDP, if there is any.
std::string Response(const std::string& request, const std::string& contact, const std::string& sdp) {
  std::string to = HeaderOf(request, "To");
  if (to.find(";tag=") == std::string::npos) to += ";tag=displaced";
  std::string text = "SIP/2.0 200 OK\r\nVia: " + HeaderOf(request, "Via") +
                     "\r\nFrom: " + HeaderOf(request, "From") + "\r\nTo: " + to +
                     "\r\nCall-ID: " + HeaderOf(request, "Call-ID") +
                     "\r\nCSeq: " + HeaderOf(request, "CSeq") + "\r\nContact: " + contact + "\r\n";
  if (!sdp.empty()) text += "Content-Type: application/sdp\r\n";
  return text + "Content-Length: " + std::to_string(sdp.size()) + "\r\n\r\n" + sdp;
}

}  // namespace

UdpSocket::UdpSocket(const char* ip) : fd_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  sockaddr_in address = At(ip, 0);
  socklen_t size = sizeof address;
  bind(fd_, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
}

UdpSocket::~UdpSocket() { close(fd_); }

void UdpSocket::SendTo(std::uint16_t port, std::string_view bytes) const {
  const sockaddr_in to = At("127.0.0.1", port);
  sendto(fd_, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
}

std::string UdpSocket::Receive() const {
  std::array<char, 65536> buffer;
  const ssize_t count = recv(fd_, buffer.data(), buffer.size(), 0);
  return count <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(count));
}

std::string RtpTalker::Next() {
  std::array<std::int16_t, kFrameSamples> samples;
  tone_.Generate(samples);
  std::string packet(rtp::kHeaderOctets + kFrameSamples, '\0');
  rtp::WriteHeader({.payload_type = kPcmu, .sequence = sequence_, .timestamp = timestamp_, .ssrc = ssrc_},
                   packet);
  std::transform(samples.begin(), samples.end(), packet.begin() + rtp::kHeaderOctets,
                 [](std::int16_t sample) { return static_cast<char>(rtp::g711::EncodeMuLaw(sample)); });
  ++sequence_;
  timestamp_ += kFrameSamples;
  return packet;
}

std::string DisplacedPeer::Sdp() const {
  return "v=0\r\no=displaced 1 1 IN IP4 127.0.0.2\r\ns=-\r\nc=IN IP4 127.0.0.2\r\nt=0 0\r\nm=audio " +
         std::to_string(named_.port()) + " RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n";
}

std::string DisplacedPeer::Request(const std::string& method, int cseq, const std::string& to) const {
  const std::string own = "127.0.0.1:" + std::to_string(sip_.port());
  testing::RequestText request;
  request.method = method;
  request.uri = target_;
  request.via = "SIP/2.0/UDP " + own + ";rport;branch=z9hG4bKdisplaced" + method;
  request.from = "<sip:displaced@" + own + ">;tag=displaced";
  request.to = to;
  request.call_id = "displaced@" + own;
  request.cseq = std::to_string(cseq);
  if (method == "INVITE") {
    request.more = "Contact: <sip:displaced@" + own + ">\r\nContent-Type: application/sdp\r\n";
    request.body = Sdp();
  }
  return request;
}

bool DisplacedPeer::Call(std::uint16_t sip_port) {
  peer_sip_port_ = sip_port;
  target_ = "sip:bob@127.0.0.1:" + std::to_string(sip_port);
  sip_.SendTo(sip_port, Request("INVITE", 1, "<" + target_ + ">"));
  const std::string answer = Await("SIP/2.0 200 ");
  if (answer.empty()) return false;
  remote_to_ = HeaderOf(answer, "To");
  sip_.SendTo(sip_port, Request("ACK", 1, remote_to_));
  LearnMedia(answer);
  return true;
}

bool DisplacedPeer::Answer() {
  const std::string invite = Await("INVITE ");
  if (invite.empty()) return false;
  peer_sip_port_ = static_cast<std::uint16_t>(
      std::atoi(invite.substr(invite.find("127.0.0.1:", invite.find("\r\nVia: ")) + 10).c_str()));
  const std::string contact = "<sip:displaced@127.0.0.1:" + std::to_string(sip_.port()) + ">";
  sip_.SendTo(peer_sip_port_, Response(invite, contact, Sdp()));
  if (Await("ACK ").empty()) return false;
  LearnMedia(invite);
  return true;
}

void DisplacedPeer::Talk(milliseconds duration) {
  const auto end = steady_clock::now() + duration;
  while (steady_clock::now() < end) Live();
}

bool DisplacedPeer::HangUp() {
  messages_.clear();
  sip_.SendTo(peer_sip_port_, Request("BYE", 2, remote_to_));
  return !Await("SIP/2.0 200 ").empty();
}

bool DisplacedPeer::AwaitBye() {
  const std::string bye = Await("BYE ");
  if (bye.empty()) return false;
  sip_.SendTo(peer_sip_port_, Response(bye, "<sip:displaced@127.0.0.1>", ""));
  return true;
}

void DisplacedPeer::LearnMedia(std::string_view message) {
  constexpr std::string_view kMedia = "\r\nm=audio ";
  const std::size_t at = message.find(kMedia);
  if (at == std::string_view::npos) return;
  peer_rtp_port_ =
      static_cast<std::uint16_t>(std::atoi(std::string(message.substr(at + kMedia.size(), 6)).c_str()));
  next_frame_ = steady_clock::now();
}

std::string DisplacedPeer::Await(std::string_view start, milliseconds limit) {
  const auto end = steady_clock::now() + limit;
  while (steady_clock::now() < end) {
    Live();
    const auto found = std::find_if(messages_.begin(), messages_.end(),
                                    [&](const std::string& message) { return message.starts_with(start); });
    if (found == messages_.end()) continue;
    const std::string message = *found;
    messages_.erase(found);
    return message;
  }
  return "";
}

void DisplacedPeer::Live() {
  pollfd ready[] = {
      {sip_.fd(), POLLIN, 0}, {rtp_.fd(), POLLIN, 0}, {named_.fd(), POLLIN, 0}, {thief_.fd(), POLLIN, 0}};
  const auto wait = std::chrono::ceil<milliseconds>(next_frame_ - steady_clock::now());
  poll(ready, std::size(ready), std::clamp(static_cast<int>(wait.count()), 0, 20));
  for (std::string message = sip_.Receive(); !message.empty(); message = sip_.Receive()) {
    messages_.push_back(message);
  }
  ReceiveMedia();
  while (next_frame_ <= steady_clock::now()) {
    next_frame_ += kFrame;
    Speak();
  }
}

void DisplacedPeer::Speak() {
  if (peer_rtp_port_ == 0) return;
  rtp_.SendTo(peer_rtp_port_, talker_.Next());
  if (thief_speaks_) thief_.SendTo(peer_rtp_port_, thief_talker_.Next());
}

void DisplacedPeer::ReceiveMedia() {
  for (std::string bytes = rtp_.Receive(); !bytes.empty(); bytes = rtp_.Receive()) {
    rtp::Packet packet;
    if (rtp::ParsePacket(bytes, packet) != rtp::PacketError::kNone || packet.payload_type != kPcmu) continue;
    for (char octet : packet.payload) heard_.push_back(rtp::g711::kMuLaw[static_cast<unsigned char>(octet)]);
  }
  while (!named_.Receive().empty()) ++packets_at_named_;
  while (!thief_.Receive().empty()) ++packets_at_thief_;
}

}  // namespace sansip::interop
