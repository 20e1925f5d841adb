// The messages that are measured: bench/messages/*.sip, bytes as they would come from the network.
#ifndef SANSIP_BENCH_INPUT_H_
#define SANSIP_BENCH_INPUT_H_

#include <array>
#include <string>
#include <string_view>

namespace sansip {

inline constexpr std::array<std::string_view, 5> kInputs = {"options", "invite", "heavy_invite", "ok",
                                                            "white_space"};

// bench/messages/NAME.sip below the current folder: the workspace, or where `bazel run` starts a program.
// Ends the program where it cannot be read.
std::string ReadInput(std::string_view name);
std::string ReadInputFile(const std::string& path);

}  // namespace sansip

#endif  // SANSIP_BENCH_INPUT_H_
