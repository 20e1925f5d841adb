#include "sansip/core/stun/message.h"

#include <algorithm>
#include <utility>

#include "sansip/core/base/big_endian.h"

namespace sansip::stun {
namespace {

constexpr std::uint32_t kMagicCookie = 0x2112A442;  // 6
constexpr std::uint16_t kBinding = 0x0001;          // 18.1
constexpr std::uint32_t kFingerprintXor = 0x5354554E;
constexpr std::size_t kFingerprintBytes = 8;  // the attribute

// 18.2
enum Attribute : std::uint16_t {
  kMappedAddress = 0x0001,
  kUsername = 0x0006,
  kMessageIntegrity = 0x0008,
  kErrorCode = 0x0009,
  kUnknownAttributes = 0x000A,
  kRealm = 0x0014,
  kNonce = 0x0015,
  kXorMappedAddress = 0x0020,
  kFingerprint = 0x8028,
};
constexpr std::uint16_t kOptional = 0x8000;  // and above: may be ignored (15)

constexpr std::size_t Padded(std::size_t size) { return (size + 3) / 4 * 4; }

// 6, figure 3: the class has bits 4 and 8 of the type, the method the others.
constexpr std::uint16_t TypeOf(MessageClass message_class) {
  const unsigned bits = static_cast<unsigned>(message_class);
  return static_cast<std::uint16_t>(kBinding | (bits & 1) << 4 | (bits & 2) << 7);
}

// 15.5: of ITU V.42, a nibble at a time: keep-alives are a few dozen bytes every half minute.
std::uint32_t Crc32(std::string_view bytes) {
  constexpr std::uint32_t kPolynomial = 0xEDB88320;  // x^32+x^26+..., reflected
  constexpr auto kTable = [] {
    std::array<std::uint32_t, 16> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
      table[i] = i;
      for (int bit = 0; bit < 4; ++bit) table[i] = table[i] >> 1 ^ ((table[i] & 1) != 0 ? kPolynomial : 0);
    }
    return table;
  }();
  std::uint32_t crc = ~std::uint32_t{0};
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    crc = crc >> 4 ^ kTable[crc & 15];
    crc = crc >> 4 ^ kTable[crc & 15];
  }
  return ~crc;
}

// 15.2: the cookie and the transaction id, in the order of the wire.
std::array<std::uint8_t, 16> MaskOf(const TransactionId& id) {
  std::array<std::uint8_t, 16> mask{};
  for (std::size_t i = 0; i < 4; ++i) mask[i] = static_cast<std::uint8_t>(kMagicCookie >> 8 * (3 - i));
  std::transform(id.begin(), id.end(), mask.begin() + 4, [](char c) { return static_cast<std::uint8_t>(c); });
  return mask;
}

// 15.1, 15.2
std::optional<SocketAddress> ReadAddress(std::string_view value, const TransactionId& id, bool is_xored) {
  if (value.size() != 8 && value.size() != 20) return std::nullopt;
  SocketAddress address;
  address.family = value.size() == 8 ? SocketAddress::Family::kIpv4 : SocketAddress::Family::kIpv6;
  if (Load8(value, 1) != (value.size() == 8 ? 1 : 2)) return std::nullopt;
  address.port = Load16(value, 2);
  std::transform(value.begin() + 4, value.end(), address.ip.begin(),
                 [](char c) { return static_cast<std::uint8_t>(c); });
  if (!is_xored) return address;
  address.port = static_cast<std::uint16_t>(address.port ^ kMagicCookie >> 16);
  const std::array<std::uint8_t, 16> mask = MaskOf(id);
  for (std::size_t i = 0; i < value.size() - 4; ++i) address.ip[i] ^= mask[i];
  return address;
}

// 15.6
void ReadError(std::string_view value, Message& message) {
  if (value.size() < 4) return;
  const int hundreds = Load8(value, 2) & 7, rest = Load8(value, 3);
  if (hundreds < 3 || hundreds > 6 || rest > 99) return;
  message.error = hundreds * 100 + rest;
  message.reason = value.substr(4);
}

void NoteUnknown(std::uint16_t type, UnknownAttributes& unknown) {
  const auto end = unknown.types.begin() + static_cast<std::ptrdiff_t>(unknown.count);
  if (std::find(unknown.types.begin(), end, type) != end) return;
  if (unknown.count == kUnknownMax) {
    unknown.has_more = true;
  } else {
    unknown.types[unknown.count++] = type;
  }
}

// 15: of each only the first.
struct Seen {
  bool has_mapped = false, has_xor_mapped = false, has_error = false, has_refused = false;
};

void Take(std::uint16_t type, std::string_view value, Seen& seen, Message& message) {
  const auto first = [](bool& is_seen) { return !std::exchange(is_seen, true); };
  switch (type) {
    case kXorMappedAddress:
      if (first(seen.has_xor_mapped)) message.mapped = ReadAddress(value, message.id, true);
      break;
    case kMappedAddress:
      if (first(seen.has_mapped) && !seen.has_xor_mapped)
        message.mapped = ReadAddress(value, message.id, false);
      break;
    case kErrorCode:
      if (first(seen.has_error)) ReadError(value, message);
      break;
    case kUnknownAttributes:
      if (first(seen.has_refused)) message.refused_types = value.substr(0, value.size() / 2 * 2);
      break;
    case kUsername:
    case kMessageIntegrity:
    case kRealm:
    case kNonce:
      break;  // 7.3: known, and not expected
    default:
      if (type < kOptional) NoteUnknown(type, message.unknown);
  }
}

}  // namespace

