// The transaction layer and the reference transactions on the same inputs, in virtual time: what they do must
// be the same, input by input and in the same order.
//
// Bytes become inputs: requests and responses of peers (new, repeated, slightly changed), verbs of a user,
// failures of the transport, and time: deadline by deadline, just before one, late, backwards. Compared are
// the messages transmitted (whole, but for the order of header fields and Via parameters), what is delivered,
// failed and gone, the cookies, flows and answers, and after each input the next deadline, every state, the
// CANCELs' requests and the counts.
#ifndef SANSIP_TESTS_REFERENCE_SIDE_BY_SIDE_H_
#define SANSIP_TESTS_REFERENCE_SIDE_BY_SIDE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/message/parser.h"
#include "sansip/core/transaction/input.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/fuzz/byte_source.h"
#include "sansip/tests/reference/reference.h"

namespace sansip::reference {

// Of a seed: what makes some sixty inputs.
std::string BytesOf(std::uint64_t seed);

class SideBySide {
 public:
  static constexpr std::size_t kInputsMax = 150;  // and the deadlines after them
  static constexpr std::uint64_t kRandomSeed = 7;

  // Told of each input before and after the layer gets it.
  class Companion {
   public:
    virtual ~Companion() = default;
    virtual void Before(const TransactionInput& input) = 0;
    virtual void After(const TransactionInput& input, const InputOutcome& outcome,
                       const ActionSink& actions) = 0;
  };

  // `bytes` must outlive this. `ladder`: writes down what happens, for a report.
  explicit SideBySide(std::string_view bytes, bool ladder = false);

  void Accompany(Companion& companion) { companion_ = &companion; }
  const TransactionLayer& layer() const { return layer_; }
  const TransactionOptions& options() const { return options_; }
  const testing::SeededRandom& random() const { return random_; }  // the layer's

  // A companion has seen enough: Run() ends, and is false.
  void Stop(const std::string& why) { Differ(why); }

  // False: they differ.
  bool Run();

  std::size_t inputs() const { return inputs_; }
  std::size_t events() const { return events_; }                                // of both, equal
  const std::map<std::string, std::size_t>& arrows() const { return arrows_; }  // taken by the layer
  std::string ladder() const;  // the last inputs and what both did, the difference last

 private:
  // What was received in a request, for its copies, its ACK and its CANCEL.
  struct Received {
    testing::RequestText request;
    Origin origin;
    int number = 0;
  };

  static TransactionOptions OptionsFrom(ByteSource& source, Sink<ArrowTaken>* arrows);
  Times TimesWith(const TimerOverride& own) const;

  // Inputs.
  void One();
  void MoveTime();
  void SendRequest();
  void ReceiveResponse();
  void ReceiveNewRequest();
  void ReceiveOfRequest();
  void Vary(testing::RequestText& request);
  void SendResponse();
  void OtherVerb();
  void Finish();
  int PickNumber();
  Origin PickOrigin();

  // Gives the input to both and compares.
  int Receive(const Origin& origin, const std::string& text);
  void FireDeadlines();
  void Apply(const TransactionInput& input);
  void CompareEvents(const std::vector<Event>& ours);
  bool IsSame(const Action& action, const Event& event);
  bool IsNamed(TransactionId id, int number);
  void CompareStates();
  void CompareState(int number);
  std::string MadeTag(int number);
  void Differ(const std::string& what);
  void Note(const std::string& line);
  void NoteInput(const std::string& what);
  std::string TextOf(const Action& action, bool is_whole = false) const;
  std::string TextOf(const Event& event, bool is_whole = false) const;

  ByteSource source_;
  const bool has_ladder_;
  Companion* companion_ = nullptr;
  SinkOf<ArrowTaken, 4096> taken_;
  TransactionOptions options_;
  testing::SeededRandom random_{kRandomSeed};
  TransactionLayer layer_;
  Parser parser_;
  InputPlayer player_;
  Reference reference_;
  Instant now_{};
  SinkOf<Action, 1024> sink_;
  MessageIndex index_;

  std::vector<TransactionId> ids_{1};  // by number
  std::map<TransactionId, int> numbers_;
  std::set<int> living_;
  std::map<int, std::string> responses_;  // the last of each server transaction
  std::map<int, std::string> made_tags_;
  std::vector<std::string> requests_sent_;
  std::vector<Received> requests_received_;
  std::size_t requests_made_ = 0;
  std::size_t inputs_ = 0;
  std::size_t events_ = 0;
  std::map<std::string, std::size_t> arrows_;
  bool is_different_ = false;
  std::vector<std::string> lines_;
};

// The same as SideBySide(bytes).Run(), with a ladder in `report` if they differ.
bool AreTheSame(std::string_view bytes, std::string& report);

}  // namespace sansip::reference

#endif  // SANSIP_TESTS_REFERENCE_SIDE_BY_SIDE_H_
