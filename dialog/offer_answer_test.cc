// The order of offers and answers, and the small records beside it.

#include "sansip/dialog/offer_answer.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/dialog/draft_space.h"
#include "sansip/dialog/kept_content.h"
#include "sansip/dialog/redirect_targets.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using State = OfferAnswer::State;

TEST(OfferAnswer, LocalOfferIsInForceWithItsAnswer) {
  OfferAnswer exchange;
  EXPECT_TRUE(exchange.OnLocalOffer("o1"));
  EXPECT_EQ(exchange.state(), State::kLocalOffer);
  EXPECT_EQ(exchange.local(), "");
  EXPECT_FALSE(exchange.OnLocalOffer("o2"));
  EXPECT_FALSE(exchange.OnRemoteOffer("x"));
  EXPECT_FALSE(exchange.OnLocalAnswer("x"));
  EXPECT_TRUE(exchange.OnRemoteAnswer("a1"));
  EXPECT_EQ(exchange.local(), "o1");
  EXPECT_EQ(exchange.remote(), "a1");
  EXPECT_FALSE(exchange.OnRemoteAnswer("a2"));
  EXPECT_TRUE(exchange.IsConsistent());
  SANSIP_SHOWS("3264-4-6");
}

TEST(OfferAnswer, RemoteOfferIsInForceWithOurAnswer) {
  OfferAnswer exchange;
  EXPECT_TRUE(exchange.OnRemoteOffer("o1"));
  EXPECT_FALSE(exchange.CanOffer());
  EXPECT_FALSE(exchange.OnLocalOffer("x"));
  EXPECT_FALSE(exchange.OnRemoteAnswer("x"));
  EXPECT_TRUE(exchange.OnLocalAnswer("a1"));
  EXPECT_EQ(exchange.local(), "a1");
  EXPECT_EQ(exchange.remote(), "o1");
  SANSIP_SHOWS("3264-4-1", "3264-4-5");
}

TEST(OfferAnswer, FailureLeavesEverythingAsItWas) {
  OfferAnswer exchange;
  EXPECT_TRUE(exchange.OnLocalOffer("o1"));
  EXPECT_TRUE(exchange.OnRemoteAnswer("a1"));
  EXPECT_TRUE(exchange.OnRemoteOffer("o2"));
  EXPECT_EQ(exchange.open_offer(), "o2");
  exchange.OnFailure();
  EXPECT_EQ(exchange.local(), "o1");
  EXPECT_EQ(exchange.remote(), "a1");
  EXPECT_TRUE(exchange.CanOffer());
  SANSIP_SHOWS("3264-4-3");
}

TEST(OfferAnswer, OwnDescriptionMayAnswer) {
  OfferAnswer exchange;
  EXPECT_TRUE(exchange.OnLocalOffer("o1"));
  EXPECT_TRUE(exchange.OnRemoteAnswer("a1"));
  EXPECT_TRUE(exchange.OnRemoteOffer("o2"));
  EXPECT_TRUE(exchange.OnLocalAnswer(exchange.local()));
  EXPECT_EQ(exchange.local(), "o1");
  EXPECT_EQ(exchange.remote(), "o2");
}

