// The same ladder as a drawing: one SVG element, self-contained, to be put into an HTML page. Rows are
// events, not time; a message's line slants towards its arrival. A session timer is a bar beside its node's
// life line, from each agreement to the next. Colours follow the reader's light or dark scheme.
#ifndef SANSIP_TESTS_SIM_LADDER_SVG_H_
#define SANSIP_TESTS_SIM_LADDER_SVG_H_

#include <string>
#include <string_view>
#include <vector>

#include "sansip/tests/sim/ladder.h"
#include "sansip/tests/sim/trace.h"

namespace sansip::sim {

// `title` is what a screen reader says.
std::string SvgLadder(const Trace& trace, const std::vector<std::string>& names, std::string_view title,
                      const LadderOptions& options = {});

// Text as it may stand in HTML and XML, in attributes too.
std::string EscapeHtml(std::string_view text);

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_LADDER_SVG_H_
