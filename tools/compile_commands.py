"""Turns `bazel aquery --output=jsonproto` (stdin) into a compilation database (stdout)."""

import json
import pathlib
import re
import sys

# What gcc knows and clang's tools do not.
UNKNOWN_TO_CLANG = {"-fno-canonical-system-headers", "-Wno-free-nonheap-object"}


def sources_of(compiled, root):
    """The file itself, or those whose text a generated source holds, once it is built."""
    generated = pathlib.Path(root) / compiled
    if not re.search(r"_part\d+(_test)?\.cc$", compiled) or not generated.exists():
        return [compiled]
    return re.findall(r'^#line 1 "(.*)"', generated.read_text(), re.MULTILINE)


def commands(actions, root):
    seen = set()
    for action in actions:
        arguments = [a for a in action["arguments"] if a not in UNKNOWN_TO_CLANG]
        if "-c" not in arguments:
            continue
        compiled = arguments[arguments.index("-c") + 1]
        for source in sources_of(compiled, root):
            if source.startswith(("bazel-out/", "external/")) or source in seen:
                continue
            seen.add(source)
            own = [source if a == compiled else a for a in arguments]
            # A prefixed header is a link to the real one; the workspace itself is read for the rest.
            yield {"directory": root, "file": str(pathlib.Path.cwd() / source), "arguments": own}


def main():
    actions = json.load(sys.stdin).get("actions", [])
    json.dump(list(commands(actions, sys.argv[1])), sys.stdout, indent=1)
    sys.stdout.write("\n")


main()
