// The arrow tables as text and as DOT: the diagrams of docs/transactions.md are these prints.
#ifndef SANSIP_CORE_TRANSACTION_ARROW_TEXT_H_
#define SANSIP_CORE_TRANSACTION_ARROW_TEXT_H_

#include <string>

#include "sansip/core/transaction/arrow_table.h"

namespace sansip {

std::string_view EventName(Event event);         // "timer A", "1xx", "2xx from user"
std::string EffectsText(Effects effects);        // "reset A, send request"
std::string TableText(const ArrowTable& table);  // a Markdown table, and what is ignored
std::string TableDot(const ArrowTable& table);   // a digraph

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_ARROW_TEXT_H_
