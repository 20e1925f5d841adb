#include "sansip/core/message/fields/response_via.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "sansip/core/message/output.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/scan_line.h"

namespace sansip {
namespace {

// The parameter at the front of `text` (which begins with its ';'): up to the next ';' outside of quotes.
std::string_view FirstParameter(std::string_view text) {
  bool is_quoted = false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (is_quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      is_quoted = !is_quoted;
    } else if (text[i] == ';' && !is_quoted) {
      return text.substr(0, i);
    }
  }
  return text;
}

std::string_view NameOf(std::string_view parameter) {
  return Trim(parameter.substr(1, parameter.find('=') - 1));
}

// A folded Via is written on one line (RFC 3261 7.3.1: folding is white space).
void PutUnfolded(std::string_view text, Output& output) {
  while (!text.empty()) {
    const std::size_t line = std::min(text.find_first_of("\r\n"), text.size());
    output.Put(text.substr(0, line));
    if (line == text.size()) return;
    output.Put(" ");
    text.remove_prefix(line + 1);
  }
}

}  // namespace

ViaStamp StampFor(const Via& via, const SocketAddress& source) {
  // RFC 3581 4: with rport, received is written even where it says nothing new.
  if (via.has_rport) return {.received = true, .rport = true};
  const std::optional<SocketAddress> sent_by = ParseIp(via.host, source.port);
  // RFC 3261 18.2.1: a name, or an address other than the source's.
  const bool differs = !sent_by.has_value() || sent_by->family != source.family || sent_by->ip != source.ip;
  return {.received = differs, .rport = false};
}

std::size_t WriteStampedVia(const Via& via, const SocketAddress& source, std::span<char> into) {
  Output output(into);
  // Nearly all are on one line and quote nothing.
  const bool is_folded = FindControl(via.text, 0) != via.text.size();
  if (!is_folded && via.has_rport && via.received.empty() && EndsWithItsRport(via.text)) {
    output.Put(via.text);
    output.Put("=");
    output.PutNumber(source.port);
    output.Put(";received=");
    output.Put(BareIpTextOf(source));
    return output.needed();
  }
  const bool has_quotes = via.text.find('"') != std::string_view::npos;
  const auto put = [&](std::string_view text) { is_folded ? PutUnfolded(text, output) : output.Put(text); };
  const std::size_t parameters = std::min(via.text.find(';'), via.text.size());
  put(via.text.substr(0, parameters));
  bool has_rport = false;
  for (std::string_view rest = via.text.substr(parameters); !rest.empty();) {
    const std::string_view parameter = has_quotes ? FirstParameter(rest) : rest.substr(0, rest.find(';', 1));
    rest.remove_prefix(parameter.size());
    const std::string_view name = NameOf(parameter);
    if (EqualsIgnoreCase(name, "received")) continue;
    if (!EqualsIgnoreCase(name, "rport")) {
      put(parameter);
    } else if (!has_rport) {
      has_rport = true;
      output.Put(";rport=");
      output.PutNumber(source.port);
    }
  }
  if (StampFor(via, source).received) {
    output.Put(";received=");
    output.Put(BareIpTextOf(source));
  }
  return output.needed();
}

}  // namespace sansip
