#include "sansip/dialog/invite_usage.h"

namespace sansip {

std::string_view UsageStateName(UsageState state) {
  switch (state) {
    case UsageState::kPreparative:
      return "Preparative";
    case UsageState::kEarly:
      return "Early";
    case UsageState::kMoratorium:
      return "Moratorium";
    case UsageState::kEstablished:
      return "Established";
    case UsageState::kMortal:
      return "Mortal";
    case UsageState::kMorgue:
      return "Morgue";
  }
  return {};
}

}  // namespace sansip
