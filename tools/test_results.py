#!/usr/bin/env python3
"""What the tests of a Bazel run said, read from the XML reports under bazel-testlogs.

    test_results.py --testlogs DIR... [--labels FILE] [--steps-failed N]

prints failures and skips, then the totals. Counts GoogleTest's cases; a target without such a
report counts as one; a case of several runs counts once, with the worst it came to. Fails when a
test failed and when one was skipped for any reason but absent outside data or an absent peer.
"""

import argparse
import collections
import pathlib
import sys
import xml.etree.ElementTree

# The only reasons a test may give for not running.
ALLOWED_SKIPS = ("outside data absent: ", "optional peer absent: ")

Case = collections.namedtuple("Case", "target name outcome message shows")


def plain_name(suite, name):
    """Suite.Name as the source has it, without the parameters of TEST_P and typed tests."""
    parts = [part for part in suite.split("/") if not part.isdigit()]
    return parts[-1] + "." + name.split("/")[0]


def reports_of(testlogs, label):
    package, _, name = label.removeprefix("//").partition(":")
    folder = testlogs / package / name
    shards = sorted(folder.glob("shard_*_of_*/test.xml"))
    return shards or [folder / "test.xml"]


def read_report(path, label):
    try:
        root = xml.etree.ElementTree.parse(path).getroot()
    except (OSError, xml.etree.ElementTree.ParseError):
        return [Case(label, label, "failed", "no readable report: " + str(path), ())]
    cases = []
    for case in root.iter("testcase"):
        name = plain_name(case.get("classname") or "", case.get("name") or "")
        skipped = case.find("skipped")
        wrong = [c for c in case if c.tag in ("failure", "error")]
        if case.get("classname") is None:  # Bazel's own report of a test without GoogleTest
            name = label
        if wrong:
            outcome = "failed"
            message = "\n".join(w.text or w.get("message") or "" for w in wrong)
        elif skipped is not None or case.get("result") == "skipped":
            outcome = "skipped"
            message = skipped.get("message", "") if skipped is not None else ""
            lines = message.split("\n")  # "file:line", then what the test said
            message = "\n".join(lines[1:]) if len(lines) > 1 else message
        elif case.get("result") == "suppressed":
            outcome, message = "skipped", "disabled"
        else:
            outcome, message = "passed", ""
        shows = [p.get("value", "") for p in case.iter("property") if p.get("name") == "shows"]
        cases.append(Case(label, name, outcome, message.strip(), tuple(" ".join(shows).split())))
    return cases


def read_all(testlogs, labels):
    """Every case of the labelled targets; without labels, of every report there is."""
    testlogs = pathlib.Path(testlogs)
    if labels is None:
        labels = sorted(
            "//%s:%s" % (path.parent.parent.relative_to(testlogs), path.parent.name)
            for path in testlogs.rglob("test.xml") if not path.parent.name.startswith("shard_"))
    cases = []
    for label in labels:
        for path in reports_of(testlogs, label):
            cases.extend(read_report(path, label))
    return cases


def read_labels(path):
    if path is None:
        return None
    return [line.strip() for line in pathlib.Path(path).read_text().splitlines() if line.strip()]


def worst(runs):
    """One case for each that occurs in several runs: failed before skipped before passed."""
    order = ("failed", "skipped", "passed")
    merged = {}
    for cases in runs:
        # Instances of one parameterised test share a name: they are told apart by their place.
        places = collections.Counter()
        for case in cases:
            key = (case.target, case.name, places[case.target, case.name])
            places[case.target, case.name] += 1
            if key not in merged or order.index(case.outcome) < order.index(merged[key].outcome):
                merged[key] = case
    return list(merged.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--testlogs", required=True, nargs="+")
    parser.add_argument("--labels", help="file that names the test targets of the run")
    parser.add_argument("--steps-failed", type=int, default=0,
                        help="what else went wrong, counted as failed")
    options = parser.parse_args()

    labels = read_labels(options.labels)
    cases = worst([read_all(testlogs, labels) for testlogs in options.testlogs])
    counts = collections.Counter(case.outcome for case in cases)
    for case in cases:
        if case.outcome == "failed":
            print("failed: %s %s" % (case.target, case.name))
    wrong_skips = 0
    for case in cases:
        if case.outcome != "skipped":
            continue
        allowed = case.message.startswith(ALLOWED_SKIPS)
        wrong_skips += not allowed
        print("skipped%s: %s %s: %s" % (
            "" if allowed else " for no accepted reason", case.target, case.name,
            case.message.replace("\n", " ") or "no reason given"))
    failed = counts["failed"] + options.steps_failed
    print("%d passed, %d failed, %d skipped" % (counts["passed"], failed, counts["skipped"]))
    return 1 if failed or wrong_skips or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
