#!/bin/sh
echo "coverage reports need a Bazel with its own coverage tools" >&2
exit 1
