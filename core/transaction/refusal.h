// The ways in which the transaction layer says no: to its user, and to requests that come.
#ifndef SANSIP_CORE_TRANSACTION_REFUSAL_H_
#define SANSIP_CORE_TRANSACTION_REFUSAL_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sansip {

// Of SendRequest.
enum class StartError : std::uint8_t {
  kNone,
  kTooManyTransactions,
  kNoBufferSpace,
  kMessageTooLong,
  kBadDraft,
  kTooLongForPath,  // RFC 3261 18.1.1: Path::request_bytes_max; find another Path
};
inline constexpr std::size_t kStartErrorCount = 6;

// Of SendResponse.
enum class RespondError : std::uint8_t {
  kNone,
  kStale,       // the transaction is gone
  kWrongState,  // it is a client's, has its final response, or is abandoned
  kNoBufferSpace,
  kMessageTooLong,
  kBadDraft,
  kNotAllowed,  // RFC 4320 4: to a non-INVITE a 101-199 or a 408, or a 100 too early
};
inline constexpr std::size_t kRespondErrorCount = 7;

// Of a request that would make a transaction: answered 503 without one, or dropped (RFC 3261 8.2.7, 21.5.4).
enum class Refusal : std::uint8_t {
  kTransactionsMax,  // TransactionOptions::transactions_max
  kSourceMax,        // ... server_transactions_per_source_max
  kLookAlikes,       // as many live that differ in nothing that is hashed
  kNoBufferSpace,    // ... buffered_bytes_max
};
inline constexpr std::size_t kRefusalCount = 4;

// "too many transactions", ...; of kNone "".
std::string_view StartErrorName(StartError error);
std::string_view RespondErrorName(RespondError error);
std::string_view RefusalName(Refusal refusal);

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_REFUSAL_H_
