#include "sansip/tests/torture/case_file.h"

#include <cstddef>
#include <cstdint>

#include "sansip/core/text/ascii.h"

namespace sansip {
namespace {

// "\\{20*text}" at the begin of `text`: its size, 0 if it is none.
std::size_t AppendRepeated(std::string_view text, std::string& message) {
  constexpr std::uint64_t kTimesMax = 1000;
  const std::size_t star = text.find('*');
  const std::size_t end = text.find('}');
  if (!text.starts_with("\\{") || star >= end || end == std::string_view::npos) return 0;
  const auto times = ParseDecimal(text.substr(2, star - 2), kTimesMax);
  if (!times) return 0;
  for (std::uint64_t i = 0; i < *times; ++i) message += text.substr(star + 1, end - star - 1);
  return end + 1;
}

std::string MessageFromText(std::string_view text) {
  std::string message;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text.size() - i >= 4 && text[i] == '\\' && text[i + 1] == 'x' &&
                           HexDigitValue(text[i + 2]) >= 0 && HexDigitValue(text[i + 3]) >= 0;
    if (is_escape) {
      message += static_cast<char>(HexDigitValue(text[i + 2]) << 4 | HexDigitValue(text[i + 3]));
      i += 3;
    } else if (const std::size_t size = AppendRepeated(text.substr(i), message)) {
      i += size - 1;
    } else if (text[i] == '\n') {
      message += "\r\n";
    } else {
      message += text[i];
    }
  }
  return message;
}

}  // namespace

std::string_view TortureCase::Expected(std::string_view name) const {
  for (const auto& [key, value] : expectations) {
    if (key == name) return value;
  }
  return {};
}

std::optional<TortureCase> ParseTortureCase(std::string_view text) {
  constexpr std::string_view kSeparator = "\n---\n";
  const std::size_t end = text.find(kSeparator);
  if (end == std::string_view::npos) return std::nullopt;
  TortureCase result;
  result.message = MessageFromText(text.substr(end + kSeparator.size()));
  std::string_view head = text.substr(0, end);
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find('\n'));
    head.remove_prefix(line.size() + (line.size() < head.size() ? 1 : 0));
    if (line.empty() || line.front() == '#') continue;
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos && line.back() != ':') return std::nullopt;
    const std::size_t name_size = colon == std::string_view::npos ? line.size() - 1 : colon;
    const std::string_view value =
        colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 2);
    result.expectations.emplace_back(line.substr(0, name_size), value);
  }
  return result;
}

}  // namespace sansip
