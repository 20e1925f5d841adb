// The small rules of RFC 8866 9 that the lines of a description are made of.
#ifndef SANSIP_RTP_SDP_GRAMMAR_H_
#define SANSIP_RTP_SDP_GRAMMAR_H_

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace sansip::sdp {

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsAlphaNumeric(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

namespace grammar_internal {

constexpr std::array<bool, 256> MakeTokenTable() {
  std::array<bool, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = i < 128 && IsAlphaNumeric(static_cast<char>(i));
  for (char c : std::string_view("!#$%&'*+-.^_`{|}~")) table[static_cast<unsigned char>(c)] = true;
  return table;
}
inline constexpr std::array<bool, 256> kToken = MakeTokenTable();

template <typename Predicate>
constexpr bool AllOf(std::string_view text, Predicate predicate) {
  for (char c : text) {
    if (!predicate(c)) return false;
  }
  return !text.empty();
}

}  // namespace grammar_internal

// Each takes at least one character.
constexpr bool IsDigits(std::string_view text) { return grammar_internal::AllOf(text, IsDigit); }
constexpr bool IsToken(std::string_view text) {
  return grammar_internal::AllOf(
      text, [](char c) { return grammar_internal::kToken[static_cast<unsigned char>(c)]; });
}
constexpr bool IsNonWhiteSpace(std::string_view text) {
  return grammar_internal::AllOf(text,
                                 [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; });
}
// token *("/" token)
constexpr bool IsProto(std::string_view text) {
  while (true) {
    const std::size_t slash = text.find('/');
    if (!IsToken(text.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    text.remove_prefix(slash + 1);
  }
}
// 4*(alpha-numeric / "-" / "."); names of RFC 1035 have no empty label but the last.
constexpr bool IsDomainName(std::string_view text) {
  return text.size() >= 4 && text.front() != '.' && text.find("..") == std::string_view::npos &&
         grammar_internal::AllOf(text, [](char c) { return IsAlphaNumeric(c) || c == '-' || c == '.'; });
}
// "0", or ten digits and more of which the first is not 0.
constexpr bool IsTime(std::string_view text) {
  return text == "0" || (IsDigits(text) && text.size() >= 10 && text.front() != '0');
}
// 1*DIGIT [d / h / m / s]
constexpr bool IsTypedTime(std::string_view text) {
  if (!text.empty() && std::string_view("dhms").find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  return IsDigits(text);
}

// Fields between single spaces. Two spaces in a row, or one at an end, make an empty field.
class Fields {
 public:
  explicit constexpr Fields(std::string_view text) : rest_(text) {}

  constexpr std::optional<std::string_view> Next() {
    if (done_) return std::nullopt;
    const std::size_t space = rest_.find(' ');
    const std::string_view field = rest_.substr(0, space);
    done_ = space == std::string_view::npos;
    rest_.remove_prefix(done_ ? rest_.size() : space + 1);
    return field;
  }
  // Empty where there is none, which no rule takes.
  constexpr std::string_view NextOrEmpty() { return Next().value_or(std::string_view()); }
  constexpr bool done() const { return done_; }
  constexpr std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  bool done_ = false;
};

}  // namespace sansip::sdp

#endif  // SANSIP_RTP_SDP_GRAMMAR_H_
