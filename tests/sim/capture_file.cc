#include "sansip/tests/sim/capture_file.h"

#include <algorithm>

namespace sansip::sim {
namespace {

constexpr std::uint32_t kMicroseconds = 0xA1B2C3D4;
constexpr std::uint32_t kNanoseconds = 0xA1B23C4D;
constexpr std::uint32_t kSectionHeader = 0x0A0D0D0A;
constexpr std::uint32_t kByteOrder = 0x1A2B3C4D;
constexpr std::size_t kInterfacesMax = 1024;

bool IsPcapMagic(std::uint32_t magic) { return magic == kMicroseconds || magic == kNanoseconds; }

std::uint32_t MagicOf(std::string_view bytes, bool is_little) { return Octets(bytes, is_little).Number(4); }

// Of ticks since 1970; a tick is at least a nanosecond.
Instant TimeOf(std::uint64_t ticks, std::uint64_t ticks_per_second) {
  const std::uint64_t seconds = std::min<std::uint64_t>(ticks / ticks_per_second, 0xFFFFFFFF);
  const std::uint64_t nanoseconds = ticks % ticks_per_second * 1'000'000'000 / ticks_per_second;
  return Instant(Duration(static_cast<std::int64_t>(seconds * 1'000'000'000 + nanoseconds)));
}

}  // namespace

std::uint32_t Octets::Number(std::size_t size) {
  const std::string_view digits = Take(size);
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    number = number << 8 | static_cast<unsigned char>(digits[is_little_ ? digits.size() - 1 - i : i]);
  }
  return number;
}

std::string_view Octets::Take(std::size_t size) {
  if (!ok_ || size > bytes_.size()) {
    ok_ = false;
    return {};
  }
  const std::string_view taken = bytes_.substr(0, size);
  bytes_.remove_prefix(size);
  return taken;
}

bool CaptureFile::IsOne(std::string_view bytes) {
  return bytes.size() >= 24 && (IsPcapMagic(MagicOf(bytes, true)) || IsPcapMagic(MagicOf(bytes, false)) ||
                                MagicOf(bytes, false) == kSectionHeader);
}

CaptureFile::CaptureFile(std::string_view bytes) : rest_(bytes) {
  is_pcapng_ = MagicOf(bytes, false) == kSectionHeader;
  if (is_pcapng_) return;
  is_little_ = IsPcapMagic(MagicOf(bytes, true));
  rest_ = Octets(bytes, is_little_);
  const bool is_fine = rest_.Number(4) == kNanoseconds;
  rest_.Skip(16);
  // The upper bits say what the link layer appends: not our matter.
  interfaces_.push_back({rest_.Number(4) & 0xFFFF, is_fine ? 1'000'000'000u : 1'000'000u});
}

bool CaptureFile::Next(Packet& packet) { return is_pcapng_ ? NextOfPcapng(packet) : NextOfPcap(packet); }

bool CaptureFile::NextOfPcap(Packet& packet) {
  if (rest_.Rest().empty()) return false;
  const std::uint64_t seconds = rest_.Number(4);
  const std::uint64_t fraction = rest_.Number(4);
  const std::uint32_t size = rest_.Number(4);
  const std::uint32_t wire_size = rest_.Number(4);
  packet.bytes = rest_.Take(size);
  is_broken_off_ = !rest_.ok();
  if (is_broken_off_) return false;
  const std::uint64_t per_second = interfaces_[0].ticks_per_second;
  packet.at = TimeOf(seconds * per_second + std::min(fraction, per_second - 1), per_second);
  packet.link_type = interfaces_[0].link_type;
  packet.is_cut_off = size < wire_size;
  return true;
}

bool CaptureFile::NextOfPcapng(Packet& packet) {
  while (!rest_.Rest().empty()) {
    // The section says its byte order itself, in what comes after its length.
    const bool is_section = MagicOf(rest_.Rest(), false) == kSectionHeader;
    if (is_section) {
      Octets ahead(rest_.Rest(), true);
      ahead.Skip(8);
      is_little_ = ahead.Number(4) == kByteOrder;
      interfaces_.clear();
    }
    Octets block(rest_.Rest(), is_little_);
    const std::uint32_t type = block.Number(4);
    const std::uint32_t length = block.Number(4);
    if (length < 12 || length % 4 != 0) rest_.Skip(rest_.Rest().size() + 1);  // it cannot be read on
    const std::string_view whole = rest_.Take(length);
    is_broken_off_ = !rest_.ok();
    if (is_broken_off_) return false;
    const std::string_view body = whole.substr(8, length - 12);
    if (type == 1 && !is_section) ReadInterface(body);
    if ((type == 3 || type == 6) && ReadPacketBlock(type, body, packet)) return true;
  }
  return false;
}

void CaptureFile::ReadInterface(std::string_view body) {
  Octets octets(body, is_little_);
  Interface interface { octets.Number(2), 1'000'000 };
  octets.Skip(6);
  while (octets.ok() && !octets.Rest().empty()) {
    const std::uint32_t code = octets.Number(2);
    const std::uint32_t size = octets.Number(2);
    const std::string_view value = octets.Take(size);
    octets.Skip((4 - size % 4) % 4);
    // if_tsresol: a tick is 10^-n seconds. Powers of two and finer ones are not met in practice.
    if (code == 9 && value.size() == 1 && value[0] >= 0 && value[0] <= 9) {
      interface.ticks_per_second = 1;
      for (int i = 0; i < value[0]; ++i) interface.ticks_per_second *= 10;
    }
  }
  if (interfaces_.size() < kInterfacesMax) interfaces_.push_back(interface);
}

bool CaptureFile::ReadPacketBlock(std::uint32_t type, std::string_view body, Packet& packet) {
  Octets octets(body, is_little_);
  const std::uint32_t interface = type == 6 ? octets.Number(4) : 0;
  if (interface >= interfaces_.size()) return false;
  packet.at = Instant{};
  std::uint32_t size = 0;
  if (type == 6) {
    const std::uint64_t high = octets.Number(4);
    packet.at = TimeOf(high << 32 | octets.Number(4), interfaces_[interface].ticks_per_second);
    size = octets.Number(4);
  }
  const std::uint32_t wire_size = octets.Number(4);
  if (type == 3) size = static_cast<std::uint32_t>(std::min<std::size_t>(wire_size, octets.Rest().size()));
  packet.bytes = octets.Take(size);
  packet.link_type = interfaces_[interface].link_type;
  packet.is_cut_off = size < wire_size;
  return octets.ok();
}

}  // namespace sansip::sim
