#!/usr/bin/env python3
"""The conformance register: docs/rfc/*.tsv against what passing tests show.

    register.py check  --testlogs DIR [--labels FILE] [--requirements DIR]
    register.py update --testlogs DIR [--labels FILE]
    register.py init   --requirements DIR       a file and a row for what has none yet

A row is: id, status, tests, reason.
    tested          `tests` are exactly those that recorded the id with SANSIP_SHOWS
    exception       sansip departs from it; the reason says why
    not-applicable  sansip will never have the role it binds
    superseded      another RFC replaced the statement; the reason names the rows that hold instead
    not-yet         the part it is about, or its test, does not exist
`update` rewrites test lists and moves rows between tested and not-yet; it leaves the others alone.
"""

import argparse
import collections
import pathlib
import sys

import test_results

HEADER = ["id", "status", "tests", "reason"]
STATUSES = ("tested", "exception", "not-applicable", "superseded", "not-yet")
# What a decision made of a row: no test shows it, and a reason says why.
DECIDED = ("exception", "not-applicable", "superseded")
# Rows of these roles do not count when exceptions are weighed: nothing of sansip plays them.
ABSENT_ROLES = ("mixer", "proxy", "registrar")
EXCEPTIONS_MAX_PERCENT = 5
ERRORS_SHOWN_MAX = 50

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Row:
    def __init__(self, fields):
        self.id, self.status, tests, self.reason = fields
        self.tests = tests.split()

    def line(self):
        return "\t".join([self.id, self.status, " ".join(self.tests), self.reason])


def read_register(folder, errors):
    """{file name: [Row]}, in the order of the files."""
    register = {}
    for path in sorted(folder.glob("*.tsv")):
        lines = path.read_text().splitlines()
        rows = []
        if not lines or lines[0].split("\t") != HEADER:
            errors.append("%s:1: the columns are not: %s" % (path, ", ".join(HEADER)))
        for number, line in enumerate(lines[1:], 2):
            fields = line.split("\t")
            if len(fields) != len(HEADER):
                errors.append("%s:%d: %d columns" % (path, number, len(fields)))
                continue
            row = Row(fields)
            if row.status not in STATUSES:
                errors.append("%s:%d: unknown status %r" % (path, number, row.status))
            if (row.status == "tested") != bool(row.tests):
                errors.append("%s:%d: %s is %s with %d tests" %
                              (path, number, row.id, row.status, len(row.tests)))
            if row.status in DECIDED and not row.reason:
                errors.append("%s:%d: %s wants a reason" % (path, number, row.id))
            rows.append(row)
        register[path.name] = rows
    return register


def write_register(folder, register):
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in register.items():
        lines = ["\t".join(HEADER)] + [row.line() for row in rows]
        (folder / name).write_text("\n".join(lines) + "\n")


def read_requirements(folder):
    """{file name: {id: role}}, in the order of the files."""
    requirements = {}
    for path in sorted(folder.glob("*.tsv")):
        lines = [line.split("\t") for line in path.read_text().splitlines()]
        requirements[path.name] = {fields[0]: fields[3] for fields in lines[1:]}
    return requirements


def recorded(cases):
    """{id: {test}} of the passing ones, and the names of all tests seen and of those skipped."""
    shown = collections.defaultdict(set)
    for case in cases:
        if case.outcome == "passed":
            for requirement in case.shows:
                shown[requirement].add(case.name)
    seen = {case.name for case in cases}
    skipped = {case.name for case in cases if case.outcome == "skipped"}
    return shown, seen, skipped


def all_rows(register):
    return [row for rows in register.values() for row in rows]


def check_evidence(register, cases, errors):
    shown, seen, skipped = recorded(cases)
    rows = {}
    for row in all_rows(register):
        if row.id in rows:
            errors.append("%s has two rows" % row.id)
        rows[row.id] = row
    for requirement, tests in sorted(shown.items()):
        row = rows.get(requirement)
        if row is None:
            errors.append("%s is shown by %s and has no row" %
                          (requirement, " ".join(sorted(tests))))
        elif row.status in DECIDED:
            errors.append("%s is called %s, yet shown by %s" %
                          (requirement, row.status, " ".join(sorted(tests))))
        elif tests - set(row.tests):
            errors.append("%s: the register lacks %s" %
                          (requirement, " ".join(sorted(tests - set(row.tests)))))
    for row in rows.values():
        for test in row.tests:
            if test not in seen:
                errors.append("%s: there is no test %s" % (row.id, test))
            elif test not in shown[row.id] and test not in skipped:
                errors.append("%s: %s did not show it" % (row.id, test))


