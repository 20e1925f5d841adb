#include "sansip/dialog/lesser_content.h"

#include <string>
#include <utility>
#include <vector>

#include "sansip/core/message/fields/accept.h"
#include "sansip/core/message/fields/content_type.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/multipart.h"
#include "sansip/core/message/option_list.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/uri/phone_user.h"
#include "sansip/core/uri/tel_uri.h"
#include "sansip/core/uri/uri_writer.h"

namespace sansip {
namespace {

HeaderId IdOf(const HeaderLine& line) {
  return line.id == HeaderId::kOther ? HeaderIdFromName(line.name) : line.id;
}

bool Takes(const MediaRange& range, const MediaType& type) {
  if (range.q == 0) return false;
  if (range.type == "*" && range.subtype == "*") return true;
  return EqualsIgnoreCase(range.type, type.type) &&
         (range.subtype == "*" || EqualsIgnoreCase(range.subtype, type.subtype));
}

bool Accepts(const MessageView& message, const MediaType& type) {
  ElementsOf ranges(message, HeaderId::kAccept);
  for (std::string_view element; ranges.Next(element);) {
    MediaRange range;
    if (ParseAccept(element, range, nullptr).ok() && Takes(range, type)) return true;
  }
  return false;
}

// RFC 2045 6: as it is, with nothing to undo.
bool IsPlain(const BodyPart& part) {
  if (part.content_encoding && !EqualsIgnoreCase(*part.content_encoding, "identity")) return false;
  return IsListed("7bit, 8bit, binary", part.content_transfer_encoding.value_or("8bit"));
}

// Of the body as a whole, which another one or none takes the place of.
bool IsAboutBody(const HeaderLine& line) {
  const HeaderId id = IdOf(line);
  return id == HeaderId::kContentDisposition || id == HeaderId::kContentLanguage ||
         id == HeaderId::kMimeVersion;
}

}  // namespace

bool LeaveUnaccepted(const MessageView& response, bool may_be_empty, KeptContent& content) {
  MediaType whole;
  if (content.body().empty() || !response.Has(HeaderId::kAccept)) return false;
  if (!ParseMediaType(content.content_type(), whole).ok() || Accepts(response, whole)) return false;
  std::vector<HeaderLine> lines, kept;
  content.AddLinesTo(lines);
  for (const HeaderLine& line : lines) {
    if (!IsAboutBody(line)) kept.push_back(line);
  }
  BodyPart part;
  bool is_found = false;
  MediaType type;
  if (EqualsIgnoreCase(whole.type, "multipart")) {
    MultipartReader parts(whole, content.body());
    while (!is_found && parts.Next(part)) {
      is_found = IsPlain(part) && !part.content.empty() && part.content_type &&
                 MediaTypeOf(part, type).ok() && Accepts(response, type);
    }
  }
  if (!is_found && !may_be_empty) return false;
  KeptContent less;
  if (is_found && part.content_disposition) {
    kept.push_back({HeaderId::kContentDisposition, *part.content_disposition, {}});
  }
  is_found ? less.Assign(part.content, *part.content_type, kept) : less.Assign({}, {}, kept);
  content = std::move(less);
  return true;
}

bool LeaveUnsupported(const MessageView& response, KeptContent& content) {
  std::vector<HeaderLine> lines, kept;
  std::string values;  // does not move: no more than there was
  values.reserve(content.bytes());
  content.AddLinesTo(lines);
  bool is_less = false;
  for (HeaderLine line : lines) {
    const HeaderId id = IdOf(line);
    if (id != HeaderId::kRequire && id != HeaderId::kProxyRequire) {
      kept.push_back(line);
      continue;
    }
    const std::size_t begin = values.size();
    Elements tags(line.value);
    for (std::string_view tag; tags.Next(tag);) {
      const bool is_unknown = HasToken(response, HeaderId::kUnsupported, tag);
      if (is_unknown && (EqualsIgnoreCase(tag, "replaces") || EqualsIgnoreCase(tag, "join"))) return false;
      is_less |= is_unknown;
      if (is_unknown) continue;
      if (values.size() > begin) values += ',';
      values += tag;
    }
    line.value = std::string_view(values).substr(begin);
    if (!line.value.empty()) kept.push_back(line);
  }
  if (!is_less) return false;
  KeptContent less;
  less.Assign(content.body(), content.content_type(), kept);
  content = std::move(less);
  return true;
}

bool TelToSip(std::string_view host, KeptText& uri) {
  TelUri tel;
  std::size_t fault = 0;
  if (!ParseTelUri(uri, tel, fault)) return false;
  std::string storage(3 * uri.size() + host.size() + 32, '\0');
  UriWriter writer(storage);
  WriteTelAsSip(tel, false, host, 0, writer);
  if (writer.text().empty()) return false;
  uri.assign(writer.text());
  return true;
}

}  // namespace sansip
