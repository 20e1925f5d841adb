// The same work by sansip and its peers. For bench/peers/compare.
//
//   peers --time             prints "NAME INPUT NANOSECONDS" of processor time, the median of nine runs, or
//   "-"
//                            where the peer refuses the message or finds something else in it
//   peers NAME FILE TIMES    one of them, TIMES times
#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <ctime>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/bench/input.h"
#include "sansip/bench/peers/peer.h"

namespace sansip {
namespace {

struct PeerKind {
  std::string_view name;
  std::unique_ptr<Peer> (*make)();
};

// sansip comes first.
constexpr std::array<PeerKind, 4> kPeers = {
    {{"sansip", MakeSansip}, {"libosip2", MakeOsip}, {"sofia-sip", MakeSofia}, {"libre", MakeRe}}};
constexpr std::size_t kRuns = 9;
constexpr double kRunNanoseconds = 20e6;

bool Work(Peer& peer, std::string_view bytes) {
  const bool accepted = peer.Parse(bytes);
  peer.Release();
  return accepted;
}

// Of the processor, so that time given to other programs does not count.
double Nanoseconds(Peer& peer, std::string_view bytes, std::size_t times) {
  const std::clock_t begin = std::clock();
  for (std::size_t i = 0; i < times; ++i) Work(peer, bytes);
  const auto ticks = static_cast<double>(std::clock() - begin);
  return ticks * (1e9 / CLOCKS_PER_SEC) / static_cast<double>(times);
}

// Does the peer find what sansip finds? What it finds instead is said.
bool Agrees(Peer& peer, Peer& sansip, std::string_view bytes, const std::string& where) {
  const bool accepted = peer.Parse(bytes);
  std::string_view difference = accepted ? "" : "it refuses";
  if (accepted && sansip.Parse(bytes)) {
    difference = Difference(sansip.Found(), peer.Found());
    sansip.Release();
  }
  peer.Release();
  if (!difference.empty()) std::cerr << where << ": differs: " << difference << "\n";
  return difference.empty();
}

int Time() {
  const std::unique_ptr<Peer> sansip = MakeSansip();
  for (const std::string_view input : kInputs) {
    const std::string bytes = ReadInput(input);
    std::vector<std::unique_ptr<Peer>> peers;
    std::vector<std::size_t> times;
    std::vector<std::vector<double>> runs(kPeers.size());
    for (const PeerKind& kind : kPeers) {
      peers.push_back(kind.make());
      const bool agrees =
          Agrees(*peers.back(), *sansip, bytes, std::string(kind.name) + " " + std::string(input));
      const double once = agrees ? Nanoseconds(*peers.back(), bytes, 1000) : 0;
      times.push_back(agrees ? 1 + static_cast<std::size_t>(kRunNanoseconds / once) : 0);
    }
    // In turn, so that what disturbs the machine meanwhile disturbs all.
    for (std::size_t run = 0; run < kRuns; ++run) {
      for (std::size_t i = 0; i < peers.size(); ++i) {
        if (times[i] > 0) runs[i].push_back(Nanoseconds(*peers[i], bytes, times[i]));
      }
    }
    for (std::size_t i = 0; i < peers.size(); ++i) {
      std::cout << kPeers[i].name << " " << input << " ";
      if (times[i] == 0) {
        std::cout << "-\n";
        continue;
      }
      std::nth_element(runs[i].begin(), runs[i].begin() + kRuns / 2, runs[i].end());
      std::cout << runs[i][kRuns / 2] << "\n";
    }
  }
  return 0;
}

int Repeat(std::string_view name, const std::string& path, std::string_view times_text) {
  std::size_t times = 0;
  std::from_chars(times_text.data(), times_text.data() + times_text.size(), times);
  const auto kind =
      std::find_if(kPeers.begin(), kPeers.end(), [&](const PeerKind& peer) { return peer.name == name; });
  if (kind == kPeers.end() || times == 0) return 2;
  const std::string bytes = ReadInputFile(path);
  const std::unique_ptr<Peer> peer = kind->make();
  for (std::size_t i = 0; i < times; ++i) Work(*peer, bytes);
  return 0;
}

}  // namespace
}  // namespace sansip

int main(int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  if (arguments.size() == 1 && arguments[0] == "--time") return sansip::Time();
  if (arguments.size() == 3) return sansip::Repeat(arguments[0], std::string(arguments[1]), arguments[2]);
  std::cerr << "usage: peers --time | peers NAME FILE TIMES\n";
  return 2;
}
