// Both ends' views of a dialog (RFC 3261 12): when nothing of a call was sent or came for a while, so that no
// request of it is open, each side's tags, remote target, route set (of one proxy, where the INVITE went to
// one), session descriptions and session timer (RFC 4028 7.2: one of them refreshes) are the other's, seen
// from there, and its CSeq numbers are those of the last request that it sent, and that came. Of the forks of
// a call one is up then, but for those whose BYE was lost in every copy so far (13.2.2.4).
#ifndef SANSIP_TESTS_SIM_ORACLE_VIEW_ORACLE_H_
#define SANSIP_TESTS_SIM_ORACLE_VIEW_ORACLE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "sansip/tests/sim/oracle/oracle.h"
#include "sansip/tests/sim/oracle/seen_message.h"

namespace sansip::sim {

class Oracles::Views {
 public:
  // Longer than any gap between copies: an INVITE's are at most 16 s apart.
  static constexpr Duration kRest = std::chrono::seconds(20);

  explicit Views(Findings& findings) : findings_(findings) {}
  void OnMessage(const SeenMessage& seen);
  void OnView(const Record& record);

 private:
  struct View {
    std::uint32_t node = 0;
    std::string text;
  };

  void Compare(const Record& record, const View& other);
  void CheckForks(const Record& record, const std::string& call, std::uint64_t here, std::uint64_t there);
  void CheckCSeq(const Record& record, const char* what, std::uint64_t side, std::string_view said,
                 std::string_view from_tag, std::string_view to_tag, std::uint64_t call_id);
  static std::uint64_t KeyOf(std::uint64_t side, std::uint64_t call_id, std::uint64_t from_tag,
                             std::uint64_t to_tag);

  Findings& findings_;
  std::unordered_map<std::uint64_t, Instant> heard_;  // the last of a Call-ID
  std::unordered_map<std::uint64_t, std::uint32_t>
      cseqs_;  // the highest sent, and that came, of a dialog's side
  std::unordered_map<std::uint64_t, std::uint32_t> sent_to_;  // where the INVITE of a Call-ID went
  std::unordered_set<std::uint64_t> byes_;                    // sent, by KeyOf(kSent, ...)
  Instant at_;
  std::map<std::string, View> views_;        // of at_, by Call-ID and tags as the peer has them
  std::map<std::string, std::uint64_t> up_;  // of at_, by Call-ID: the tags of the dialog that is up
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_ORACLE_VIEW_ORACLE_H_
