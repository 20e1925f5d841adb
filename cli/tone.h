// Is a tone in a recording? Goertzel's algorithm over a WAV file, independent of everything that made it.
#ifndef SANSIP_CLI_TONE_H_
#define SANSIP_CLI_TONE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace sansip::cli {

struct Recording {
  int rate = 8000;
  std::vector<std::int16_t> samples;  // one channel
};
absl::StatusOr<Recording> ReadRecording(const std::string& path);

// The share of a block's power that is at this frequency, 0 to 1; 0 of silence.
double ShareOfTone(std::span<const std::int16_t> block, int rate, double hz);

struct ToneFacts {
  double seconds = 0;        // of blocks in which the tone is almost all there is
  double total_seconds = 0;  // of the recording
};
ToneFacts MeasureTone(const Recording& recording, double hz);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_TONE_H_
