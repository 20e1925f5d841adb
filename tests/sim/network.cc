#include "sansip/tests/sim/network.h"

#include <algorithm>
#include <utility>

#include "sansip/core/base/check.h"

namespace sansip::sim {

EndpointId Network::AddEndpoint(const SocketAddress& address) {
  SANSIP_CHECK(!Find(address));
  endpoints_.push_back(address);
  return static_cast<EndpointId>(endpoints_.size() - 1);
}

std::optional<EndpointId> Network::Find(const SocketAddress& address) const {
  const auto found = std::find(endpoints_.begin(), endpoints_.end(), address);
  if (found == endpoints_.end()) return std::nullopt;
  return static_cast<EndpointId>(found - endpoints_.begin());
}

void Network::SetFate(Link link, std::uint64_t n, const Fate& fate) { fates_[{link, n}] = fate; }

void Network::DropNext(Link link, std::string prefix, int count) {
  drops_.push_back({link, std::move(prefix), count});
}

void Network::Cut(Link link, bool is_cut) { cuts_[link] = is_cut; }

Fate Network::Decide(Link link, std::uint64_t n, std::string_view bytes) {
  if (!fates_.empty()) {
    if (const auto set = fates_.find({link, n}); set != fates_.end()) return set->second;
  }
  Fate fate = schedule_ ? Scheduled({link, 0, n}) : FateOf(faults_, seed_, link, n);
  if (const auto cut = cuts_.find(link); cut != cuts_.end() && cut->second) fate.lost = true;
  for (Drop& drop : drops_) {
    if (drop.count == 0 || drop.link != link || bytes.substr(0, drop.prefix.size()) != drop.prefix) continue;
    --drop.count;
    fate.lost = true;
    break;
  }
  return fate;
}

void Network::Follow(std::span<const Deviation> deviations) {
  schedule_.emplace(deviations.begin(), deviations.end());
  std::sort(schedule_->begin(), schedule_->end());
}

std::span<const Deviation> Network::ScheduledFor(const Place& place) const {
  const auto place_of = [](const Deviation& deviation) {
    return Place{deviation.link, deviation.stream, deviation.n};
  };
  const auto begin = std::partition_point(schedule_->begin(), schedule_->end(),
                                          [&](const Deviation& one) { return place_of(one) < place; });
  const auto end = std::partition_point(begin, schedule_->end(),
                                        [&](const Deviation& one) { return place_of(one) == place; });
  return {begin, end};
}

Fate Network::Scheduled(const Place& place) const {
  Fate fate{.delay = faults_.delay, .duplicate_delay = faults_.delay};
  for (const Deviation& deviation : ScheduledFor(place)) {
    switch (deviation.kind) {
      case Deviation::Kind::kLose:
        fate.lost = true;
        break;
      case Deviation::Kind::kDelay:
        fate.delay = deviation.delay;
        break;
      case Deviation::Kind::kCopy:
        fate.duplicated = true;
        fate.duplicate_delay = deviation.delay;
        break;
      case Deviation::Kind::kCorrupt:
        fate.corrupted = true;
        fate.corrupt_at = static_cast<std::uint32_t>(deviation.value >> 8);
        fate.corrupt_xor = static_cast<std::uint8_t>(deviation.value);
        break;
      case Deviation::Kind::kReset:
      case Deviation::Kind::kChunk:
        break;  // of streams
    }
  }
  return fate;
}

StreamFate Network::DecideWrite(const Place& place) const {
  if (!schedule_) return StreamFateOf(faults_, seed_ + place.stream, place.link, place.n);
  StreamFate fate{.delay = faults_.delay, .chunk = kWholeWrite};
  for (const Deviation& deviation : ScheduledFor(place)) {
    if (deviation.kind == Deviation::Kind::kReset) fate.reset = true;
    if (deviation.kind == Deviation::Kind::kDelay) fate.delay = deviation.delay;
    if (deviation.kind == Deviation::Kind::kChunk) {
      fate.chunk = std::max<std::size_t>(1, static_cast<std::size_t>(deviation.value));
    }
  }
  return fate;
}

void Network::Note(Instant now, const Place& place, std::string_view bytes, Deviation deviation) {
  deviation.link = place.link;
  deviation.stream = place.stream;
  deviation.n = place.n;
  on_deviation_(deviation, {now, std::string(bytes.substr(0, bytes.find('\r')))});
}

void Network::Note(Instant now, const Place& place, const Fate& fate, std::string_view bytes) {
  if (!on_deviation_) return;
  using Kind = Deviation::Kind;
  if (fate.lost) return Note(now, place, bytes, {.kind = Kind::kLose});
  if (fate.delay != faults_.delay) Note(now, place, bytes, {.kind = Kind::kDelay, .delay = fate.delay});
  if (fate.duplicated) Note(now, place, bytes, {.kind = Kind::kCopy, .delay = fate.duplicate_delay});
  if (fate.corrupted) {
    Note(now, place, bytes,
         {.kind = Kind::kCorrupt, .value = std::uint64_t{fate.corrupt_at} << 8 | fate.corrupt_xor});
  }
}

void Network::Note(Instant now, const Place& place, const StreamFate& fate, std::string_view bytes) {
  if (!on_deviation_) return;
  using Kind = Deviation::Kind;
  if (fate.reset) return Note(now, place, bytes, {.kind = Kind::kReset});
  if (fate.delay != faults_.delay) Note(now, place, bytes, {.kind = Kind::kDelay, .delay = fate.delay});
  if (fate.chunk < bytes.size()) Note(now, place, bytes, {.kind = Kind::kChunk, .value = fate.chunk});
}

Departure Network::SendDatagram(Instant now, EndpointId from, std::optional<EndpointId> to,
                                std::string_view bytes, std::uint64_t hash) {
  Departure departure;
  departure.datagram = figures_.sent++;
  departure.to = to;
  if (!departure.to) {
    ++figures_.unroutable;
    departure.fate.lost = true;
    return departure;
  }
  const Link link{from, *departure.to};
  departure.n = sent_on_[link]++;
  departure.fate = Decide(link, departure.n, bytes);
  Note(now, {link, 0, departure.n}, departure.fate, bytes);
  departure.too_long = bytes.size() > faults_.datagram_bytes_max;
  if (departure.too_long) departure.fate.lost = true;
  const Fate& fate = departure.fate;
  if (fate.lost) {
    ++figures_.lost;
    return departure;
  }
  const Arrival arrival{.from = from, .to = link.to, .datagram = departure.datagram, .hash = hash};
  const auto send = [&](Instant at, bool is_duplicate) {
    Arrival& sent = Enqueue(at, arrival, bytes);
    sent.is_duplicate = is_duplicate;
    if (!fate.corrupted || bytes.empty()) return;
    sent.is_corrupted = true;
    sent.hash = 0;
    char& byte = sent.bytes[fate.corrupt_at % bytes.size()];
    byte = static_cast<char>(static_cast<std::uint8_t>(byte) ^ fate.corrupt_xor);
  };
  figures_.corrupted += fate.corrupted && !bytes.empty();
  figures_.reordered += fate.reordered;
  figures_.duplicated += fate.duplicated;
  if (fate.duplicated) send(now + fate.duplicate_delay, true);
  send(now + fate.delay, false);
  return departure;
}

std::optional<StreamId> Network::OpenStream(Instant now, EndpointId from, const SocketAddress& to) {
  const std::optional<EndpointId> peer = Find(to);
  if (!peer) return std::nullopt;
  const auto id = static_cast<StreamId>(streams_.size());
  const Instant opened = now + faults_.delay;
  streams_.push_back({.ends = {from, *peer}, .writes = {}, .last_arrival = {opened, opened}});
  if (refusing_.count(*peer) > 0) {
    streams_.back().is_dead = true;
    Enqueue(opened + faults_.delay,
            {.kind = Arrival::Kind::kStreamRefused, .from = *peer, .to = from, .stream = id}, {});
    return id;
  }
  Enqueue(opened, {.kind = Arrival::Kind::kStreamOpened, .from = from, .to = *peer, .stream = id}, {});
  return id;
}

bool Network::WriteStream(Instant now, StreamId stream_id, EndpointId from, std::string_view bytes) {
  Stream& stream = streams_[stream_id];
  if (stream.is_dead) return false;
  const int side = stream.ends[0] == from ? 0 : 1;
  const Link link{from, stream.ends[1 - side]};
  const Place place{link, stream_id + 1, stream.writes[side]++};
  const StreamFate fate = DecideWrite(place);
  Note(now, place, fate, bytes);
  if (fate.reset) {
    ResetStream(now, stream_id);
    return false;
  }
  Instant& at = stream.last_arrival[side];
  at = std::max(at, now + fate.delay);
  for (std::size_t begin = 0; begin < bytes.size(); begin += fate.chunk) {
    Enqueue(at, {.kind = Arrival::Kind::kStreamBytes, .from = from, .to = link.to, .stream = stream_id},
            bytes.substr(begin, fate.chunk));
  }
  return true;
}

void Network::ResetStream(Instant now, StreamId stream_id) {
  Stream& stream = streams_[stream_id];
  if (stream.is_dead) return;
  stream.is_dead = true;
  for (const int side : {0, 1}) {
    Enqueue(now + faults_.delay,
            {.kind = Arrival::Kind::kStreamReset,
             .from = stream.ends[1 - side],
             .to = stream.ends[side],
             .stream = stream_id},
            {});
  }
}

Arrival& Network::Enqueue(Instant at, const Arrival& arrival, std::string_view bytes) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(arrivals_.size()));
    arrivals_.emplace_back();
  }
  const std::uint32_t place = free_.back();
  free_.pop_back();
  Arrival& kept = arrivals_[place];
  std::string storage = std::move(kept.bytes);
  kept = arrival;
  kept.bytes = std::move(storage);
  kept.bytes.assign(bytes);
  under_way_.Set(place, at, under_way_.NextOrder());
  return kept;
}

Instant Network::next_deadline() const { return under_way_.next_deadline(); }

const Arrival* Network::TakeArrival(Instant now) {
  if (taken_ != kNone) free_.push_back(std::exchange(taken_, kNone));
  if (under_way_.empty() || next_deadline() > now) return nullptr;
  taken_ = under_way_.Earliest()->owner;
  under_way_.Remove(taken_);
  ++figures_.arrived;
  return &arrivals_[taken_];
}

}  // namespace sansip::sim
