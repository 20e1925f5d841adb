// Leniency as data: one bool per deviation that is tolerated on reading. Strict() takes none; the default
// takes what real peers do. What is sent is always strict. A message's index says which it needed, so that
// each can be counted.
#ifndef SANSIP_CORE_MESSAGE_PARSE_POLICY_H_
#define SANSIP_CORE_MESSAGE_PARSE_POLICY_H_

#include <cstddef>
#include <cstdint>

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
  // RFC 3261 7: a datagram that ends behind its last header line, without the blank line (RFC 4475 3.1.2.15).
  bool accept_missing_blank_line = true;
  // RFC 3261 25.1 Status-Line: "SIP/2.0 200" without the space before an empty Reason-Phrase (RFC
  // 4475 3.1.1.13).
  bool accept_missing_reason_space = true;
  // RFC 3261 19.1.1 Table 1: a Request-URI with "?headers", which are then ignored (RFC 4475 3.1.2.11).
  bool accept_request_uri_headers = true;
  // RFC 3261 7.3.1: Subject, User-Agent, Date and the like a second time; the first is the one that counts.
  bool accept_repeated_informative_fields = true;
  // RFC 3261 25.1 hostname: an underscore in the host of the Request-URI, the top Via, From or To, as those
  // who name hosts (containers above all) like it.
  bool accept_underscore_in_host = true;

  static constexpr ParsePolicy Strict() {
    return {.accept_bare_lf = false,
            .skip_leading_crlf = true,
            .accept_missing_max_forwards = false,
            .accept_missing_stream_content_length = false,
            .accept_missing_blank_line = false,
            .accept_missing_reason_space = false,
            .accept_request_uri_headers = false,
            .accept_repeated_informative_fields = false,
            .accept_underscore_in_host = false};
  }
};

// A bit of MessageIndex::tolerances per deviation that a message had.
enum class Tolerance : std::uint32_t {
  kBareLf = 1u << 0,
  kLeadingCrlf = 1u << 1,
  kMissingMaxForwards = 1u << 2,
  kMissingStreamContentLength = 1u << 3,
  kMissingReasonSpace = 1u << 4,
  kRequestUriHeaders = 1u << 5,
  kRepeatedInformativeField = 1u << 6,
  kMissingBlankLine = 1u << 7,
  kUnderscoreInHost = 1u << 8,
};
inline constexpr std::size_t kToleranceCount = 9;

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_PARSE_POLICY_H_