// Every state meets every event: what is no arrow is refused and changes nothing.
TEST(OfferAnswer, EveryCellOfTheTable) {
  using Event = OfferAnswer::Event;
  const auto in = [](State state) {
    OfferAnswer exchange;
    EXPECT_TRUE(exchange.OnLocalOffer("l0") && exchange.OnRemoteAnswer("r0"));
    if (state == State::kLocalOffer || state == State::kPreviewed) {
      EXPECT_TRUE(exchange.OnLocalOffer("l1"));
    }
    if (state == State::kPreviewed) {
      EXPECT_TRUE(exchange.OnRemotePreview("r1"));
    }
    if (state == State::kRemoteOffer) {
      EXPECT_TRUE(exchange.OnRemoteOffer("r1"));
    }
    EXPECT_EQ(exchange.state(), state);
    return exchange;
  };
  const auto take = [](OfferAnswer& exchange, Event event) {
    switch (event) {
      case Event::kLocalOffer:
        return exchange.OnLocalOffer("l2");
      case Event::kRemoteOffer:
        return exchange.OnRemoteOffer("r2");
      case Event::kRemotePreview:
        return exchange.OnRemotePreview("r2");
      case Event::kRemoteAnswer:
        return exchange.OnRemoteAnswer("r2");
      case Event::kLocalAnswer:
        return exchange.OnLocalAnswer("l2");
      case Event::kFailure:
        exchange.OnFailure();
        return true;
    }
    return false;
  };
  int arrows = 0;
  for (std::size_t from = 0; from < kExchangeStates; ++from) {
    for (std::size_t on = 0; on < kExchangeEvents; ++on) {
      const auto state = static_cast<State>(from);
      const auto event = static_cast<Event>(on);
      OfferAnswer exchange = in(state);
      const std::string local(exchange.local()), remote(exchange.remote()), offer(exchange.open_offer());
      const auto to = NextExchangeState(state, event);
      EXPECT_EQ(take(exchange, event), to.has_value()) << from << on;
      EXPECT_EQ(exchange.state(), to.value_or(state)) << from << on;
      EXPECT_TRUE(exchange.IsConsistent());
      arrows += to.has_value();
      if (!to) {
        EXPECT_EQ(exchange.local(), local);
        EXPECT_EQ(exchange.remote(), remote);
        EXPECT_EQ(exchange.open_offer(), offer);
      }
    }
  }
  EXPECT_EQ(arrows, static_cast<int>(kExchangeArrows.size()));
}

TEST(OfferAnswer, APreviewIsInForceAndItsAnswerIsNotReadAgain) {
  OfferAnswer exchange;
  EXPECT_FALSE(exchange.OnRemotePreview("p"));
  EXPECT_TRUE(exchange.OnLocalOffer("o1"));
  EXPECT_FALSE(exchange.OnRemotePreview(""));
  EXPECT_TRUE(exchange.OnRemotePreview("p"));
  EXPECT_EQ(exchange.local(), "o1");
  EXPECT_EQ(exchange.remote(), "p");
  EXPECT_TRUE(exchange.local_offer_open());
  EXPECT_FALSE(exchange.CanOffer());
  EXPECT_TRUE(exchange.OnRemoteAnswer("other"));
  EXPECT_EQ(exchange.remote(), "p");
  EXPECT_TRUE(exchange.CanOffer());
}

TEST(OfferAnswer, RollBackUndoesAllSinceTheMark) {
  OfferAnswer exchange;
  EXPECT_TRUE(exchange.OnLocalOffer("o1") && exchange.OnRemoteAnswer("a1"));
  exchange.Mark();
  EXPECT_FALSE(exchange.RollBack());  // nothing was agreed
  exchange.Mark();
  EXPECT_TRUE(exchange.OnLocalOffer("o2") && exchange.OnRemoteAnswer("a2"));
  EXPECT_TRUE(exchange.OnRemoteOffer("o3") && exchange.OnLocalAnswer("a3"));
  EXPECT_EQ(exchange.local(), "a3");
  EXPECT_TRUE(exchange.OnRemoteOffer("o4"));
  EXPECT_TRUE(exchange.RollBack());
  EXPECT_EQ(exchange.local(), "o1");
  EXPECT_EQ(exchange.remote(), "a1");
  EXPECT_EQ(exchange.open_offer(), "o4");  // of another request
  EXPECT_TRUE(exchange.OnLocalAnswer("a4"));
  exchange.Mark();
  EXPECT_TRUE(exchange.OnRemoteOffer("o5") && exchange.OnLocalAnswer("a5"));
  exchange.Unmark();
  EXPECT_FALSE(exchange.RollBack());
  EXPECT_EQ(exchange.local(), "a5");
}

