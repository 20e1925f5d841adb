// `sansip demo`: two agents call each other over loopback and check that the tone was heard; then the same
// agents hold a call of eight hours in virtual time. Ladders and figures on stdout, demo.wav and demo.html.
#ifndef SANSIP_CLI_DEMO_H_
#define SANSIP_CLI_DEMO_H_

#include <cstdint>
#include <string>
#include <vector>

#include "sansip/cli/exit_code.h"
#include "sansip/cli/options.h"

namespace sansip::cli {

// Something that must hold, and whether it did.
struct DemoCheck {
  std::string text;
  bool holds = false;
};

struct DemoFigure {
  std::string name, value;
};

// One half of the demonstration: what to show of it.
struct DemoPart {
  std::string title, explanation;
  std::string ladder_text, ladder_svg;
  std::vector<DemoFigure> figures;
  std::vector<DemoCheck> checks;
};

ExitCode RunDemo(const DemoOptions& options);

// A page with both parts, of its own: no scripts, no fonts, nothing to be fetched. `wav` is the recording.
std::string DemoPage(const std::vector<DemoPart>& parts, const std::string& wav);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_DEMO_H_
