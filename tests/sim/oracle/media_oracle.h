// What media must never show (tests/sim/media.h):
//
//  - RFC 3264 5, 8: RTP goes where the peer's description says, once there is an answer, while both
//  descriptions
//    allow it, and to nobody after the call. The descriptions are read from the SIP messages of the trace.
//  - What was sent and not lost arrives, as it was sent. RFC 3550 5.1: sequence numbers rise by one.
//  - RFC 3550 A.1, A.3, 6.4.1: each report's highest sequence number, loss and fraction lost, and the figures
//  in
//    the end, are what arrived until then.
//  - RFC 3550 6.6: who sent anything says BYE when the call ends, and then.
//  - What is heard is what arrived, at its place: in the order sent, nothing twice, and nothing left out that
//  was
//    there in time.
#ifndef SANSIP_TESTS_SIM_ORACLE_MEDIA_ORACLE_H_
#define SANSIP_TESTS_SIM_ORACLE_MEDIA_ORACLE_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "sansip/tests/sim/oracle/oracle.h"
#include "sansip/tests/sim/oracle/seen_message.h"

namespace sansip::sim {

class Oracles::Media {
 public:
  explicit Media(Findings& findings) : findings_(findings) {}
  void OnMessage(const SeenMessage& seen);
  void OnRecord(const Record& record);  // of media, or an event
  void Finish();

 private:
  using Key = std::pair<std::uint32_t, std::uint64_t>;  // node, and a port, a call or a Call-ID

  // One audio stream of a session description.
  struct Described {
    std::uint16_t port = 0;
    bool sends = false, receives = false;
  };
  // Offer and answer as one side of a call has seen them.
  struct Exchange {
    struct Offer {
      Described description;
      std::uint32_t cseq = 0;
    };
    // Of requests by us, by the peer.
    std::array<std::uint32_t, 2> request_cseq = {0, 0};
    std::array<std::uint32_t, 2> answered_cseq = {0, 0};
    std::array<std::optional<Offer>, 2> in_request, in_response;  // open; in, or to, a request of whom
    std::optional<Described> local, remote;                       // in force
  };
  // What a receiver must have counted of one source.
  struct Source {
    std::uint32_t last = 0;
    bool has_any = false, is_valid = false, said_bye = false, was_heard = false;
    std::int64_t base = 0, highest = 0, received = 0;  // extended sequence numbers
    std::int64_t expected_before = 0, received_before = 0;
    std::set<std::int64_t> seen;  // since it is valid
    std::int64_t expected() const { return is_valid ? highest - base + 1 : 0; }
  };
  // What it must have heard: RTP timestamps, from that of the first packet.
  struct Hearing {
    bool is_begun = false;
    std::uint32_t zero = 0;
    std::int64_t next = 0;                      // to be heard
    std::uint32_t late = 0;                     // packets in a row
    std::map<std::int64_t, std::int64_t> here;  // begin and end of packets
  };
  // A port: what its owner sends and gets.
  struct Line {
    bool is_started = false, receives = false, sent_anything = false;
    std::optional<std::uint16_t> sequence;  // of the last packet
    std::uint64_t sent = 0, received = 0;
    std::int64_t lost = 0;  // of sources that are gone
    Instant bye_at = kNever;
    std::map<std::uint32_t, Source> sources;
    Hearing hearing;
  };

  // False: it was taken before, or is nothing new.
  static bool TakeDescription(Exchange& exchange, const SeenMessage& seen, const Described& described,
                              bool by_us);
  static void Settle(Exchange& exchange, bool offer_was_ours, const Described& offer,
                     const Described& answer);
  void OnSent(const Record& record);
  void OnRtpSent(Line& line, const Record& record);
  void OnRtcpSent(Line& line, const Record& record);
  void CheckBlock(Line& line, const Record& record, std::uint32_t ssrc, std::uint32_t highest,
                  std::int64_t lost, std::uint32_t fraction);
  void CheckMaySend(const Record& record);
  void OnArrived(const Record& record);
  void Count(Line& line, const Record& record);
  void Hear(Hearing& hearing, std::uint32_t timestamp, std::size_t size);
  void OnPlayed(const Record& record);
  void OnMedia(const Record& record);
  void Add(const char* oracle, const Record& record, std::string text);

  Findings& findings_;
  std::map<Key, Exchange> exchanges_;     // by node and Call-ID
  std::map<Key, std::uint64_t> call_of_;  // the Call-ID that named a node's port last
  std::map<Key, Line> lines_;             // by node and port
  std::map<Key, Instant> ended_;          // calls, until their media stopped
  struct Sent {
    Instant at;
    std::uint32_t node = 0;
    std::uint64_t wire = 0;
  };
  std::unordered_map<std::uint64_t, Sent> under_way_;  // by datagram
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_ORACLE_MEDIA_ORACLE_H_
