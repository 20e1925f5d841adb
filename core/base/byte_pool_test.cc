#include "sansip/core/base/byte_pool.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace sansip {
namespace {

constexpr std::size_t kPage = BytePool::kPageBytes;

PooledBytes Taken(BytePool& pool, std::string_view text) {
  PooledBytes buffer = pool.Take(text.size());
  EXPECT_FALSE(buffer.is_none());
  std::memcpy(buffer.data, text.data(), text.size());
  return buffer;
}

TEST(BytePool, GivesBuffersThatDoNotOverlap) {
  BytePool pool(16 * kPage);
  std::vector<PooledBytes> buffers;
  for (std::size_t size : {1u, 128u, 129u, 500u, 4096u, 4097u, 65536u, 100u, 12u}) {
    buffers.push_back(pool.Take(size));
    ASSERT_FALSE(buffers.back().is_none());
    std::memset(buffers.back().data, static_cast<int>(buffers.size()), size);
  }
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    const std::string_view view = buffers[i].view();
    EXPECT_EQ(std::count(view.begin(), view.end(), static_cast<char>(i + 1)),
              static_cast<std::ptrdiff_t>(view.size()));
  }
  EXPECT_TRUE(pool.IsConsistent());
}

TEST(BytePool, RefusesWhatIsTooLarge) {
  BytePool pool(kPage);
  EXPECT_TRUE(pool.Take(BytePool::kBufferBytesMax + 1).is_none());
  EXPECT_FALSE(pool.Take(BytePool::kBufferBytesMax).is_none());
}

TEST(BytePool, NeverObtainsMoreThanItsMaximum) {
  BytePool pool(2 * kPage);
  std::size_t buffers = 0;
  while (!pool.Take(1000).is_none()) ++buffers;
  EXPECT_EQ(buffers, 2 * (kPage / BytePool::BufferBytesFor(1000)));
  EXPECT_EQ(pool.bytes_obtained(), 2 * kPage);
  EXPECT_LE(pool.bytes_obtained(), pool.bytes_max());
}

TEST(BytePool, ReleasedBytesStayUntilTheQuarantineIsEmptied) {
  BytePool pool(kPage);
  PooledBytes buffer = Taken(pool, "still to be read");
  const std::string_view view = buffer.view();
  pool.Release(buffer);
  EXPECT_TRUE(buffer.is_none());
  EXPECT_EQ(pool.quarantined(), 1u);
  for (int i = 0; i < 10; ++i) Taken(pool, "others come, they do not get it");
  EXPECT_EQ(view, "still to be read");
  pool.EmptyQuarantine();
  EXPECT_EQ(pool.quarantined(), 0u);
  PooledBytes again = pool.Take(16);
  EXPECT_EQ(again.data, view.data());
}

TEST(BytePool, ReleasingNoneIsAllowed) {
  BytePool pool(kPage);
  PooledBytes none;
  pool.Release(none);
  EXPECT_EQ(pool.quarantined(), 0u);
}

TEST(BytePool, AnEmptyPageServesAnyClass) {
  // One page: whoever filled it with small buffers must not starve the large ones for ever.
  BytePool pool(kPage);
  std::vector<PooledBytes> small;
  for (PooledBytes buffer = pool.Take(10); !buffer.is_none(); buffer = pool.Take(10)) small.push_back(buffer);
  EXPECT_TRUE(pool.Take(60000).is_none());
  for (PooledBytes& buffer : small) pool.Release(buffer);
  EXPECT_TRUE(pool.Take(60000).is_none());
  pool.EmptyQuarantine();
  EXPECT_EQ(pool.bytes_in_use(), 0u);
  PooledBytes large = pool.Take(60000);
  EXPECT_FALSE(large.is_none());
  pool.Release(large);
  pool.EmptyQuarantine();
  EXPECT_FALSE(pool.Take(10).is_none());
  EXPECT_TRUE(pool.IsConsistent());
}

TEST(BytePool, APageThatItsClassKeptServesAnyClassAtTheMaximum) {
  BytePool pool(2 * kPage);
  std::vector<PooledBytes> first, second;
  for (PooledBytes buffer = pool.Take(1000); !buffer.is_none(); buffer = pool.Take(1000)) {
    (buffer.page == 0 ? first : second).push_back(buffer);
  }
  // One page is wholly free and kept, then the other gets room as well.
  for (PooledBytes& buffer : second) pool.Release(buffer);
  pool.Release(first.back());
  pool.EmptyQuarantine();
  const PooledBytes large = pool.Take(60000);
  EXPECT_FALSE(large.is_none());
  EXPECT_FALSE(pool.Take(1000).is_none());
  EXPECT_TRUE(pool.Take(1000).is_none());
  EXPECT_TRUE(pool.IsConsistent());
}

