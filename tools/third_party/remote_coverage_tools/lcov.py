#!/usr/bin/env python3
"""Bazel's two coverage tools in one: gcov's JSON, or tracefiles of lcov, into one tracefile.

    --coverage_dir=DIR     after each test: reads DIR/**/*.gcov.json.gz
    --reports_file=FILE    at the end: reads the tracefiles that FILE lists
    --output_file=FILE     writes this one
"""

import argparse
import collections
import gzip
import json
import pathlib
import re

# A prefixed header reaches the compiler through a link; the report names the file it is.
VIRTUAL = re.compile(r"^.*/_virtual_includes/[^/]+/sansip/")


def source_name(path):
    """The path in the workspace, or nothing for a file of somebody else's."""
    path = VIRTUAL.sub("", path)
    path = path.split("/execroot/sansip/")[-1]
    return None if path.startswith(("/", "external/", "bazel-out/")) else path


def read_gcov(folder, lines):
    for path in folder.rglob("*.gcov.json.gz"):
        with gzip.open(path, "rt") as file:
            report = json.load(file)
        for source in report["files"]:
            name = source_name(source["file"])
            for line in source["lines"] if name else ():
                lines[name][line["line_number"]] += line["count"]


def read_tracefiles(listing, lines):
    for path in pathlib.Path(listing).read_text().split():
        name = None
        for record in pathlib.Path(path).read_text().splitlines():
            if record.startswith("SF:"):
                name = record[3:]
            elif record.startswith("DA:"):
                number, count = record[3:].split(",")[:2]
                lines[name][int(number)] += int(count)


def write_tracefile(path, lines):
    with open(path, "w") as file:
        for name, counts in sorted(lines.items()):
            file.write("SF:%s\n" % name)
            for number, count in sorted(counts.items()):
                file.write("DA:%d,%d\n" % (number, count))
            hit = sum(1 for count in counts.values() if count)
            file.write("LH:%d\nLF:%d\nend_of_record\n" % (hit, len(counts)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--coverage_dir", type=pathlib.Path)
    parser.add_argument("--reports_file")
    parser.add_argument("--output_file", required=True)
    options, _ = parser.parse_known_args()

    lines = collections.defaultdict(collections.Counter)
    if options.coverage_dir:
        read_gcov(options.coverage_dir, lines)
    if options.reports_file:
        read_tracefiles(options.reports_file, lines)
    write_tracefile(options.output_file, lines)


main()
