// The report's page: markup, style and script, all of its own. Nothing is fetched; the data stands in the
// page.
#ifndef SANSIP_TESTS_CONFORMANCE_REPORT_PAGE_H_
#define SANSIP_TESTS_CONFORMANCE_REPORT_PAGE_H_

#include <string_view>

namespace sansip::conformance {

extern const std::string_view kReportPageStyle, kReportPageBody, kReportPageScript;

}  // namespace sansip::conformance

#endif  // SANSIP_TESTS_CONFORMANCE_REPORT_PAGE_H_
