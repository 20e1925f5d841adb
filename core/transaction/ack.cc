#include "sansip/core/transaction/ack.h"

#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/method.h"

namespace sansip {

namespace {

void CopyAll(const MessageView& invite, HeaderId id, Writer& writer) {
  for (std::size_t i = 0; i < invite.header_count(); ++i) {
    const HeaderView header = invite.header(i);
    if (header.id == id) writer.Header(id, header.value);
  }
}

void WriteRepeating(const MessageView& invite, Method method, std::string_view to, Writer& writer) {
  writer.RequestLine(MethodName(method), invite.request_uri());
  // A single Via, the INVITE's top one.
  Via via;
  if (TopVia(invite, via)) writer.Header(HeaderId::kVia, via.text);
  CopyAll(invite, HeaderId::kRoute, writer);
  writer.Header(HeaderId::kMaxForwards, "70");
  writer.Header(HeaderId::kFrom, invite.First(HeaderId::kFrom).value_or(""));
  writer.Header(HeaderId::kTo, to);
  writer.Header(HeaderId::kCallId, invite.First(HeaderId::kCallId).value_or(""));
  // "4711 INVITE": the number as it was written.
  const std::string_view cseq = invite.First(HeaderId::kCSeq).value_or("");
  writer.Header(HeaderId::kCSeq, {cseq.substr(0, cseq.find_first_of(" \t")), " ", MethodName(method)});
  writer.Body("");
}

}  // namespace

void WriteAck(const MessageView& invite, std::string_view to, Writer& writer) {
  WriteRepeating(invite, Method::kAck, to, writer);
}

void WriteCancel(const MessageView& invite, Writer& writer) {
  WriteRepeating(invite, Method::kCancel, invite.First(HeaderId::kTo).value_or(""), writer);
}

}  // namespace sansip
