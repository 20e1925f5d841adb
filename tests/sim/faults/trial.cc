#include "sansip/tests/sim/faults/trial.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "sansip/core/base/check.h"

namespace sansip::sim {
namespace {

constexpr unsigned kSecondsMax = 20;  // of one child; what takes longer hangs

// What a child says, in memory that it shares with its parent.
struct Said {
  std::uint64_t seed = 0;
  char what[64] = {};
  std::size_t deviations = 0;
  Deviation list[Schedule::kDeviationsMax];
};

class SharedMemory {
 public:
  SharedMemory()
      : said_(mmap(nullptr, sizeof(Said), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    SANSIP_CHECK(said_ != MAP_FAILED);
  }
  ~SharedMemory() { munmap(said_, sizeof(Said)); }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  Said& said() { return *static_cast<Said*>(said_); }

 private:
  void* said_;
};

// True: the child ended by itself, with 0.
bool ChildEndsWell(const std::function<void()>& work) {
  const pid_t child = fork();
  SANSIP_CHECK(child >= 0);
  if (child == 0) {
    // A CHECK that fails has nothing to tell anybody here.
    const int null = open("/dev/null", O_WRONLY);
    if (null >= 0) dup2(null, STDERR_FILENO);
    work();
    _exit(0);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void Say(Said& said, const std::string& what) {
  std::strncpy(said.what, what.c_str(), sizeof(said.what) - 1);
}

bool Has(const Findings& findings, const std::string& oracle) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& finding) { return finding.oracle == oracle; });
}

}  // namespace

std::optional<Find> FindBySeeds(std::uint64_t seeds_max, const SwarmWatch& watch) {
  SharedMemory memory;
  Said& said = memory.said();
  const bool ended = ChildEndsWell([&] {
    for (said.seed = 1; said.seed <= seeds_max; ++said.seed) {
      alarm(kSecondsMax);
      const SwarmResult result = RunSwarm(SwarmOptions::FromSeed(said.seed), watch);
      if (result.findings.empty()) continue;
      return Say(said, result.findings.front().oracle);
    }
  });
  if (!ended) return Find{said.seed, "died"};
  if (said.seed > seeds_max) return std::nullopt;
  return Find{said.seed, said.what};
}

Shrunk ShrinkFind(const Find& find, const SwarmWatch& watch) {
  SharedMemory memory;
  Said& said = memory.said();
  const SwarmOptions options = SwarmOptions::FromSeed(find.seed);
  // The child may die on the way: each deviation is passed on when it happens.
  ChildEndsWell([&] {
    alarm(kSecondsMax);
    SwarmWatch recording = watch;
    recording.on_deviation = [&](const Deviation& deviation, const Befallen&) {
      if (said.deviations < Schedule::kDeviationsMax) said.list[said.deviations++] = deviation;
    };
    RunSwarm(options, recording);
  });
  Schedule schedule{options, {}};
  for (std::size_t i = 0; i < said.deviations; ++i) schedule.deviations.push_back(said.list[i]);
  return Shrink(schedule, [&](const Schedule& candidate) {
    said.what[0] = '\0';
    const bool ended = ChildEndsWell([&] {
      alarm(kSecondsMax);
      if (Has(RunSchedule(candidate, watch).findings, find.what)) Say(said, find.what);
    });
    return !ended || said.what[0] != '\0';
  });
}

}  // namespace sansip::sim
