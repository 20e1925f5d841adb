#include "sansip/tests/conformance/report_page.h"

namespace sansip::conformance {

const std::string_view kReportPageStyle = R"html(<style>
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1160px;margin:0 auto;padding:40px 24px 80px}
h1{font-size:34px;letter-spacing:-.02em;line-height:1.15;margin:0 0 6px}
h2{font-size:20px;letter-spacing:-.01em;margin:0 0 14px}
.lead{color:var(--soft);margin:0 0 24px;font-size:17px}
.lead b{color:var(--ink)}.lead .failed{color:var(--bad)}.lead .passed{color:var(--good)}
section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:22px;margin:0 0 20px}
#bars{display:grid;grid-template-columns:repeat(auto-fill,minmax(250px,1fr));gap:4px 28px}
#bars button{all:unset;cursor:pointer;display:grid;grid-template-columns:70px 1fr 74px;gap:10px;align-items:center;
font-size:13px;padding:4px 6px;border-radius:6px}
#bars button:hover,#bars button.on{background:var(--chip)}
#bars button:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
#bars .bar{display:flex;height:9px;border-radius:5px;overflow:hidden;background:var(--empty)}
#bars .bar i{display:block;height:100%}.t{background:var(--good)}.x{background:var(--warn)}
#bars .n{text-align:right;color:var(--soft);font-variant-numeric:tabular-nums}
.key{color:var(--soft);font-size:13px;margin:14px 0 0}
.key i{display:inline-block;width:10px;height:10px;border-radius:3px;margin:0 5px 0 12px}
.key i:first-child{margin-left:0}.key .e{background:var(--empty)}
#filters{display:flex;flex-wrap:wrap;gap:10px;margin:0 0 16px;position:sticky;top:0;background:var(--ground);
padding:10px 0;z-index:1}
#filters input,#filters select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);
border-radius:8px;padding:8px 10px;min-width:0}
#filters input{flex:1 1 220px}
#filters select{flex:0 1 auto;max-width:100%}
.count{color:var(--soft);font-size:13px;font-weight:400;margin-left:8px}
details{border-top:1px solid var(--line)}
details:first-of-type{border-top:0}
summary{cursor:pointer;display:grid;grid-template-columns:20px 128px 1fr auto;gap:10px;padding:9px 4px;
align-items:baseline;list-style:none;border-radius:6px}
summary::-webkit-details-marker{display:none}
summary:hover{background:var(--chip)}
.mark{font-weight:700}.passed .mark{color:var(--good)}.failed .mark{color:var(--bad)}.skipped .mark{color:var(--soft)}
.where,.runs{color:var(--soft);font-size:13px;white-space:nowrap}
.why{color:var(--bad);white-space:pre-wrap;overflow-wrap:anywhere;margin:0 0 12px}
.skipped .why{color:var(--soft)}
.open{padding:6px 4px 20px 34px}
.chips{display:flex;flex-wrap:wrap;gap:6px;margin:0 0 14px}
.chips a,td a{font:12px ui-monospace,Menlo,Consolas,monospace;color:var(--accent);text-decoration:none}
.chips a{background:var(--chip);border-radius:6px;padding:2px 8px}
.chips a:hover,td a:hover{text-decoration:underline}
pre{font:12.5px/1.5 ui-monospace,Menlo,Consolas,monospace;background:var(--ground);border-radius:8px;padding:12px 14px;
overflow-x:auto;margin:0 0 16px;max-height:420px}
figure{margin:0;overflow-x:auto}figure svg{display:block;max-width:none!important}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th,td{text-align:left;vertical-align:top;padding:6px 10px 6px 0;border-top:1px solid var(--line)}
th{color:var(--soft);font-weight:500;border-top:0}
td:first-child{font:12.5px/1.6 ui-monospace,Menlo,Consolas,monospace;white-space:nowrap}
td:nth-child(2){white-space:nowrap}td:nth-child(3){overflow-wrap:anywhere;min-width:200px}
.tested{color:var(--good)}.exception{color:var(--warn)}.not-yet,.not-applicable,.superseded{color:var(--soft)}
.more{font:inherit;color:var(--accent);background:none;border:0;padding:12px 0 0;cursor:pointer}
footer{color:var(--soft);font-size:13px}
@media (max-width:640px){main{padding:24px 14px 60px}h1{font-size:27px}section{padding:16px 14px}
summary{grid-template-columns:18px 1fr auto}summary .where{grid-column:2/4;grid-row:2}
.open{padding-left:4px}}
</style>
</head>
)html";

