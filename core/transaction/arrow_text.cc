#include "sansip/core/transaction/arrow_text.h"

#include <utility>

namespace sansip {

namespace {

constexpr std::pair<Effects, std::string_view> kEffectNames[] = {
    {kStartA, "start A"},
    {kStartB, "start B"},
    {kStartC, "start C"},
    {kStartD, "start D"},
    {kStartE, "start E"},
    {kStartF, "start F"},
    {kStartG, "start G"},
    {kStartH, "start H"},
    {kStartI, "start I"},
    {kStartJ, "start J"},
    {kStartK, "start K"},
    {kStartL, "start L"},
    {kStartM, "start M"},
    {kStartTrying, "start 100"},
    {kStopTrying, "stop 100"},
    {kDoubleA, "double A"},
    {kDoubleE, "double E up to T2"},
    {kDoubleG, "double G up to T2"},
    {kRestartE, "E = T2"},
    {kRestartC, "restart C"},
    {kSendTheRequest, "send request"},
    {kSendTheAck, "send ACK"},
    {kSendThe100, "send 100"},
    {kSendTheResponse, "send response"},
    {kSendTheCancel, "send CANCEL"},
    {kToUser, "to user"},
    {kTellTimeout, "tell user: timeout"},
    {kTellNoAck, "tell user: no ACK"},
    {kTellTransportError, "tell user: transport error"},
    {kActAs408, "act as if a 408 came"},
    {kGone, "gone"},
};

void Append(std::string& text, std::initializer_list<std::string_view> parts) {
  for (std::string_view part : parts) text.append(part);
}

}  // namespace

std::string_view EventName(Event event) {
  constexpr std::string_view kNames[kEventCount] = {"100",
                                                    "1xx",
                                                    "2xx",
                                                    "300-699",
                                                    "200-699",
                                                    "request",
                                                    "ACK",
                                                    "transport error",
                                                    "request from user",
                                                    "1xx from user",
                                                    "2xx from user",
                                                    "300-699 from user",
                                                    "200-699 from user",
                                                    "timer A",
                                                    "timer B",
                                                    "timer C",
                                                    "timer D",
                                                    "timer E",
                                                    "timer F",
                                                    "timer G",
                                                    "timer H",
                                                    "timer I",
                                                    "timer J",
                                                    "timer K",
                                                    "timer L",
                                                    "timer M",
                                                    "timer 100",
                                                    "timer cancelled"};
  return kNames[static_cast<std::size_t>(event)];
}

std::string EffectsText(Effects effects) {
  std::string text;
  for (const auto& [effect, name] : kEffectNames) {
    if ((effects & effect) == 0) continue;
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text.empty() ? "-" : text;
}

std::string TableText(const ArrowTable& table) {
  std::string text;
  Append(text, {"### ", table.name, "\n\n", table.source,
                "\n\n| arrow | in | on | next | effects |\n|---|---|---|---|---|\n"});
  for (const Arrow& arrow : table.arrows) {
    Append(text, {"| ", arrow.id, " | ", StateName(arrow.in), " | ", EventName(arrow.on), " | ",
                  StateName(arrow.next), " | ", EffectsText(arrow.effects), " |\n"});
  }
  text += "\n| ignored in | on | because |\n|---|---|---|\n";
  for (const Ignored& pair : table.ignored) {
    Append(text, {"| ", StateName(pair.in), " | ", EventName(pair.on), " | ", pair.reason, " |\n"});
  }
  return text;
}

std::string TableDot(const ArrowTable& table) {
  std::string text;
  Append(text, {"digraph \"", table.name, "\" {\n  node [shape=box];\n  Start [shape=point];\n"});
  for (const Arrow& arrow : table.arrows) {
    Append(text, {"  ", StateName(arrow.in), " -> ", StateName(arrow.next), " [label=\"", arrow.id, " ",
                  EventName(arrow.on), "\\n", EffectsText(arrow.effects), "\"];\n"});
  }
  text += "}\n";
  return text;
}

}  // namespace sansip