TEST(BytePool, ObtainsNothingNewInTheSteadyState) {
  BytePool pool(64 * kPage);
  std::vector<PooledBytes> held;
  std::size_t obtained = 0;
  std::uint64_t state = 1;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 200; ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      held.push_back(pool.Take(100 + state % 3 * 900));
    }
    for (PooledBytes& buffer : held) pool.Release(buffer);
    held.clear();
    pool.EmptyQuarantine();
    ASSERT_TRUE(pool.IsConsistent());
    if (round == 10) obtained = pool.bytes_obtained();
  }
  EXPECT_EQ(pool.bytes_obtained(), obtained);
}

// As many as fill so many pages, one each.
std::vector<PooledBytes> TakePages(BytePool& pool, std::size_t pages) {
  std::vector<PooledBytes> buffers;
  for (std::size_t i = 0; i < pages; ++i) buffers.push_back(Taken(pool, std::string(60000, 'p')));
  return buffers;
}

void ReleaseAll(BytePool& pool, std::vector<PooledBytes>& buffers) {
  for (PooledBytes& buffer : buffers) pool.Release(buffer);
  pool.EmptyQuarantine();
  buffers.clear();
}

TEST(BytePool, GivesBackWhatABurstHasLeft) {
  constexpr std::size_t kLive = 80;
  BytePool pool(1000 * kPage);
  std::vector<PooledBytes> live = TakePages(pool, kLive);
  std::vector<PooledBytes> burst = TakePages(pool, 500);
  const std::string_view read = burst.back().view();
  for (PooledBytes& buffer : burst) pool.Release(buffer);
  EXPECT_EQ(pool.bytes_obtained(), (kLive + 500) * kPage) << "bytes in quarantine may still be read";
  EXPECT_EQ(std::count(read.begin(), read.end(), 'p'), 60000);
  pool.EmptyQuarantine();
  // The class keeps one.
  EXPECT_EQ(pool.bytes_obtained(), (kLive + 1 + kLive / 8 + BytePool::kFreePagesMin) * kPage);
  EXPECT_TRUE(pool.IsConsistent());
  ReleaseAll(pool, live);
  EXPECT_EQ(pool.bytes_obtained(), (1 + BytePool::kFreePagesMin) * kPage);
  EXPECT_EQ(pool.bytes_in_use(), 0u);
  EXPECT_TRUE(pool.IsConsistent());
}

TEST(BytePool, GivesNothingBackWhileNoMoreVariesThanItKeeps) {
  constexpr std::size_t kLive = 80, kVaries = kLive / 8 + BytePool::kFreePagesMin;
  BytePool pool(1000 * kPage);
  const std::vector<PooledBytes> live = TakePages(pool, kLive);
  for (int round = 0; round < 3; ++round) {
    std::vector<PooledBytes> varying = TakePages(pool, kVaries);
    EXPECT_EQ(pool.bytes_obtained(), (kLive + kVaries) * kPage);
    ReleaseAll(pool, varying);
    EXPECT_EQ(pool.bytes_obtained(), (kLive + kVaries) * kPage);
  }
}

TEST(BytePool, ObtainsAgainWhatWasGivenBackUpToItsMaximum) {
  constexpr std::size_t kMax = 40;
  BytePool pool(kMax * kPage);
  for (int round = 0; round < 3; ++round) {
    std::vector<PooledBytes> burst = TakePages(pool, kMax);
    EXPECT_EQ(pool.bytes_obtained(), kMax * kPage);
    EXPECT_TRUE(pool.Take(10).is_none());
    std::vector<bool> seen(kMax);
    for (const PooledBytes& buffer : burst) {
      EXPECT_FALSE(seen.at(buffer.page));
      seen[buffer.page] = true;
      EXPECT_EQ(std::count(buffer.data, buffer.data + buffer.size, 'p'), 60000);
    }
    ReleaseAll(pool, burst);
    EXPECT_EQ(pool.bytes_obtained(), (1 + BytePool::kFreePagesMin) * kPage);
    EXPECT_TRUE(pool.IsConsistent());
  }
  // In buffers of another size as well.
  std::size_t small = 0;
  while (!pool.Take(1000).is_none()) ++small;
  EXPECT_EQ(small, kMax * (kPage / BytePool::BufferBytesFor(1000)));
}

}  // namespace
}  // namespace sansip
