#include "sansip/rtp/driver/media_endpoint.h"

#include <sndfile.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/rtp/seeded_random.h"
#include "sansip/rtp/tone.h"
#include "sansip/tests/support/shows.h"
#include "sansip/transport/socket.h"

namespace sansip::rtp {
namespace {

using std::chrono::milliseconds;

std::string InTestFolder(const std::string& name) { return ::testing::TempDir() + "/" + name; }

SocketAddress Loopback() { return *ParseIp("127.0.0.1", 0); }

// A file of this tone; channels hold the same.
std::string ToneFile(const std::string& name, int rate, int channels, double hz, double seconds) {
  const std::string path = InTestFolder(name);
  SF_INFO info{};
  info.samplerate = rate;
  info.channels = channels;
  info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  for (int i = 0; i < rate * seconds; ++i) {
    const auto value = static_cast<short>(8000 * std::sin(2 * 3.14159265358979 * hz * i / rate));
    const std::vector<short> frame(static_cast<std::size_t>(channels), value);
    sf_writef_short(file, frame.data(), 1);
  }
  sf_close(file);
  return path;
}

std::vector<std::int16_t> Recorded(const std::string& path) {
  SF_INFO info{};
  SNDFILE* file = sf_open(path.c_str(), SFM_READ, &info);
  EXPECT_NE(file, nullptr) << path;
  if (file == nullptr) return {};
  EXPECT_EQ(info.samplerate, 8000);
  EXPECT_EQ(info.channels, 1);
  EXPECT_EQ(info.format & SF_FORMAT_SUBMASK, SF_FORMAT_PCM_16);
  std::vector<std::int16_t> samples(static_cast<std::size_t>(info.frames));
  EXPECT_EQ(sf_read_short(file, samples.data(), info.frames), info.frames);
  sf_close(file);
  return samples;
}

Stream StreamTo(const MediaEndpoint& other) {
  Stream stream;
  stream.remote_rtp = other.local_rtp();
  stream.remote_rtcp = other.local_rtcp();
  stream.receive.push_back({Codec::kPcmu, 0});
  stream.send_event_type = stream.receive_event_type = 101;
  stream.send_events = DtmfEvents();
  return stream;
}

class MediaEndpointTest : public ::testing::Test {
 protected:
  MediaEndpointTest() : loop_(*EventLoop::Create()) {}

  static MediaOptions Options(Play play = Play::kSilence) {
    MediaOptions options;
    options.local = Loopback();
    options.port_min = 20000;
    options.port_max = 39999;
    options.play = play;
    return options;
  }
  absl::StatusOr<std::unique_ptr<MediaEndpoint>> Open(const MediaOptions& options) {
    return MediaEndpoint::Open(loop_, random_, options);
  }
  void Run(std::vector<MediaEndpoint*> endpoints, Duration duration) {
    const Instant end = loop_.Now() + duration;
    while (loop_.Now() < end) {
      Instant next = end;
      for (MediaEndpoint* endpoint : endpoints) next = std::min(next, endpoint->next_deadline());
      loop_.Wait(next);
      for (MediaEndpoint* endpoint : endpoints) {
        if (endpoint->next_deadline() <= loop_.Now()) endpoint->OnDeadline(loop_.Now());
      }
    }
  }

