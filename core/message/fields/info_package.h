// Info-Package and Recv-Info (RFC 6086 7.2, 7.3, 9.2): which Info Package an INFO belongs to, and which ones
// an agent wants.
//
//   Info-Package = Info-package-type
//   Recv-Info    = [ Info-package-type *( COMMA Info-package-type ) ]
//   Info-package-type = Info-package-name *( SEMI Info-package-param )
#ifndef SANSIP_CORE_MESSAGE_FIELDS_INFO_PACKAGE_H_
#define SANSIP_CORE_MESSAGE_FIELDS_INFO_PACKAGE_H_

#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct InfoPackage {
  std::string_view name = {};
  std::string_view parameters = {};
};

[[nodiscard]] ParseError ParseInfoPackage(std::string_view value, InfoPackage& package);
// One of Recv-Info. An empty Recv-Info, which wants none, has no element to parse.
[[nodiscard]] ParseError ParseRecvInfo(std::string_view value, InfoPackage& package, std::string_view* rest);
void Write(const InfoPackage& package, ValueWriter& value);
// RFC 6086 7.2: the names octet by octet; parameters do not count.
bool Equivalent(const InfoPackage& a, const InfoPackage& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_INFO_PACKAGE_H_
