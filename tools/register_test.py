#!/usr/bin/env python3
"""Tests of the conformance register's checks: python3 tools/register_test.py"""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import register  # noqa: E402  (found through the line above)
import test_results  # noqa: E402

REPORT = """<?xml version="1.0"?>
<testsuites><testsuite name="Via">
<testcase name="Reads" classname="Via" status="run" result="completed">
  <properties><property name="shows" value="3261-1 3261-2"/></properties></testcase>
<testcase name="Torture" classname="Via" status="run" result="skipped">
  <skipped message="x_test.cc:1&#x0A;outside data absent: no folder"/></testcase>
<testcase name="Fails" classname="All/Via/2" status="run" result="completed">
  <failure message="no"/>
  <properties><property name="shows" value="3261-9"/></properties></testcase>
<testcase name="Each/17" classname="All/Via" status="run" result="completed"/>
</testsuite></testsuites>
"""


def rows(*lines):
    return {"rfc3261.tsv": [register.Row(line.split("|")) for line in lines]}


class RegisterTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        report = pathlib.Path(self.folder.name) / "core" / "via_test" / "test.xml"
        report.parent.mkdir(parents=True)
        report.write_text(REPORT)
        self.cases = test_results.read_all(self.folder.name, None)

    def evidence_errors(self, table):
        errors = []
        register.check_evidence(table, self.cases, errors)
        return errors

    def test_reads_outcomes_and_plain_names(self):
        self.assertEqual(
            [(case.target, case.name, case.outcome) for case in self.cases],
            [("//core:via_test", "Via.Reads", "passed"), ("//core:via_test", "Via.Torture", "skipped"),
             ("//core:via_test", "Via.Fails", "failed"), ("//core:via_test", "Via.Each", "passed")])
        self.assertTrue(self.cases[1].message.startswith(test_results.ALLOWED_SKIPS))

    def test_a_missing_report_is_a_failure(self):
        cases = test_results.read_all(self.folder.name, ["//core:gone_test"])
        self.assertEqual([case.outcome for case in cases], ["failed"])

    def test_the_worst_of_several_runs_counts_once(self):
        passing = [case._replace(outcome="passed") for case in self.cases]
        merged = test_results.worst([passing, self.cases])
        self.assertEqual([case.outcome for case in merged], ["passed", "skipped", "failed", "passed"])

    def test_agreement_is_silent(self):
        self.assertEqual(self.evidence_errors(rows(
            "3261-1|tested|Via.Reads|", "3261-2|tested|Via.Reads|", "3261-3|not-yet||")), [])

    def test_both_directions_are_checked(self):
        errors = self.evidence_errors(rows(
            "3261-1|not-yet||", "3261-2|exception||why", "3261-3|tested|Via.Each|",
            "3261-4|tested|Via.Gone|"))
        self.assertEqual(errors, [
            "3261-1: the register lacks Via.Reads",
            "3261-2 is called exception, yet shown by Via.Reads",
            "3261-3: Via.Each did not show it",
            "3261-4: there is no test Via.Gone"])

    def test_an_id_without_row_is_an_error(self):
        errors = self.evidence_errors(rows("3261-1|tested|Via.Reads|"))
        self.assertEqual(errors, ["3261-2 is shown by Via.Reads and has no row"])

    def test_failing_tests_show_nothing_and_skipped_ones_are_believed(self):
        errors = self.evidence_errors(rows(
            "3261-1|tested|Via.Reads Via.Torture|", "3261-2|tested|Via.Reads|", "3261-9|tested|Via.Fails|"))
        self.assertEqual(errors, ["3261-9: Via.Fails did not show it"])

    def test_update_keeps_what_it_cannot_know(self):
        table = rows("3261-1|not-yet||later", "3261-2|tested|Via.Old Via.Torture|kept",
                     "3261-3|tested|Via.Gone|", "3261-4|exception||why", "3261-5|not-yet||later")
        register.update(table, self.cases)
        self.assertEqual([row.line() for row in table["rfc3261.tsv"]], [
            "3261-1\ttested\tVia.Reads\t", "3261-2\ttested\tVia.Reads Via.Torture\tkept",
            "3261-3\tnot-yet\t\t", "3261-4\texception\t\twhy", "3261-5\tnot-yet\t\tlater"])

    def test_exceptions_are_weighed_by_rfc_for_the_roles_that_exist(self):
        lines = ["3261-%d|not-yet||" % i for i in range(19)] + ["3261-x|exception||why"]
        errors = []
        register.check_exceptions(rows(*lines), {}, errors)
        self.assertEqual(errors, [])
        register.check_exceptions(rows(*lines), {"rfc3261.tsv": {"3261-0": "proxy"}}, errors)
        self.assertEqual(errors, ["RFC 3261: 1 exceptions in 19 rows are above 5 %"])

    def test_what_supersedes_a_row_is_named_and_holds(self):
        errors = []
        register.check_superseded(rows(
            "3261-1|superseded||RFC 6026 8.4: 6026-1, 6026-2", "6026-1|tested|Via.Reads|", "6026-2|not-yet||",
            "3261-2|superseded||RFC 6026 says so", "3261-3|superseded||6026-1"), errors)
        self.assertEqual(errors, ["3261-1: 6026-2, which replaces it, is not-yet",
                                  "3261-2: its reason names no row that replaces it"])

    def test_what_is_superseded_is_not_shown_and_not_weighed(self):
        self.assertEqual(self.evidence_errors(rows("3261-1|superseded||why", "3261-2|tested|Via.Reads|")),
                         ["3261-1 is called superseded, yet shown by Via.Reads"])
        lines = ["3261-%d|superseded||why" % i for i in range(19)] + ["3261-x|exception||why"]
        errors = []
        register.check_exceptions(rows(*lines), {}, errors)
        self.assertEqual(errors, ["RFC 3261: 1 exceptions in 1 rows are above 5 %"])

    def test_files_and_ids_equal_the_requirements(self):
        errors = []
        register.check_requirements(rows("3261-1|not-yet||", "3261-2|not-yet||"),
                                    {"rfc3261.tsv": {"3261-1": "uac"}, "rfc4028.tsv": {}}, errors)
        self.assertEqual(errors, ["rfc4028.tsv is only in the requirements",
                                  "rfc3261.tsv: 3261-2 is only in the register"])

    def test_malformed_rows_are_named_by_line(self):
        folder = pathlib.Path(self.folder.name)
        (folder / "rfc1.tsv").write_text("id\tstatus\ttests\treason\n1-1\tdone\t\t\n1-2\ttested\t\t\n1-3\n")
        errors = []
        register.read_register(folder, errors)
        self.assertEqual([error.split(": ", 1)[1] for error in errors], [
            "unknown status 'done'", "1-2 is tested with 0 tests", "1 columns"])


if __name__ == "__main__":
    unittest.main()
