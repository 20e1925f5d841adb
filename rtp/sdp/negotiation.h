// Offer/answer (RFC 3264) for one audio stream, as one party of one call sees it.
//
// The first audio section over RTP/AVP that has a codec of ours is accepted; every other section is refused
// with port 0, in its place. Payload numbers are the offerer's. Between an offer and its answer nothing
// changes: stream() stays what was agreed before, and a refused offer leaves it so. The version in o= grows
// by one where the body changed, and only there. When offers may be made at all (not two at once, glare) is
// the dialog's business; here an answer without an offer is refused.
#ifndef SANSIP_RTP_SDP_NEGOTIATION_H_
#define SANSIP_RTP_SDP_NEGOTIATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/address.h"
#include "sansip/rtp/sdp/description.h"
#include "sansip/rtp/stream.h"

namespace sansip::sdp {

// What we are able and willing to do.
struct LocalMedia {
  std::string username = "-";   // RFC 8866 5.2; a space or control character in it makes it "-"
  SocketAddress rtp;            // where we receive; also the address of o=
  std::uint16_t rtcp_port = 0;  // a=rtcp is written when it is not the RTP port + 1; 0: it is
  std::vector<rtp::Codec> codecs = {rtp::Codec::kPcmu, rtp::Codec::kPcma};  // in order of preference
  bool telephone_event = true;
  std::uint8_t telephone_event_type = 101;               // in our own offers
  rtp::Direction direction = rtp::Direction::kSendRecv;  // what we wish; kSendOnly: hold
  int ptime_ms = 20;
};

enum class [[nodiscard]] Outcome : std::uint8_t{
    kAgreed,       // stream() is new, or the same again
    kUnchanged,    // the peer's o= is the one it had before: a refresh (RFC 3264 8)
    kUnsupported,  // well-formed, but nothing in it for us: 488. stream() stays
    kMalformed,    // error() says where: 400. stream() stays
    kNotExpected,  // an answer to no offer
};

class Negotiation {
 public:
  // `session_id` is unpredictable and unique to the call; its upper two bits are dropped (RFC 3264 5).
  Negotiation(LocalMedia local, std::uint64_t session_id);

  // What the next offer or answer will say: change `direction` to hold and resume.
  LocalMedia& local() { return local_; }

  // The body of an offer. Equal to the last body, version included, when nothing changed.
  const std::string& MakeOffer();
  // The answer to it. On kAgreed stream() is in force.
  Outcome ReadAnswer(std::string_view answer);
  // The offer was refused, or its transaction failed: all is as before.
  void OfferRefused();

  // The peer's offer. On kAgreed and kUnchanged body() is the answer and stream() is in force.
  Outcome ReadOffer(std::string_view offer);

  // What was agreed; nullopt before the first agreement and where it has no stream (no m=, all refused).
  const std::optional<rtp::Stream>& stream() const { return stream_; }
  const std::string& body() const { return body_; }  // the last offer or answer made
  Error error() const { return error_; }
  std::uint64_t version() const { return version_; }

 private:
  struct Slot {  // one m= of the session, by its position
    std::string media, proto, format;
  };
  struct Accepted;

  const std::string& Publish(std::string_view rest, std::string_view times);

  LocalMedia local_;
  std::uint64_t session_id_;
  std::uint64_t version_ = 0;
  std::string body_, body_rest_, body_times_;
  std::vector<Slot> slots_;
  std::optional<std::size_t> audio_slot_;
  bool offer_open_ = false;
  std::optional<rtp::Stream> stream_;
  std::string remote_origin_;
  Error error_;
};

// RFC 3264 9: for a 200 to OPTIONS; all ports are zero.
std::string Capabilities(const LocalMedia& local, std::uint64_t session_id);

}  // namespace sansip::sdp

#endif  // SANSIP_RTP_SDP_NEGOTIATION_H_
