"""Turns `bazel aquery --output=jsonproto` (stdin) into a compilation database (stdout)."""

import json
import pathlib
import sys

# What gcc knows and clang's tools do not.
UNKNOWN_TO_CLANG = {"-fno-canonical-system-headers", "-Wno-free-nonheap-object"}


def commands(actions, root):
    seen = set()
    for action in actions:
        arguments = [a for a in action["arguments"] if a not in UNKNOWN_TO_CLANG]
        if "-c" not in arguments:
            continue
        source = arguments[arguments.index("-c") + 1]
        if source.startswith(("bazel-out/", "external/")) or source in seen:
            continue
        seen.add(source)
        # A prefixed header is a link to the real one; the workspace itself is read for the rest.
        yield {"directory": root, "file": str(pathlib.Path.cwd() / source), "arguments": arguments}


def main():
    actions = json.load(sys.stdin).get("actions", [])
    json.dump(list(commands(actions, sys.argv[1])), sys.stdout, indent=1)
    sys.stdout.write("\n")


main()
