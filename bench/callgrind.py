"""Instructions of one run of a piece of work, counted by valgrind's callgrind.

The program is run for two numbers of runs, and the difference of what callgrind counted is divided by the
difference of the numbers: starting, reading the file and ending cancel out.
"""

import re
import shutil
import subprocess
import sys

INPUTS = ("options", "invite", "heavy_invite", "ok", "white_space")


def input_path(name):
    return "bench/messages/%s.sip" % name


def need_valgrind():
    if shutil.which("valgrind") is None:
        sys.exit("valgrind is missing: apt-get install valgrind")


def built(target):
    """The program of a target of //bench, built first."""
    subprocess.run(["./bazelw", "build", "--noshow_progress", "--ui_event_filters=-info",
                    "//bench:" + target], check=True)
    folder = subprocess.run(["./bazelw", "info", "--noshow_progress", "bazel-bin"], check=True,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.strip()
    return "%s/bench/%s" % (folder, target)


def counted(command, times, *options):
    """What callgrind counted, and what the program printed. `command` takes `times` as its last argument."""
    result = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *options, *command, str(times)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    found = re.search(r"Collected : (\d+)", result.stderr)
    if result.returncode != 0 or found is None:
        sys.exit("%s %d failed:\n%s" % (" ".join(command), times, result.stderr))
    return int(found.group(1)), result.stdout.strip()


def instructions(command, few=100, many=1100, *options):
    """Instructions of one run, and what the program printed after the longer one.

    `command` takes the number of runs as its last argument.
    """
    less, _ = counted(command, few, *options)
    more, printed = counted(command, many, *options)
    return (more - less) / (many - few), printed