const std::string_view kReportPageBody = R"html(<body>
<main>
<h1>Conformance</h1>
<p class="lead" id="lead"></p>
<section id="coverage"><h2>Requirements shown, by RFC</h2><div id="bars"></div>
<p class="key"><i class="t"></i>shown by a test<i class="x"></i>exception<i class="e"></i>not yet</p></section>
<div id="filters">
<input id="text" type="search" placeholder="Search names, titles, ids" aria-label="Search">
<select id="rfc" aria-label="RFC"><option value="">All RFCs</option></select>
<select id="verdict" aria-label="Scenarios"><option value="">All scenarios</option><option>passed</option>
<option>failed</option><option>skipped</option></select>
<select id="status" aria-label="Requirements"><option value="">All requirements</option><option>tested</option>
<option>not-yet</option><option>exception</option><option>not-applicable</option><option>superseded</option></select>
</div>
<section><h2>Scenarios<span class="count" id="scenario-count"></span></h2><div id="scenarios"></div></section>
<section id="register"><h2>Requirements<span class="count" id="row-count"></span></h2>
<div class="wide"><table><thead><tr><th>id</th><th>status</th><th>tests, or why not</th></tr></thead>
<tbody id="rows"></tbody></table></div><button class="more" id="more" hidden></button></section>
<noscript><p>The lists are filled in by a script in this page.</p></noscript>
<footer>written by <code>//tests/conformance:report</code></footer>
</main>
)html";

const std::string_view kReportPageScript = R"html(<script>
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const at = id => document.getElementById(id);
const make = (tag, css, text) => {
  const element = document.createElement(tag);
  if (css) element.className = css;
  if (text !== undefined) element.textContent = text;
  return element;
};
const kMarks = {passed: "\u2713", failed: "\u2717", skipped: "\u2013"};
const kRowsFirst = 200;
let rowsShown = kRowsFirst;

for (const s of data.scenarios) {
  s.rfc = (s.section.match(/RFC (\d+)/) || ["", ""])[1];
  s.haystack = [s.suite, s.name, s.section, s.title, ...s.shows].join(" ").toLowerCase();
}
for (const row of data.rows) {
  row.rfc = row[0].split("-")[0];
  row.haystack = [row[0], row[3], ...row[2]].join(" ").toLowerCase();
}
const known = new Set(data.scenarios.map(s => s.suite + "." + s.name));

const rfcs = [...new Set([...data.coverage.map(c => c[0]), ...data.scenarios.map(s => s.rfc)])].sort();
for (const rfc of rfcs) at("rfc").append(new Option("RFC " + rfc, rfc));

function lead() {
  const count = verdict => data.scenarios.filter(s => s.verdict === verdict).length;
  const p = at("lead");
  p.append(data.subject + ": ");
  const parts = ["passed", "failed", "skipped"].filter(v => v === "passed" || count(v) > 0);
  parts.forEach((v, i) => {
    p.append(i ? ", " : "");
    p.append(make("b", v, count(v) + " " + v));
  });
  if (data.rows.length) {
    const tested = data.coverage.reduce((sum, c) => sum + c[2], 0);
    p.append("; " + tested + " of " + data.rows.length + " requirements are shown by tests");
  }
}