TEST(OfferAnswer, EmptyIsNoOffer) {
  OfferAnswer exchange;
  EXPECT_FALSE(exchange.OnLocalOffer(""));
  EXPECT_FALSE(exchange.OnRemoteOffer(""));
  EXPECT_FALSE(exchange.has_session());
}

TEST(RedirectTargets, ByDescendingQEachOnce) {
  RedirectTargets targets;
  targets.Begin("sip:bob@h");
  EXPECT_TRUE(targets.exhausted());
  const Parsed response(
      ResponseText(RequestText().text(), 302, "t",
                   "Contact: <sip:a@h>;q=0.5, <sip:b@h>;q=0.75, <sip:c@h>\r\n"
                   "Contact: <sip:a@H>;q=1.0, <sip:d@h>;q=nonsense, <mailto:x@y>, <sip:bob@h>\r\n"));
  ASSERT_TRUE(response.error().ok());
  targets.AddFrom(response.view(), 16, 100);
  EXPECT_EQ(targets.Next(), "sip:c@h");
  EXPECT_EQ(targets.Next(), "sip:d@h");
  EXPECT_EQ(targets.Next(), "sip:b@h");
  EXPECT_EQ(targets.Next(), "sip:a@h");
  EXPECT_EQ(targets.Next(), "");
  targets.AddFrom(response.view(), 16, 100);
  EXPECT_TRUE(targets.exhausted());
  SANSIP_SHOWS("3261-8.1.3.4-2", "3261-8.3-4");
}

TEST(RedirectTargets, AreLimited) {
  RedirectTargets targets;
  targets.Begin("sip:bob@h");
  std::string contacts;
  for (int i = 0; i < 50; ++i) contacts += "Contact: <sip:c" + std::to_string(i) + "@h>\r\n";
  contacts += "Contact: <sip:" + std::string(200, 'l') + "@h>\r\n";
  const Parsed response(ResponseText(RequestText().text(), 302, "t", contacts));
  targets.AddFrom(response.view(), 3, 100);
  int count = 0;
  while (!targets.Next().empty()) ++count;
  EXPECT_EQ(count, 3);
}

TEST(DraftSpace, ComposesAndOverflowsWithoutHarm) {
  DraftSpace draft(2, 10);
  draft.Compose(HeaderId::kCSeq, 12345, {" BYE"});
  EXPECT_EQ(draft.lines()[0].value, "12345 BYE");
  EXPECT_FALSE(draft.overflowed());
  draft.Compose(HeaderId::kFrom, {"more than", " there is"});
  EXPECT_TRUE(draft.overflowed());
  EXPECT_EQ(draft.lines().size(), 1u);
  draft.Clear();
  for (int i = 0; i < 3; ++i) draft.Add(HeaderId::kVia, "x");
  EXPECT_TRUE(draft.overflowed());
  EXPECT_EQ(draft.lines().size(), 2u);
}

TEST(KeptContent, GivesBackWhatItWasGiven) {
  KeptContent kept;
  {
    const std::string name = "X-A", value = "1", body = "b", type = "t/t";
    const HeaderLine lines[] = {{HeaderId::kOther, value, name}, {HeaderId::kSubject, "s", {}}};
    kept.Assign(body, type, lines);
  }
  DraftSpace draft(10, 10);
  kept.AddTo(draft);
  ASSERT_EQ(draft.lines().size(), 3u);
  EXPECT_EQ(draft.lines()[0].name, "X-A");
  EXPECT_EQ(draft.lines()[0].value, "1");
  EXPECT_EQ(draft.lines()[1].value, "s");
  EXPECT_EQ(draft.lines()[2].id, HeaderId::kContentType);
  EXPECT_EQ(kept.body(), "b");
  kept.Clear();
  draft.Clear();
  kept.AddTo(draft);
  EXPECT_EQ(draft.lines().size(), 0u);
}

}  // namespace
}  // namespace sansip::testing
