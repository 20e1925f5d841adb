// Leniency as data: one bool per deviation that is tolerated on reading. Strict() takes none; the default
// takes what real peers do. What is sent is always strict.
#ifndef SANSIP_CORE_MESSAGE_PARSE_POLICY_H_
#define SANSIP_CORE_MESSAGE_PARSE_POLICY_H_

namespace sansip {

struct ParsePolicy {
  // RFC 3261 7: lines end with CRLF; a lone LF is taken for it.
  bool accept_bare_lf = false;
  // RFC 3261 7.5: CRLFs before the start-line are skipped (a SHOULD for receivers).
  bool skip_leading_crlf = true;
  // RFC 3261 8.1.1.6: a request without Max-Forwards (RFC 2543 peers) is taken as 70.
  bool accept_missing_max_forwards = true;
  // RFC 3261 20.14: a stream message without Content-Length has no body.
  bool accept_missing_stream_content_length = false;

  static constexpr ParsePolicy Strict() {
    return {.accept_bare_lf = false,
            .skip_leading_crlf = true,
            .accept_missing_max_forwards = false,
            .accept_missing_stream_content_length = false};
  }
};

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_PARSE_POLICY_H_
