// sansip's parser and another's on the same bytes. Finds no crash of its own (message_fuzzer does): it counts
// in what they disagree, and keeps the shortest message of each class. docs/differential.md explains the
// classes.
//
//   SANSIP_PEER           libosip2 (as without it) or sofia-sip
//   SANSIP_CLASSES        a folder: at the end of the program gets classes.txt and an example per class
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "sansip/bench/peers/peer.h"
#include "sansip/fuzz/differential/compare.h"

namespace sansip {
namespace {

class Classes {
 public:
  ~Classes() { Print(); }

  void Add(const std::string& name, std::string_view bytes) {
    Class& entry = classes_[name];
    ++entry.count;
    if (entry.example.empty() || bytes.size() < entry.example.size()) entry.example = bytes;
  }

 private:
  struct Class {
    std::size_t count = 0;
    std::string example;
  };

  void Print() const {
    const char* const folder = std::getenv("SANSIP_CLASSES");
    std::ofstream list;
    if (folder != nullptr) list.open(std::filesystem::path(folder) / "classes.txt");
    for (const auto& [name, entry] : classes_) {
      std::cerr << entry.count << "\t" << name << "\n";
      if (folder == nullptr) continue;
      list << entry.count << "\t" << name << "\n";
      std::string file = name + ".sip";
      std::replace_if(
          file.begin(), file.end(), [](char c) { return c == ' ' || c == '/' || c == ':'; }, '_');
      std::ofstream(std::filesystem::path(folder) / file, std::ios::binary) << entry.example;
    }
  }

  std::map<std::string, Class> classes_;
};

std::unique_ptr<Peer> MakePeer() {
  const char* const name = std::getenv("SANSIP_PEER");
  return name != nullptr && std::string_view(name) == "sofia-sip" ? MakeSofia() : MakeOsip();
}

void Run(std::string_view bytes) {
  static const std::unique_ptr<Peer> peer = MakePeer();
  static Classes classes;
  classes.Add(Compare(bytes, *peer), bytes);
}

// Many collections of messages come with lone LFs, which no message has (RFC 3261 7).
std::string WithCrlf(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) text.append(c == '\n' ? "\r\n" : std::string(1, c));
  return text;
}

}  // namespace
}  // namespace sansip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const bool has_lone_lf = bytes.find('\r') == bytes.npos && bytes.find('\n') != bytes.npos;
  sansip::Run(has_lone_lf ? sansip::WithCrlf(bytes) : std::string(bytes));
  return 0;
}
