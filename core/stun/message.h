// STUN messages of the Binding method, as SIP's keep-alives over UDP need them (RFC 5389; RFC 5626 4.4.2, 8):
// read where they lie, written into storage of the caller's. No credentials: MESSAGE-INTEGRITY and what
// belongs to it is known and passed over, as the usage wants none.
#ifndef SANSIP_CORE_STUN_MESSAGE_H_
#define SANSIP_CORE_STUN_MESSAGE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sansip/core/base/address.h"

namespace sansip::stun {

inline constexpr std::size_t kHeaderBytes = 20;  // RFC 5389 6
inline constexpr std::size_t kUnknownMax = 8;    // attributes named in a 420; no request has more by chance
inline constexpr std::size_t kAnswerBytesMax = 80;  // of WriteAnswer: a 420 with all of them and FINGERPRINT

enum class MessageClass : std::uint8_t { kRequest, kIndication, kSuccess, kError };

// RFC 5389 6: 96 bits, unpredictable in requests.
using TransactionId = std::array<char, 12>;

// What datagrams on a SIP port begin with that are no SIP (RFC 5626 8, RFC 7983 7: 0 to 3).
constexpr bool IsStun(std::string_view datagram) {
  return !datagram.empty() && static_cast<unsigned char>(datagram[0]) < 4;
}

// Types of attributes that there is no understanding, of those that require it (15: below 0x8000), in their
// order.
struct UnknownAttributes {
  std::array<std::uint16_t, kUnknownMax> types{};
  std::size_t count = 0;  // in `types`
  bool has_more = false;
};

// Views borrow from the datagram. Of attributes that occur twice the first counts (15).
struct Message {
  MessageClass message_class = MessageClass::kRequest;
  TransactionId id{};
  // XOR-MAPPED-ADDRESS, else MAPPED-ADDRESS; nullopt: neither, or of no family that is known (7.3.3).
  std::optional<SocketAddress> mapped = {};
  int error = 0;                 // ERROR-CODE, 300 to 699; 0: none, or not whole
  std::string_view reason = {};  // of it, UTF-8 for people: not checked
  // UNKNOWN-ATTRIBUTES: types of 16 bits, most significant octet first.
  std::string_view refused_types = {};
  UnknownAttributes unknown = {};
  bool has_fingerprint = false;  // and it is right
};

// nullopt: no STUN message of the Binding method, or cut off, or its FINGERPRINT is wrong or not the last
// (RFC 5389 7.3: such are discarded).
std::optional<Message> Read(std::string_view datagram);

// What is written into the caller's storage. A Writer that lacks room says so at the end.
class Writer {
 public:
  Writer(std::span<char> storage, MessageClass message_class, const TransactionId& id);

  void AddMapped(const SocketAddress& address);          // MAPPED-ADDRESS (15.1)
  void AddXorMapped(const SocketAddress& address);       // 15.2
  void AddError(int code, std::string_view reason);      // 15.6; `code`: 300 to 699
  void AddUnknown(const UnknownAttributes& unknown);     // UNKNOWN-ATTRIBUTES (15.9)
  void Add(std::uint16_t type, std::string_view value);  // any other
  void AddFingerprint();                                 // 15.5; the last

  // The datagram, within the storage; empty: it had no room.
  std::string_view wire() const { return {storage_.data(), fits_ ? size_ : 0}; }

 private:
  // Where the value of a new attribute begins; nullopt: no room.
  std::optional<std::size_t> Begin(std::uint16_t type, std::size_t size);
  void AddAddress(std::uint16_t type, const SocketAddress& address, bool is_xored);

  std::span<char> storage_;
  TransactionId id_;
  std::size_t size_ = 0;
  bool fits_ = true;
};

// RFC 5626 8: a Binding Request needs no attributes.
std::string_view WriteBindingRequest(const TransactionId& id, std::span<char> storage);
// RFC 5389 7.3.1: what a server says to this request that came from `source`: its address, or 420. `storage`:
// kAnswerBytesMax. Empty: `message` is no request.
std::string_view WriteAnswer(const Message& message, const SocketAddress& source, std::span<char> storage);

}  // namespace sansip::stun

#endif  // SANSIP_CORE_STUN_MESSAGE_H_
