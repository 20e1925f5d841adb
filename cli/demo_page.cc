#include <algorithm>
#include <string_view>

#include "absl/strings/escaping.h"
#include "fmt/core.h"
#include "sansip/cli/demo.h"
#include "sansip/cli/help_text.h"
#include "sansip/tests/sim/ladder_svg.h"

namespace sansip::cli {
namespace {

constexpr std::string_view kHead = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>sansip demo</title>
<style>
:root{--ground:#f6f7f9;--card:#fff;--ink:#1d2733;--soft:#5b6875;--line:#dde2e8;--accent:#0b62c4;--good:#1a7f4b;
--bad:#c62828;--shade:0 1px 2px #1d27330f,0 8px 24px #1d27330d}
@media (prefers-color-scheme:dark){:root{--ground:#12171d;--card:#1a2129;--ink:#e7ecf2;--soft:#9aa7b5;
--line:#2c3641;--accent:#6fb1ff;--good:#5fd39a;--bad:#ff7b72;--shade:none}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:56px 24px 80px}
h1{font-size:40px;letter-spacing:-.02em;line-height:1.1;margin:0 0 8px}
h2{font-size:24px;letter-spacing:-.01em;margin:0 0 6px}
p{margin:0 0 16px;max-width:70ch}
.lead,.soft{color:var(--soft)}
.lead{font-size:18px;margin-bottom:40px}
section{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:28px;margin:0 0 28px;
box-shadow:var(--shade)}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:1px;background:var(--line);
border:1px solid var(--line);border-radius:10px;overflow:hidden;margin:20px 0}
dl div{background:var(--card);padding:14px 16px}
dt{color:var(--soft);font-size:13px}
dd{margin:0;font-size:21px;font-weight:600;font-variant-numeric:tabular-nums}
ul{list-style:none;margin:0 0 20px;padding:0}
li{padding-left:26px;position:relative}
li::before{position:absolute;left:0;font-weight:700}
.good::before{content:"\2713";color:var(--good)}
.bad::before{content:"\2717";color:var(--bad)}
.bad{color:var(--bad)}
figure{margin:0;overflow-x:auto}
figure svg{display:block;margin:0 auto}
figcaption{color:var(--soft);font-size:13px;margin-top:8px}
audio{width:100%;margin:4px 0 16px}
footer{color:var(--soft);font-size:13px}
code{font:14px ui-monospace,Menlo,Consolas,monospace}
</style>
</head>
<body>
<main>
)html";

std::string Section(const DemoPart& part, std::string_view extra) {
  std::string html = fmt::format("<section>\n<h2>{}</h2>\n<p class=\"soft\">{}</p>\n",
                                 sim::EscapeHtml(part.title), sim::EscapeHtml(part.explanation));
  html += "<dl>\n";
  for (const DemoFigure& figure : part.figures) {
    html += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", sim::EscapeHtml(figure.name),
                        sim::EscapeHtml(figure.value));
  }
  html += "</dl>\n<ul>\n";
  for (const DemoCheck& check : part.checks) {
    html +=
        fmt::format("<li class=\"{}\">{}</li>\n", check.holds ? "good" : "bad", sim::EscapeHtml(check.text));
  }
  html += "</ul>\n";
  html += extra;
  html += fmt::format("<figure>\n{}</figure>\n</section>\n", part.ladder_svg);
  return html;
}

}  // namespace

std::string DemoPage(const std::vector<DemoPart>& parts, const std::string& wav) {
  const bool holds = std::all_of(parts.begin(), parts.end(), [](const DemoPart& part) {
    return std::all_of(part.checks.begin(), part.checks.end(),
                       [](const DemoCheck& check) { return check.holds; });
  });
  std::string html(kHead);
  html +=
      fmt::format("<h1>{}</h1>\n", holds ? "Two calls, both as they should be" : "Something did not hold");
  html +=
      "<p class=\"lead\">The same protocol machines twice: once on real sockets with real audio, once under "
      "a "
      "virtual clock and a network that loses every tenth datagram.</p>\n";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::string extra;
    if (i == 0 && !wav.empty()) {
      extra =
          fmt::format("<audio controls src=\"data:audio/wav;base64,{}\"></audio>\n", absl::Base64Escape(wav));
    }
    html += Section(parts[i], extra);
  }
  html += fmt::format("<footer>sansip {} &middot; written by <code>sansip demo</code></footer>\n", kVersion);
  html += "</main>\n</body>\n</html>\n";
  return html;
}

}  // namespace sansip::cli
