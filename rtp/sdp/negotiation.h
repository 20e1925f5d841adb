// Offer/answer (RFC 3264) for one audio stream, as one party of one call sees it.
//
// The first audio section over RTP/AVP that has a codec of ours is accepted; every other section is refused
// with port 0, in its place. Payload numbers are the offerer's. Between an offer and its answer nothing
// changes: stream() stays what was agreed before, and a refused offer leaves it so. The version in o= grows
// by one where the body changed, and only there; the rest of o= never changes. When offers may be made at all
// (not two at once, glare) is the dialog's business; here an answer without an offer is refused.
#ifndef SANSIP_RTP_SDP_NEGOTIATION_H_
#define SANSIP_RTP_SDP_NEGOTIATION_H_

#include <bitset>
#include <cstddef>
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
  std::string username = "-";   // RFC 8866 5.2: "-" is written for what has spaces or is not US-ASCII
  SocketAddress rtp;            // where we receive, no wildcard; at first also the address of o=
  std::uint16_t rtcp_port = 0;  // a=rtcp is written when it is not the RTP port + 1; 0: it is
  std::vector<rtp::Codec> codecs = {rtp::Codec::kPcmu, rtp::Codec::kPcma};  // in order of preference
  bool telephone_event = true;
  std::uint8_t telephone_event_type = 101;               // in our own offers, if it is free
  rtp::Direction direction = rtp::Direction::kSendRecv;  // what we wish; kSendOnly: hold
  int ptime_ms = 20;
};

enum class [[nodiscard]] Outcome : std::uint8_t{
    kAgreed,       // stream() and body() are new, or the same again
    kUnchanged,    // the peer's o= and the stream are those it had before: a refresh (RFC 3264 8)
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
  // After MakeOffer: what may be received before its answer, from nobody knows where (RFC 3264 5.1).
  rtp::Stream OfferedStream() const;
  // The answer to it. On kAgreed and kUnchanged stream() is in force.
  Outcome ReadAnswer(std::string_view answer);
  // The offer was refused, or its transaction failed: all is as before.
  void OfferRefused() { offered_.reset(); }

  // The peer's offer. On kAgreed and kUnchanged body() is the answer and stream() is in force.
  Outcome ReadOffer(std::string_view offer);

  // The answer to an offer that was kUnsupported where there must be one (RFC 3261 13.2.2.4): each of its
  // streams is refused. Empty: it is malformed. stream() stays.
  std::string RefuseAll(std::string_view offer);

  // Goes on with a session agreed by another process: what was our last description and what was the peer's,
  // whichever offered. On kAgreed stream() is in force, and the next offer has our o= with the next version.
  // Only for one that was not used yet; `local` of another maker is kUnsupported.
  Outcome Resume(std::string_view local, std::string_view remote);

  // What was agreed; nullopt before the first agreement and where it has no stream (no m=, all refused).
  const std::optional<rtp::Stream>& stream() const { return stream_; }
  const std::string& body() const { return body_; }  // the last offer or answer made
  Error error() const { return error_; }
  std::uint64_t version() const { return version_; }

 private:
  // One m= of the session, by its position: what is written where it is refused.
  struct Slot {
    std::string media, proto, format;
  };
  struct Offered {
    std::vector<Slot> slots;
    std::size_t audio_slot = 0;
    rtp::Direction direction = rtp::Direction::kSendRecv;
    rtp::FormatList formats;
    std::optional<std::uint8_t> event_type;
  };

  rtp::Direction DirectionToOffer() const;
  std::uint8_t EventTypeToOffer() const;
  void NotePayloadTypes(const Section& media);
  std::optional<std::size_t> FindAudio(const Description& offer) const;
  Outcome Conclude(const Description& remote, std::optional<rtp::Stream> stream);
  const std::string& Publish(std::string_view from_name_on);

  LocalMedia local_;
  std::uint64_t session_id_;
  std::uint64_t version_ = 0;
  std::string origin_before_version_, origin_after_version_;
  std::string body_, from_name_on_;
  std::vector<Slot> slots_;
  std::optional<std::size_t> audio_slot_;
  std::optional<Offered> offered_;
  std::optional<rtp::Stream> stream_;
  std::string remote_origin_;
  bool remote_receives_ = true;
  // RFC 3264 8.3.2: a dynamic number keeps its meaning for the life of the session.
  std::bitset<128> taken_;
  std::optional<std::uint8_t> event_type_;
  Error error_;
};

// Where a description of ours receives the audio that it accepts or offers; nullopt: nowhere.
std::optional<SocketAddress> ReceivesAt(std::string_view local);

// RFC 3264 9: for a 200 to OPTIONS; all ports are zero. `session_id` is one that no call has.
std::string Capabilities(const LocalMedia& local, std::uint64_t session_id);

}  // namespace sansip::sdp

#endif  // SANSIP_RTP_SDP_NEGOTIATION_H_