function bars() {
  at("coverage").hidden = at("register").hidden = at("status").hidden = data.rows.length === 0;
  for (const [rfc, rows, tested, exceptions, notApplicable, superseded] of data.coverage) {
    const due = rows - notApplicable - superseded;
    const button = make("button");
    button.type = "button";
    button.dataset.rfc = rfc;
    button.title = `RFC ${rfc}: ${tested} tested, ${exceptions} exceptions, ${due - tested - exceptions} not yet`;
    const bar = make("span", "bar");
    for (const [css, n] of [["t", tested], ["x", exceptions]]) {
      const part = make("i", css);
      part.style.width = due ? 100 * n / due + "%" : 0;
      bar.append(part);
    }
    button.append(make("span", "", "RFC " + rfc), bar, make("span", "n", tested + " / " + due));
    button.onclick = () => {
      at("rfc").value = at("rfc").value === rfc ? "" : rfc;
      show();
    };
    at("bars").append(button);
  }
}

function chips(ids) {
  const box = make("div", "chips");
  for (const id of ids) {
    const link = make("a", "", id);
    link.href = "#" + id;
    link.onclick = event => { event.preventDefault(); find(id, "register"); };
    box.append(link);
  }
  return box;
}

function find(text, where) {
  at("text").value = text;
  for (const id of ["rfc", "verdict", "status"]) at(id).value = "";
  show();
  at(where).scrollIntoView({behavior: "smooth"});
}

function scenario(s) {
  const box = make("details", s.verdict);
  const summary = make("summary");
  summary.append(make("span", "mark", kMarks[s.verdict]), make("span", "where", s.section),
                 make("span", "", s.title), make("span", "runs", s.runs > 1 ? s.runs + " runs" : ""));
  box.append(summary);
  box.ontoggle = () => {
    if (!box.open || box.childElementCount > 1) return;
    const open = make("div", "open");
    if (s.why) open.append(make("p", "why", s.why));
    if (s.shows.length) open.append(chips(s.shows));
    open.append(make("pre", "", "scenario " + s.name + "\n" + s.source));
    if (s.verdict !== "skipped") {
      const figure = make("figure");
      figure.innerHTML = s.svg;
      open.append(figure);
    }
    box.append(open);
  };
  return box;
}

function requirement([id, status, tests, reason]) {
  const line = make("tr");
  const last = make("td");
  tests.forEach((test, i) => {
    if (i) last.append(", ");
    if (!known.has(test)) return last.append(test);
    const link = make("a", "", test);
    link.href = "#" + test;
    link.onclick = event => { event.preventDefault(); find(test.split(".")[1], "scenarios"); };
    last.append(link);
  });
  if (!tests.length) last.append(reason);
  line.append(make("td", "", id), make("td", status, status), last);
  return line;
}

function show() {
  const text = at("text").value.trim().toLowerCase(), rfc = at("rfc").value;
  const verdict = at("verdict").value, status = at("status").value;
  const fits = x => (!rfc || x.rfc === rfc) && (!text || x.haystack.includes(text));
  const scenarios = data.scenarios.filter(s => fits(s) && (!verdict || s.verdict === verdict));
  const rows = data.rows.filter(r => fits(r) && (!status || r[1] === status));
  at("scenarios").replaceChildren(...scenarios.map(scenario));
  at("rows").replaceChildren(...rows.slice(0, rowsShown).map(requirement));
  at("scenario-count").textContent = scenarios.length + " of " + data.scenarios.length;
  at("row-count").textContent = rows.length + " of " + data.rows.length;
  at("more").hidden = rows.length <= rowsShown;
  at("more").textContent = "Show all " + rows.length;
  for (const button of at("bars").children) button.classList.toggle("on", button.dataset.rfc === rfc);
}

lead();
bars();
for (const id of ["text", "rfc", "verdict", "status"]) {
  at(id).addEventListener("input", () => { rowsShown = kRowsFirst; show(); });
}
at("more").onclick = () => { rowsShown = Infinity; show(); };
show();
if (data.scenarios.length === 1) at("scenarios").firstChild.open = true;
</script>
</body>
</html>
)html";

}  // namespace sansip::conformance
