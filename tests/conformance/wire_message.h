// A SIP message as a scenario sees it: lines of text, read and written without the stack under test, so
// that a fault of the stack's parser cannot hide one of its writer.
#ifndef SANSIP_TESTS_CONFORMANCE_WIRE_MESSAGE_H_
#define SANSIP_TESTS_CONFORMANCE_WIRE_MESSAGE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sansip::conformance {

struct WireMessage {
  std::string start;  // "INVITE sip:bob@192.0.2.2 SIP/2.0", "SIP/2.0 200 OK"
  std::vector<std::pair<std::string, std::string>> headers;  // long names, unfolded values
  std::string body;

  bool is_response() const { return start.starts_with("SIP/2.0 "); }
  int status() const;          // 0: a request
  std::string method() const;  // of a response: CSeq's
  std::string request_uri() const;

  bool Has(std::string_view name) const;
  // All values of that name, in their order.
  std::vector<std::string> All(std::string_view name) const;
  std::string First(std::string_view name) const;
  void Set(std::string_view name, std::string_view value);  // in the place of all, or at the end
  void Add(std::string_view name, std::string_view value);
  void AddOnTop(std::string_view name, std::string_view value);
  void Remove(std::string_view name);

  // "Call-ID", "To.tag", "Via.branch", "CSeq.number", "Contact.uri", "Via.count", "Request-URI", "status",
  // "method", "reason", "body". nullopt: it has none. A parameter is of the first value.
  std::optional<std::string> Field(std::string_view path) const;

  // With Content-Length.
  std::string Text() const;
};

// nullopt: no start-line or no end of the header section.
std::optional<WireMessage> ReadWireMessage(std::string_view wire);

std::string_view Trimmed(std::string_view text);
std::vector<std::string> Words(std::string_view text);
bool EqualsIgnoringCase(std::string_view a, std::string_view b);

}  // namespace sansip::conformance

#endif  // SANSIP_TESTS_CONFORMANCE_WIRE_MESSAGE_H_
