// The audio of one call: offer/answer with all its forks, and the endpoint that plays and records.
#ifndef SANSIP_CLI_CALL_MEDIA_H_
#define SANSIP_CLI_CALL_MEDIA_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sansip/cli/options.h"
#include "sansip/cli/reporter.h"
#include "sansip/core/base/ids.h"
#include "sansip/core/base/random.h"
#include "sansip/rtp/driver/media_endpoint.h"
#include "sansip/rtp/sdp/negotiation.h"
#include "sansip/transport/event_loop.h"

namespace sansip::cli {

class CallMedia {
 public:
  // `local`: the address to receive at. The first call records to the path as it is, the second to
  // "name-2.wav".
  static absl::StatusOr<std::unique_ptr<CallMedia>> Open(EventLoop& loop, RandomSource& random,
                                                         const MediaChoice& choice,
                                                         const SocketAddress& local, std::uint64_t call);

  // Goes on with a session of an earlier process, at the address that `local`, our description, names; where
  // its port is taken, at another (has_moved), which the peer must be offered.
  static absl::StatusOr<std::unique_ptr<CallMedia>> Resume(EventLoop& loop, RandomSource& random,
                                                           const MediaChoice& choice, std::string_view local,
                                                           std::string_view remote, std::uint64_t call);

  // Our offer. Before there is a dialog each fork may answer it.
  const std::string& MakeOffer();
  [[nodiscard]] sdp::Outcome ReadAnswer(DialogId dialog, std::string_view answer);
  void OfferRefused();
  // The peer's offer; on kAgreed and kUnchanged body() answers it.
  [[nodiscard]] sdp::Outcome ReadOffer(std::string_view offer);
  // The answer to an offer that was kUnsupported, where there must be one; empty: it is malformed.
  std::string RefuseAll(std::string_view offer);
  sdp::Error sdp_error() const { return negotiation_.error(); }
  const std::string& body() const { return negotiation_.body(); }
  // Which fork it is from now on; of an incoming call: at once, any.
  void Choose(DialogId dialog);
  // The next offer prefers another codec than the one in use: so that a re-INVITE has something to say.
  void TurnCodecsAround();

  // What the next offer or answer asks for; kSendOnly: hold.
  // RFC 3264 8.3.1: the next offer names other ports; OfferRefused: these stay.
  absl::Status Move();
  void SetDirection(rtp::Direction direction) { negotiation_.local().direction = direction; }

  // Media flows from here on as was agreed.
  void Start();
  bool has_moved() const { return has_moved_; }
  bool has_stream() const { return negotiation_.stream().has_value(); }
  std::string codec() const;       // empty: none agreed
  std::string remote_rtp() const;  // empty: nowhere

  rtp::MediaEndpoint& endpoint() { return *endpoint_; }
  MediaFacts FactsOf(const rtp::MediaStatistics& heard) const;

 private:
  struct Fork {
    DialogId dialog;
    sdp::Negotiation negotiation;
  };

  CallMedia(std::unique_ptr<rtp::MediaEndpoint> endpoint, sdp::Negotiation negotiation,
            std::string record_path);

  std::unique_ptr<rtp::MediaEndpoint> endpoint_;
  sdp::Negotiation negotiation_;  // of the chosen dialog, or of the fork that answered last
  std::string record_path_;
  bool is_chosen_ = false;
  bool is_started_ = false;
  bool has_moved_ = false;
  std::optional<sdp::Negotiation> offered_;  // as it was with the offer open; until a dialog is chosen
  std::vector<Fork> forks_;
};

// "in.wav" for call 1, "in-2.wav" for call 2.
std::string RecordPathOf(const std::string& path, std::uint64_t call);

rtp::MediaOptions MediaOptionsOf(const MediaChoice& choice, const SocketAddress& local);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_CALL_MEDIA_H_