def check_superseded(register, errors):
    """What replaces a row must be a row, and hold."""
    rows = {row.id: row for row in all_rows(register)}
    for row in rows.values():
        if row.status != "superseded":
            continue
        named = [rows[word] for word in row.reason.replace(",", " ").split() if word in rows]
        if not named:
            errors.append("%s: its reason names no row that replaces it" % row.id)
        for other in named:
            if other.status != "tested":
                errors.append("%s: %s, which replaces it, is %s" % (row.id, other.id, other.status))


def check_requirements(register, requirements, errors):
    for name in sorted(set(register) ^ set(requirements)):
        errors.append("%s is only in the %s" %
                      (name, "register" if name in register else "requirements"))
    for name in sorted(set(register) & set(requirements)):
        have = {row.id for row in register[name]}
        want = set(requirements[name])
        for requirement in sorted(have ^ want):
            errors.append("%s: %s is only in the %s" % (
                name, requirement, "register" if requirement in have else "requirements"))


def check_exceptions(register, requirements, errors):
    roles = {}
    for ids in requirements.values():
        roles.update(ids)
    total = collections.Counter()
    exceptions = collections.Counter()
    for row in all_rows(register):
        if row.status in ("not-applicable", "superseded") or roles.get(row.id) in ABSENT_ROLES:
            continue
        rfc = row.id.split("-")[0]
        total[rfc] += 1
        exceptions[rfc] += row.status == "exception"
    for rfc, count in sorted(exceptions.items()):
        if 100 * count > EXCEPTIONS_MAX_PERCENT * total[rfc]:
            errors.append("RFC %s: %d exceptions in %d rows are above %d %%" %
                          (rfc, count, total[rfc], EXCEPTIONS_MAX_PERCENT))


def print_coverage(register):
    by_rfc = collections.defaultdict(collections.Counter)
    for row in all_rows(register):
        by_rfc["RFC " + row.id.split("-")[0]][row.status] += 1
        by_rfc["all"][row.status] += 1
    print("%-9s" % "" + "".join("%15s" % status for status in STATUSES) + "%9s" % "rows")
    for rfc, counts in sorted(by_rfc.items()):
        print("%-9s" % rfc + "".join("%15d" % counts[status] for status in STATUSES) +
              "%9d" % sum(counts.values()))


def update(register, cases):
    shown, _, skipped = recorded(cases)
    for row in all_rows(register):
        if row.status not in ("tested", "not-yet"):
            continue
        # What could not run here keeps what it showed elsewhere.
        tests = shown[row.id] | (set(row.tests) & skipped)
        if tests and row.status == "not-yet":
            row.status, row.reason = "tested", ""
        elif not tests:
            row.status = "not-yet"
        row.tests = sorted(tests)


def initial_row(requirement, role):
    if role == "mixer":
        return Row([requirement, "not-applicable", "", "sansip mixes no media"])
    if role in ("proxy", "registrar"):
        return Row([requirement, "not-yet", "", "no %s is built" % role])
    return Row([requirement, "not-yet", "", ""])


def init(register, requirements):
    for name, ids in requirements.items():
        rows = {row.id: row for row in register.get(name, [])}
        register[name] = [rows.get(i) or initial_row(i, role) for i, role in ids.items()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("command", choices=["check", "update", "init"])
    parser.add_argument("--testlogs")
    parser.add_argument("--labels", help="file that names the test targets of the run")
    parser.add_argument("--requirements", type=pathlib.Path)
    parser.add_argument("--register", type=pathlib.Path, default=ROOT / "docs" / "rfc")
    options = parser.parse_args()

    errors = []
    register = read_register(options.register, errors)
    requirements = {}
    if options.requirements and options.requirements.is_dir():
        requirements = read_requirements(options.requirements)
    if options.command == "init":
        if not requirements:
            parser.error("init reads the folder named by --requirements")
        init(register, requirements)
        write_register(options.register, register)
        return 0
    if not options.testlogs:
        parser.error("--testlogs names the reports to read")
    cases = test_results.read_all(options.testlogs, test_results.read_labels(options.labels))
    if not cases:
        parser.error("there are no test results to go by")
    if options.command == "update":
        update(register, cases)
        write_register(options.register, register)
        errors = []
        register = read_register(options.register, errors)
    check_evidence(register, cases, errors)
    check_superseded(register, errors)
    if requirements:
        check_requirements(register, requirements, errors)
    check_exceptions(register, requirements, errors)
    print_coverage(register)
    for error in errors[:ERRORS_SHOWN_MAX]:
        print("register: " + error, file=sys.stderr)
    if len(errors) > ERRORS_SHOWN_MAX:
        print("register: and %d more" % (len(errors) - ERRORS_SHOWN_MAX), file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