std::optional<Message> Read(std::string_view datagram) {
  if (datagram.size() < kHeaderBytes || datagram.size() % 4 != 0) return std::nullopt;
  if (Load16(datagram, 2) != datagram.size() - kHeaderBytes || Load32(datagram, 4) != kMagicCookie)
    return std::nullopt;
  Message message;
  const std::uint16_t type = Load16(datagram, 0);
  const unsigned bits = (type >> 4 & 1u) | (type >> 7 & 2u);
  message.message_class = static_cast<MessageClass>(bits);
  if (type != TypeOf(message.message_class)) return std::nullopt;
  std::copy_n(datagram.begin() + 8, message.id.size(), message.id.begin());
  Seen seen;
  for (std::size_t at = kHeaderBytes; at < datagram.size();) {
    // There are four more octets, for all is a multiple of that.
    const std::uint16_t attribute = Load16(datagram, at);
    const std::size_t size = Load16(datagram, at + 2);
    if (Padded(size) > datagram.size() - at - 4) return std::nullopt;
    const std::string_view value = datagram.substr(at + 4, size);
    if (attribute == kFingerprint) {
      const bool is_last = size == 4 && at + kFingerprintBytes == datagram.size();
      if (!is_last || Load32(value, 0) != (Crc32(datagram.substr(0, at)) ^ kFingerprintXor))
        return std::nullopt;
      message.has_fingerprint = true;
    } else {
      Take(attribute, value, seen, message);
    }
    at += 4 + Padded(size);
  }
  return message;
}

Writer::Writer(std::span<char> storage, MessageClass message_class, const TransactionId& id)
    : storage_(storage), id_(id) {
  fits_ = storage.size() >= kHeaderBytes;
  if (!fits_) return;
  Store16(storage_, 0, TypeOf(message_class));
  Store16(storage_, 2, 0);
  Store32(storage_, 4, kMagicCookie);
  std::copy(id.begin(), id.end(), storage_.begin() + 8);
  size_ = kHeaderBytes;
}

std::optional<std::size_t> Writer::Begin(std::uint16_t type, std::size_t size) {
  fits_ = fits_ && size <= 0xFFFF && 4 + Padded(size) <= storage_.size() - size_ &&
          size_ + 4 + Padded(size) <= 0xFFFF;
  if (!fits_) return std::nullopt;
  Store16(storage_, size_, type);
  Store16(storage_, size_ + 2, static_cast<unsigned>(size));
  const std::size_t value = size_ + 4;
  size_ = value + Padded(size);
  std::fill(storage_.begin() + static_cast<std::ptrdiff_t>(value + size),
            storage_.begin() + static_cast<std::ptrdiff_t>(size_), '\0');
  Store16(storage_, 2, static_cast<unsigned>(size_ - kHeaderBytes));
  return value;
}

void Writer::Add(std::uint16_t type, std::string_view value) {
  const std::optional<std::size_t> at = Begin(type, value.size());
  if (at) std::copy(value.begin(), value.end(), storage_.begin() + static_cast<std::ptrdiff_t>(*at));
}

void Writer::AddAddress(std::uint16_t type, const SocketAddress& address, bool is_xored) {
  const bool is_ipv4 = address.family == SocketAddress::Family::kIpv4;
  const std::size_t ip_bytes = is_ipv4 ? 4 : 16;
  const std::optional<std::size_t> at = Begin(type, 4 + ip_bytes);
  if (!at) return;
  const std::array<std::uint8_t, 16> mask = is_xored ? MaskOf(id_) : std::array<std::uint8_t, 16>{};
  Store16(storage_, *at, is_ipv4 ? 1 : 2);
  Store16(storage_, *at + 2, address.port ^ (mask[0] << 8 | mask[1]));
  for (std::size_t i = 0; i < ip_bytes; ++i)
    Store8(storage_, *at + 4 + i, static_cast<unsigned>(address.ip[i] ^ mask[i]));
}

void Writer::AddMapped(const SocketAddress& address) { AddAddress(kMappedAddress, address, false); }
void Writer::AddXorMapped(const SocketAddress& address) { AddAddress(kXorMappedAddress, address, true); }

void Writer::AddError(int code, std::string_view reason) {
  const std::optional<std::size_t> at = Begin(kErrorCode, 4 + reason.size());
  if (!at) return;
  Store32(storage_, *at, static_cast<std::uint32_t>(code / 100 << 8 | code % 100));
  std::copy(reason.begin(), reason.end(), storage_.begin() + static_cast<std::ptrdiff_t>(*at + 4));
}

void Writer::AddUnknown(const UnknownAttributes& unknown) {
  const std::optional<std::size_t> at = Begin(kUnknownAttributes, 2 * unknown.count);
  if (!at) return;
  for (std::size_t i = 0; i < unknown.count; ++i) Store16(storage_, *at + 2 * i, unknown.types[i]);
}

void Writer::AddFingerprint() {
  const std::size_t covered = size_;
  const std::optional<std::size_t> at = Begin(kFingerprint, 4);
  // The length in the header counts this attribute already.
  if (at) Store32(storage_, *at, Crc32({storage_.data(), covered}) ^ kFingerprintXor);
}

std::string_view WriteBindingRequest(const TransactionId& id, std::span<char> storage) {
  return Writer(storage, MessageClass::kRequest, id).wire();
}

std::string_view WriteAnswer(const Message& message, const SocketAddress& source, std::span<char> storage) {
  if (message.message_class != MessageClass::kRequest) return {};
  const bool is_understood = message.unknown.count == 0;
  Writer writer(storage, is_understood ? MessageClass::kSuccess : MessageClass::kError, message.id);
  if (is_understood) {
    writer.AddXorMapped(source);
  } else {
    writer.AddError(420, "Unknown Attribute");
    writer.AddUnknown(message.unknown);
  }
  if (message.has_fingerprint) writer.AddFingerprint();
  return writer.wire();
}

}  // namespace sansip::stun
