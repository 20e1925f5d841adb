// The form of a user agent's snapshot, both ways: one list of fields, told to Saving or to Loading, so that
// what is written is what is read. docs/snapshot.md. Private to dialog/user_agent*.
#ifndef SANSIP_DIALOG_SNAPSHOT_FORM_H_
#define SANSIP_DIALOG_SNAPSHOT_FORM_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "sansip/core/base/little_endian.h"
#include "sansip/core/base/time.h"
#include "sansip/core/transaction/snapshot_form.h"

namespace sansip {

// Into the caller's bytes. An Instant is what is left to it, or less than nothing since it.
class Saving {
 public:
  Saving(Instant now, std::span<char> out) : now_(now), out_(out) {}

  template <std::unsigned_integral T>
  void Number(T value) {
    out_.Put(value);
  }
  bool Flag(bool value) {
    out_.Put(std::uint8_t{value});
    return value;
  }
  template <typename E>
  requires std::is_enum_v<E>
  void Choice(E value, E) { out_.Put(static_cast<std::uint8_t>(value)); }
  void Time(Instant at) { Length(at == kNever ? kForever : snapshot_form::Between(now_, at)); }
  void Length(Duration length) { snapshot_form::Put(length, out_); }
  void Text(std::string_view text, std::size_t) {
    out_.Put(static_cast<std::uint32_t>(text.size()));
    out_.PutBytes(text);
  }

  Instant now() const { return now_; }
  std::size_t needed() const { return out_.needed(); }
  std::string_view text() const { return out_.text(); }

 private:
  const Instant now_;
  LittleEndianWriter out_;
};

// Out of bytes that somebody may have damaged: after the first that is wrong, nothing is read any more.
class Loading {
 public:
  Loading(Instant now, Duration elapsed, std::string_view bytes) : now_(now), elapsed_(elapsed), in_(bytes) {}

  template <std::unsigned_integral T>
  void Number(T& value) {
    value = in_.Get<T>();
  }
  bool Flag(bool) {
    const auto value = in_.Get<std::uint8_t>();
    Require(value <= 1);
    return value == 1;
  }
  template <typename E>
  requires std::is_enum_v<E>
  void Choice(E& value, E last) {
    const auto number = in_.Get<std::uint8_t>();
    if (Require(number <= static_cast<std::uint8_t>(last))) value = static_cast<E>(number);
  }
  void Time(Instant& at) {
    const Duration left = snapshot_form::GetDuration(in_);
    if (left == kForever) {
      at = kNever;
      return;
    }
    if (Require(-snapshot_form::kAgeMax <= left && left <= snapshot_form::kAgeMax)) {
      at = snapshot_form::Shifted(now_, left - elapsed_);
    }
  }
  // So that a hundred of them are a Duration still.
  void Length(Duration& length) {
    const Duration value = snapshot_form::GetDuration(in_);
    if (Require(Duration::zero() <= value && value <= snapshot_form::kAgeMax / 128)) length = value;
  }
  template <typename T>  // a std::string or a KeptText
  void Text(T& text, std::size_t bytes_max) {
    const std::size_t size = in_.Get<std::uint32_t>();
    text.assign(in_.Take(size));
    if (in_.ok() && size > bytes_max) is_too_long_ = true;
  }

  // False, and the rest is not worth reading, if it never holds.
  bool Require(bool holds) {
    is_bad_ = is_bad_ || (ok() && !holds);
    return ok();
  }

  Instant now() const { return now_; }
  bool ok() const { return in_.ok() && !is_bad_ && !is_too_long_; }
  RestoreError error() const {
    const RestoreCode code = !in_.ok()      ? RestoreCode::kTruncated
                             : is_bad_      ? RestoreCode::kBadValue
                             : is_too_long_ ? RestoreCode::kMessageTooLong
                                            : RestoreCode::kNone;
    return {code, in_.offset(), 0};
  }
  std::size_t left() const { return in_.left(); }

 private:
  const Instant now_;
  const Duration elapsed_;
  LittleEndianReader in_;
  bool is_bad_ = false, is_too_long_ = false;
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_SNAPSHOT_FORM_H_
