// CSeq (RFC 3261 20.16; 25.1 CSeq = 1*DIGIT LWS Method): a sequence number and a method. Any 32-bit number is
// read: 8.1.1.5 has a client start below 2^31, but within a dialog it counts on from there (20.16, errata
// 3102).
#ifndef SANSIP_CORE_MESSAGE_FIELDS_CSEQ_H_
#define SANSIP_CORE_MESSAGE_FIELDS_CSEQ_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct CSeq {
  std::uint32_t number = 0;
  Method method = Method::kExtension;
  std::string_view method_text = {};  // what is written; case-sensitive (7.1)
};

[[nodiscard]] ParseError ParseCSeq(std::string_view value, CSeq& cseq);
// 1*DIGIT LWS Method, whatever 32 bits can hold.
bool IsCSeqOfAnyNumber(std::string_view value);
void Write(const CSeq& cseq, ValueWriter& value);
bool Equivalent(const CSeq& a, const CSeq& b);
// Of a message, as the parser has read it; false if missing or malformed.
[[nodiscard]] inline bool CSeqOf(const MessageView& message, CSeq& cseq) {
  const MessageIndex& index = message.index();
  if (index.cseq_method_text.size == 0) return false;
  cseq = {index.cseq_number, index.cseq_method, message.Text(index.cseq_method_text)};
  return true;
}

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_CSEQ_H_
