// SIP, SIPS and tel URIs to bytes, into the caller's storage (RFC 3261 19.1.1, 19.1.2; RFC 3966 3).
//
// From plain text, a component at a time: what the component's grammar does not allow becomes an escape, so
// whatever the text is, it stays in its component. What cannot be escaped (a host, the name of a tel
// parameter), an empty user, a parameter that is there already (19.1.1), a value that is none for its
// parameter (ttl=x) or a component out of its order is refused, and so is the URI: text() is empty. Beyond
// the storage it goes on counting: needed() says how much it would have taken.
//
//   writer.Sip(/*is_sips=*/false);
//   writer.User("j@s0n");
//   writer.Host("example.com", 0);
//   writer.Parameter("transport", "tcp");      // sip:j%40s0n@example.com;transport=tcp
#ifndef SANSIP_CORE_URI_URI_WRITER_H_
#define SANSIP_CORE_URI_URI_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansip/core/uri/sip_uri.h"
#include "sansip/core/uri/tel_uri.h"

namespace sansip {

class UriWriter {
 public:
  explicit UriWriter(std::span<char> storage) : storage_(storage) {}

  // A whole URI with the escapes that its components have, parsed or put together by hand; with an underscore
  // in its host only if it says so.
  void Uri(const SipUri& uri);
  // The same: lower-case and in the order of RFC 3966 3, as two are then the same text if they are equivalent
  // but for visual separators.
  void Uri(const TelUri& tel);

  // sip:[user[:password]@]host[:port]*(;name[=value])[?name=value*(&name=value)], in this order.
  void Sip(bool is_sips);
  void User(std::string_view text);
  // RFC 3261 19.1.1 recommends against it: the password of a URI is read by everyone on its way.
  void Password(std::string_view text);
  // Instead of User(): a telephone-subscriber, lower-case and in the order of RFC 3261 19.1.6. What is to be
  // known as one also needs the parameter user=phone.
  void PhoneUser(const TelUri& tel);
  void Host(std::string_view host, std::uint16_t port);  // 0: no port
  void Parameter(std::string_view name);
  void Parameter(std::string_view name, std::string_view value);
  void Header(std::string_view name, std::string_view value);

  // tel:number*(;name[=value]): then Parameter(), in the order of RFC 3966 3, which is the caller's to keep.
  void Tel(std::string_view number);

  bool ok() const;  // it is a URI, or would be, had it fitted
  std::size_t needed() const { return needed_; }
  std::string_view text() const;  // the URI; empty if it is not ok or did not fit

 private:
  enum class Part : std::uint8_t { kNothing, kScheme, kUser, kPassword, kHost, kParameters, kHeaders, kDone };

  // What is written next is this part; refused if the one before is not in between.
  bool Enter(Part part, Part first, Part last);
  void Put(std::string_view text);
  void PutCharacter(char c, std::uint32_t classes);  // as it is if it is of the classes, else its escape
  void PutEscaped(std::string_view text, std::uint32_t classes);
  void PutAsItStands(std::string_view text, std::uint32_t classes, std::string_view separators);
  void PutHost(std::string_view host, std::uint16_t port);
  void PutSubscriber(const TelUri& tel, TelOrder order);
  void PutParameter(std::string_view name, const std::string_view* value);
  bool HasParameter(std::string_view name, std::size_t end) const;
  std::string_view written() const { return {storage_.data(), needed_}; }
  bool fits() const { return needed_ <= storage_.size(); }
  bool IsWhole() const;

  std::span<char> storage_;
  std::size_t needed_ = 0;
  std::size_t parameters_begin_ = 0;
  Part part_ = Part::kNothing;
  bool is_tel_ = false;
  bool ok_ = true;
};

}  // namespace sansip

#endif  // SANSIP_CORE_URI_URI_WRITER_H_
