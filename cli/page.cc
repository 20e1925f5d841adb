#include <string_view>

#include "absl/strings/escaping.h"
#include "fmt/core.h"
#include "sansip/cli/help_text.h"
#include "sansip/cli/page.h"
#include "sansip/tests/sim/html_head.h"
#include "sansip/tests/sim/ladder_svg.h"

namespace sansip::cli {
namespace {

constexpr std::string_view kStyle = R"html(<style>
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
dl div{background:var(--card);padding:14px}
dt{color:var(--soft);font-size:13px}
dd{margin:0;font-size:18px;font-weight:600;font-variant-numeric:tabular-nums}
ul{list-style:none;margin:0 0 20px;padding:0}
li{padding-left:26px;position:relative}
li::before{position:absolute;left:0;font-weight:700}
.good::before{content:"\2713";color:var(--good)}
.bad::before{content:"\2717";color:var(--bad)}
.bad{color:var(--bad)}
figure{margin:0;overflow-x:auto}
figure svg{display:block;margin:0 auto;max-width:none!important}
figcaption{color:var(--soft);font-size:13px;margin-top:8px}
audio{width:100%;margin:4px 0 16px}
footer{color:var(--soft);font-size:13px}
pre{overflow-x:auto;font:13px/1.5 ui-monospace,Menlo,Consolas,monospace;margin:0 0 20px}
code{font:14px ui-monospace,Menlo,Consolas,monospace}
</style>
</head>
<body>
<main>
)html";

std::string Section(const PagePart& part) {
  std::string html = fmt::format("<section>\n<h2>{}</h2>\n<p class=\"soft\">{}</p>\n",
                                 sim::EscapeHtml(part.title), sim::EscapeHtml(part.explanation));
  if (!part.figures.empty()) html += "<dl>\n";
  for (const PageFigure& figure : part.figures) {
    html += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", sim::EscapeHtml(figure.name),
                        sim::EscapeHtml(figure.value));
  }
  if (!part.figures.empty()) html += "</dl>\n";
  html += "<ul>\n";
  for (const PageCheck& check : part.checks) {
    html +=
        fmt::format("<li class=\"{}\">{}</li>\n", check.holds ? "good" : "bad", sim::EscapeHtml(check.text));
  }
  html += "</ul>\n";
  if (!part.wav.empty()) {
    html += fmt::format("<audio controls src=\"data:audio/wav;base64,{}\"></audio>\n",
                        absl::Base64Escape(part.wav));
  }
  if (!part.text.empty()) html += fmt::format("<pre>{}</pre>\n", sim::EscapeHtml(part.text));
  if (!part.ladder_svg.empty()) html += fmt::format("<figure>\n{}</figure>\n", part.ladder_svg);
  return html + "</section>\n";
}

}  // namespace

std::string HtmlPage(const Page& page) {
  std::string html(sim::kHtmlHead);
  html +=
      fmt::format("<title>sansip {}</title>\n{}{}", sim::EscapeHtml(page.command), sim::kHtmlColours, kStyle);
  html += fmt::format("<h1>{}</h1>\n<p class=\"lead\">{}</p>\n", sim::EscapeHtml(page.heading),
                      sim::EscapeHtml(page.lead));
  for (const PagePart& part : page.parts) html += Section(part);
  html += fmt::format("<footer>sansip {} &middot; written by <code>sansip {}</code></footer>\n", kVersion,
                      sim::EscapeHtml(page.command));
  html += "</main>\n</body>\n</html>\n";
  return html;
}

}  // namespace sansip::cli
