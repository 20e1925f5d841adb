#include "sansip/cli/outcome.h"

#include "fmt/core.h"
#include "sansip/core/message/status_code.h"

namespace sansip::cli {
namespace {

std::string RefusedHint(int status, std::uint32_t retry_after) {
  const std::string later =
      retry_after == 0 ? "try again later" : fmt::format("it asks to be tried again in {} s", retry_after);
  if (status < 400)
    return "it has moved: call the new address; --no-redirect, a loop or five moves ended the following";
  switch (status) {
    case 401:
    case 407:
      return "it wants a password, or another one: --user, --password-file";
    case 403:
    case 404:
    case 604:
      return "check the user part of the URI";
    case 415:
    case 488:
    case 606:
      return "it cannot do the audio that was offered: PCMU or PCMA at 8000 Hz over RTP/AVP";
    case 420:
      return "it does not know an extension that the call insists on: see --100rel and --replaces";
    case 421:
      return "it insists on an extension: see --100rel; others are not built yet";
    case 422:
      return "its shortest session interval is longer: raise --session-expires";
    case 480:
    case 486:
    case 487:
    case 600:
    case 603:
      return later;
    case 500:
    case 503:
      return "it has trouble of its own: " + later;
    default:
      return "run again with -v to see the response";
  }
}

}  // namespace

CauseFacts FactsOf(EndCause cause) {
  switch (cause) {
    case EndCause::kLocalBye:
      return {"local-bye", "us", "we hung up"};
    case EndCause::kRemoteBye:
      return {"remote-bye", "peer", "the peer hung up"};
    case EndCause::kLocalCancel:
      return {"local-cancel", "us", "we cancelled"};
    case EndCause::kRemoteCancel:
      return {"remote-cancel", "peer", "the peer cancelled"};
    case EndCause::kLocalRefusal:
      return {"local-refusal", "us", "we refused"};
    case EndCause::kRefused:
      return {"refused", "peer", "refused"};
    case EndCause::kTimedOut:
      return {"timed-out", "nobody", "no response"};
    case EndCause::kUnreachable:
      return {"unreachable", "nobody", "unreachable"};
    case EndCause::kNoAck:
      return {"no-ack", "nobody", "our answer was never acknowledged"};
    case EndCause::kNoPrack:
      return {"no-prack", "nobody", "our reliable provisional was never acknowledged"};
    case EndCause::kExpired:
      return {"expired", "nobody", "the INVITE expired"};
    case EndCause::kSessionExpired:
      return {"session-expired", "us", "the session was not refreshed"};
    case EndCause::kDialogLost:
      return {"dialog-lost", "peer", "the peer has lost the dialog"};
    case EndCause::kProtocolError:
      return {"protocol-error", "us", "the peer sent what cannot be a dialog"};
    case EndCause::kShutdown:
      return {"shutdown", "us", "we were told to end"};
    case EndCause::kReplaced:
      return {"replaced", "peer", "another call took its place"};
    case EndCause::kLocalLimit:
      return {"local-limit", "us", "a limit of ours"};
  }
  return {"local-limit", "us", "a limit of ours"};
}

ExitCode ExitCodeOf(EndCause cause, int status) {
  switch (cause) {
    case EndCause::kLocalBye:
    case EndCause::kRemoteBye:
    case EndCause::kLocalCancel:
    case EndCause::kRemoteCancel:
    case EndCause::kShutdown:
    case EndCause::kReplaced:
      return ExitCode::kOk;
    case EndCause::kLocalRefusal:
    case EndCause::kRefused:
      return ExitCode::kRefused;
    case EndCause::kTimedOut:
    case EndCause::kNoAck:
    case EndCause::kNoPrack:
    case EndCause::kExpired:
    case EndCause::kSessionExpired:
      return ExitCode::kTimedOut;
    case EndCause::kUnreachable:
      return ExitCode::kUnreachable;
    case EndCause::kDialogLost:
      return status == 0 || status == 408 ? ExitCode::kTimedOut : ExitCode::kRefused;
    case EndCause::kProtocolError:
      return ExitCode::kInvalid;
    case EndCause::kLocalLimit:
      return ExitCode::kLocalResource;
  }
  return ExitCode::kInternal;
}

std::string ReasonOf(const MessageView* message, int status) {
  if (message != nullptr && message->is_response()) return std::string(message->reason_phrase());
  return std::string(ReasonPhrase(status));
}

std::string FailureText(EndCause cause, int status, std::string_view reason, std::string_view peer,
                        std::string_view detail, std::uint32_t retry_after) {
  const std::string said = detail.empty() ? "" : fmt::format(" ({})", detail);
  switch (cause) {
    case EndCause::kRefused:
    case EndCause::kLocalRefusal:
      return fmt::format("{}: refused with {} {}: {}", peer, status, reason,
                         RefusedHint(status, retry_after));
    case EndCause::kTimedOut:
      if (status != 0) return fmt::format("{}: {} {}: nobody answered in time", peer, status, reason);
      return fmt::format(
          "{}: no response in time: is it running, are address, port and transport right, does a "
          "firewall drop the packets?",
          peer);
    case EndCause::kUnreachable:
      return fmt::format("{}: unreachable{}: check address, port and transport", peer, said);
    case EndCause::kNoAck:
      return fmt::format(
          "{}: no ACK came for our 200: can the peer reach the address in our Contact? Name one "
          "with --bind",
          peer);
    case EndCause::kExpired:
      return fmt::format("{}: the INVITE's Expires passed before the answer", peer);
    case EndCause::kSessionExpired:
      return fmt::format("{}: the session timer expired without a refresh: the peer or the path is gone",
                         peer);
    case EndCause::kDialogLost:
      return fmt::format("{}: the peer knows the call no more{}", peer,
                         status == 0 ? "" : fmt::format(" ({} {})", status, reason));
    case EndCause::kProtocolError:
      return fmt::format("{}: its response cannot be made a dialog of: run again with -v to see it", peer);
    case EndCause::kLocalLimit:
      return fmt::format("{}: a limit of ours was reached: fewer calls at once may help", peer);
    default:
      return fmt::format("{}: {}", peer, FactsOf(cause).text);
  }
}

}  // namespace sansip::cli
