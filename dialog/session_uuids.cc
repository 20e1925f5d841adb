#include "sansip/dialog/session_uuids.h"

#include <cstddef>

#include "sansip/core/message/fields/session_id.h"
#include "sansip/core/text/ascii.h"

namespace sansip {
namespace {

constexpr std::size_t kDigitsOfHalf = 16;

// Of hexadecimal digits, which the field's parser has seen to be some.
std::uint64_t HalfOf(std::string_view digits) {
  std::uint64_t half = 0;
  for (const char digit : digits) half = half << 4 | static_cast<std::uint64_t>(HexDigitValue(digit));
  return half;
}

void WriteHalf(std::uint64_t half, char* digits) {
  for (std::size_t i = kDigitsOfHalf; i-- > 0; half >>= 4) digits[i] = "0123456789abcdef"[half & 15];
}

}  // namespace

void SessionUuids::Accept(Uuid peer) {
  if (peer.is_nil() || peer == local || peer == remote) return;
  remote = peer;
  ++changes;
}

Uuid NewUuid(RandomSource& random) {
  constexpr std::uint64_t kVersion = 0xF000, kVersion4 = 0x4000;
  constexpr std::uint64_t kVariant = std::uint64_t{3} << 62, kVariantOfRfc4122 = std::uint64_t{2} << 62;
  const std::uint64_t high = random.Next();
  return {(high & ~kVersion) | kVersion4, (random.Next() & ~kVariant) | kVariantOfRfc4122};
}

std::array<char, 32> UuidText(Uuid uuid) {
  std::array<char, 2 * kDigitsOfHalf> digits;
  WriteHalf(uuid.high, digits.data());
  WriteHalf(uuid.low, &digits[kDigitsOfHalf]);
  return digits;
}

std::optional<ToldUuids> ToldIn(const MessageView& message) {
  const std::optional<std::string_view> value = message.First(HeaderId::kSessionId);
  SessionId field;
  if (!value || !ParseSessionId(*value, field).ok()) return std::nullopt;
  return ToldUuids{{HalfOf(field.local.substr(0, kDigitsOfHalf)), HalfOf(field.local.substr(kDigitsOfHalf))},
                   !field.remote.empty()};
}

}  // namespace sansip
