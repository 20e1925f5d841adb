#include "sansip/bench/input.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

namespace sansip {

std::string ReadInput(std::string_view name) {
  return ReadInputFile("bench/messages/" + std::string(name) + ".sip");
}

std::string ReadInputFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(stream), {});
  if (!stream || bytes.empty()) {
    std::cerr << path << ": cannot be read\n";
    std::exit(2);
  }
  return bytes;
}

}  // namespace sansip
