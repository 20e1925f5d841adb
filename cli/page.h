// A page of HTML about runs: figures, checks, ladders. It is of its own: no scripts, no fonts, nothing to be
// fetched.
#ifndef SANSIP_CLI_PAGE_H_
#define SANSIP_CLI_PAGE_H_

#include <string>
#include <vector>

namespace sansip::cli {

// Something that must hold, and whether it did.
struct PageCheck {
  std::string text;
  bool holds = false;
};

struct PageFigure {
  std::string name, value;
};

// One run: what to show of it.
struct PagePart {
  std::string title, explanation;
  std::string ladder_text, ladder_svg;  // the page has the drawing
  std::vector<PageFigure> figures;
  std::vector<PageCheck> checks;
  std::string wav;   // a recording to be heard; empty: none
  std::string text;  // as it stands; empty: none
};

struct Page {
  std::string command;  // that wrote it: "demo"
  std::string heading, lead;
  std::vector<PagePart> parts;
};

std::string HtmlPage(const Page& page);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_PAGE_H_
