// How each page of HTML begins: its head up to the title, and the colours of light and dark readers, which
// the rest of its style refers to.
#ifndef SANSIP_TESTS_SIM_HTML_HEAD_H_
#define SANSIP_TESTS_SIM_HTML_HEAD_H_

#include <string_view>

namespace sansip::sim {

inline constexpr std::string_view kHtmlHead = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
)html";

// A style element of its own.
inline constexpr std::string_view kHtmlColours = R"html(<style>
:root{--ground:#f6f7f9;--card:#fff;--ink:#1d2733;--soft:#5b6875;--line:#dde2e8;--accent:#0b62c4;--good:#1a7f4b;
--bad:#c62828;--warn:#9a6700;--empty:#e4e8ed;--chip:#eef3f9;--shade:0 1px 2px #1d27330f,0 8px 24px #1d27330d}
@media (prefers-color-scheme:dark){:root{--ground:#12171d;--card:#1a2129;--ink:#e7ecf2;--soft:#9aa7b5;
--line:#2c3641;--accent:#6fb1ff;--good:#5fd39a;--bad:#ff7b72;--warn:#f2c14e;--empty:#2c3641;--chip:#243140;
--shade:none}}
</style>
)html";

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_HTML_HEAD_H_