  EventLoop loop_;
  SeededRandom random_{static_cast<std::uint64_t>(::testing::UnitTest::GetInstance()->random_seed()) +
                       getpid()};
};

TEST_F(MediaEndpointTest, AToneIsHeardAndRecorded) {
  SANSIP_SHOWS("4961-3-1", "4961-3-2", "3550-11-1", "3550-11-2", "3551-8-1", "3551-8-2", "3550-11-4");
  MediaOptions speaker = Options(Play::kTone), listener = Options();
  speaker.tone_hz = listener.listen_hz = 1000;
  listener.record_path = InTestFolder("heard.wav");
  auto a = Open(speaker), b = Open(listener);
  ASSERT_TRUE(a.ok() && b.ok());
  for (const auto* endpoint : {a->get(), b->get()}) {
    EXPECT_EQ(endpoint->local_rtp().port % 2, 0);
    EXPECT_EQ(endpoint->local_rtcp().port, endpoint->local_rtp().port + 1);
  }
  (*a)->Configure(StreamTo(**b));
  (*b)->Configure(StreamTo(**a));
  EXPECT_EQ((*a)->SendDigit('7', milliseconds(100)), DigitResult::kQueued);
  EXPECT_EQ((*a)->SendDigit('x', milliseconds(100)), DigitResult::kNotTaken);
  Run({a->get(), b->get()}, milliseconds(1500));
  EXPECT_TRUE((*a)->Stop().ok());
  EXPECT_TRUE((*b)->Stop().ok());
  EXPECT_TRUE((*b)->Stop().ok());
  EXPECT_EQ((*b)->next_deadline(), kNever);
  const MediaStatistics heard = (*b)->statistics();
  EXPECT_GT(heard.session.packets_received, 60u);
  EXPECT_EQ(heard.session.strangers, 0u);
  EXPECT_GT(heard.tone_frames, 30u);
  EXPECT_NEAR(heard.strongest_hz, 1000, 2);
  EXPECT_NEAR(heard.level_dbm0, -9, 2);
  EXPECT_EQ(heard.digits, "7");
  const std::vector<std::int16_t> samples = Recorded(listener.record_path);
  ASSERT_GT(samples.size(), 8000u);
  EXPECT_GT(ToneShare(std::span(samples).last(1600), 1000), 0.9);
}

TEST_F(MediaEndpointTest, EchoComesBack) {
  MediaOptions speaker = Options(Play::kTone);
  speaker.tone_hz = speaker.listen_hz = 700;
  auto a = Open(speaker), b = Open(Options(Play::kEcho));
  ASSERT_TRUE(a.ok() && b.ok());
  (*a)->Configure(StreamTo(**b));
  (*b)->Configure(StreamTo(**a));
  Run({a->get(), b->get()}, milliseconds(1000));
  const MediaStatistics heard = (*a)->statistics();
  EXPECT_GT(heard.tone_frames, 25u);
  EXPECT_NEAR(heard.strongest_hz, 700, 2);
}

TEST_F(MediaEndpointTest, AFileOfAnyFormIsPlayedOverAndOver) {
  for (auto [rate, channels] :
       {std::pair(8000, 1), std::pair(44100, 2), std::pair(11025, 1), std::pair(48000, 1)}) {
    auto player = WavPlayer::Open(ToneFile("played.wav", rate, channels, 500, 0.2));
    ASSERT_TRUE(player.ok()) << player.status();
    std::vector<std::int16_t> samples(16000);
    ASSERT_TRUE(player->Read(samples).ok());
    EXPECT_GT(ToneShare(samples, 500), 0.97) << rate;
    EXPECT_NEAR(LevelDbm0(samples), -9.05, 0.6) << rate;
  }
  MediaOptions options = Options(Play::kFile);
  options.play_path = ToneFile("played.wav", 16000, 2, 500, 0.1);
  MediaOptions listener = Options();
  listener.listen_hz = 500;
  auto a = Open(options), b = Open(listener);
  ASSERT_TRUE(a.ok() && b.ok());
  (*a)->Configure(StreamTo(**b));
  (*b)->Configure(StreamTo(**a));
  Run({a->get(), b->get()}, milliseconds(800));
  EXPECT_GT((*b)->statistics().tone_frames, 20u);
}

TEST_F(MediaEndpointTest, FilesThatCannotBePlayedOrRecordedTo) {
  MediaOptions options = Options(Play::kFile);
  options.play_path = InTestFolder("there-is-none.wav");
  EXPECT_TRUE(absl::IsNotFound(Open(options).status()));
  options.play_path = InTestFolder("text.wav");
  std::ofstream(options.play_path) << "this is no sound";
  EXPECT_TRUE(absl::IsInvalidArgument(Open(options).status()));
  options.play_path = ToneFile("empty.wav", 8000, 1, 100, 0);
  EXPECT_TRUE(absl::IsInvalidArgument(Open(options).status()));
  MediaOptions record = Options();
  record.record_path = InTestFolder("no-such-folder/heard.wav");
  EXPECT_TRUE(absl::IsNotFound(Open(record).status()));
}

TEST_F(MediaEndpointTest, AFullDiskIsNoticed) {
  // Either at the start, when the header is written, or at the first frames; in no case never.
  auto recorder = WavRecorder::Create("/dev/full");
  if (recorder.ok()) {
    const std::vector<std::int16_t> frame(160, 1000);
    absl::Status status = absl::OkStatus();
    for (int i = 0; i < 3 && status.ok(); ++i) status = recorder->Write(frame);
    EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  } else {
    EXPECT_TRUE(absl::IsResourceExhausted(recorder.status())) << recorder.status();
  }
}

TEST_F(MediaEndpointTest, ADiskThatFillsDuringTheCallIsNoticedAtOnce) {
  // The limit on file sizes stands in for a disk: a write beyond it fails with EFBIG.
  const std::string path = InTestFolder("limited.wav");
  auto recorder = WavRecorder::Create(path);
  ASSERT_TRUE(recorder.ok());
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{4096, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  const std::vector<std::int16_t> frame(160, 1000);
  int frames = 0;
  absl::Status status = absl::OkStatus();
  for (; frames < 100 && status.ok(); ++frames) status = recorder->Write(frame);
  setrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, handler);
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_EQ(frames, (4096 - 44) / 320 + 1);
}

TEST_F(MediaEndpointTest, RecordingEndsWithAllOfItThere) {
  const std::string path = InTestFolder("short.wav");
  auto recorder = WavRecorder::Create(path);
  ASSERT_TRUE(recorder.ok());
  const std::vector<std::int16_t> frame(160, 1234);
  for (int i = 0; i < 7; ++i) ASSERT_TRUE(recorder->Write(frame).ok());
  EXPECT_TRUE(recorder->Finish().ok());
  EXPECT_TRUE(recorder->Finish().ok());
  EXPECT_FALSE(recorder->Write(frame).ok());
  EXPECT_EQ(Recorded(path), std::vector<std::int16_t>(7 * 160, 1234));
}

TEST_F(MediaEndpointTest, PortsRunOut) {
  MediaOptions options = Options();
  options.port_min = 40001;
  options.port_max = 40005;  // the pairs 40002 and 40004
  auto a = Open(options), b = Open(options), c = Open(options);
  ASSERT_TRUE(a.ok()) << a.status();
  ASSERT_TRUE(b.ok()) << b.status();
  EXPECT_TRUE(absl::IsResourceExhausted(c.status()));
  EXPECT_TRUE((*a)->Stop().ok());
  EXPECT_TRUE(Open(options).ok());
  options.port_max = 40001;
  EXPECT_TRUE(absl::IsInvalidArgument(Open(options).status()));
}

bool IsFree(const SocketAddress& address) { return Socket::BindUdp(address, {}).ok(); }

// RFC 3264 8.3.1: nothing is lost on the way from one port to another.
TEST_F(MediaEndpointTest, BothPortsAreOpenWhileItMoves) {
  SANSIP_SHOWS("3264-8.3.1-3", "3264-8.3.1-4", "3264-8.3.1-9", "3264-8.3.1-10", "3264-8.3.1-12");
  const auto a = *Open(Options()), b = *Open(Options());
  a->Configure(StreamTo(*b));
  b->Configure(StreamTo(*a));
  Run({a.get(), b.get()}, milliseconds(100));
  const SocketAddress old = a->local_rtp();
  ASSERT_TRUE(a->Move().ok());
  const SocketAddress fresh = a->local_rtp();
  ASSERT_NE(fresh, old);
  // Offered: the peer sends to the old one still.
  std::uint64_t heard = a->statistics().session.packets_received;
  Run({a.get(), b.get()}, milliseconds(100));
  EXPECT_GT(a->statistics().session.packets_received, heard);
  // Agreed: until the peer sends to the new one both are open.
  a->Configure(StreamTo(*b));
  heard = a->statistics().session.packets_received;
  Run({a.get(), b.get()}, milliseconds(100));
  EXPECT_GT(a->statistics().session.packets_received, heard);
  EXPECT_FALSE(IsFree(old));
  b->Configure(StreamTo(*a));
  heard = b->statistics().session.packets_received;
  Run({a.get(), b.get()}, milliseconds(200));
  SANSIP_SHOWS("3264-8.3.1-5", "3264-8.3.1-11");
  EXPECT_TRUE(IsFree(old));
  EXPECT_FALSE(IsFree(fresh));
  EXPECT_GT(b->statistics().session.packets_received, heard);
}

TEST_F(MediaEndpointTest, ARefusedMoveLeavesTheOldPort) {
  SANSIP_SHOWS("3264-8.3.1-13");
  const auto a = *Open(Options()), b = *Open(Options());
  a->Configure(StreamTo(*b));
  b->Configure(StreamTo(*a));
  const SocketAddress old = a->local_rtp();
  ASSERT_TRUE(a->Move().ok());
  const SocketAddress fresh = a->local_rtp();
  a->StayPut();
  EXPECT_EQ(a->local_rtp(), old);
  EXPECT_TRUE(IsFree(fresh));
  Run({a.get(), b.get()}, milliseconds(100));
  EXPECT_GT(a->statistics().session.packets_received, 0u);
  EXPECT_TRUE(a->Stop().ok());
  EXPECT_FALSE(a->Move().ok());
}

TEST_F(MediaEndpointTest, NobodyListensThere) {
  auto a = Open(Options()), b = Open(Options());
  ASSERT_TRUE(a.ok() && b.ok());
  const Stream stream = StreamTo(**b);
  EXPECT_TRUE((*b)->Stop().ok());
  (*a)->Configure(stream);
  Run({a->get()}, milliseconds(200));
  EXPECT_GE((*a)->statistics().session.packets_sent, 8u);
  EXPECT_TRUE((*a)->status().ok());
}

}  // namespace
}  // namespace sansip::rtp
