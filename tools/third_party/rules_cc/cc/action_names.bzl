"""rules_cc's name for Bazel's own table of C++ actions."""

load(
    "@bazel_tools//tools/build_defs/cc:action_names.bzl",
    _ACTION_NAMES = "ACTION_NAMES",
)

ACTION_NAMES = _ACTION_NAMES
