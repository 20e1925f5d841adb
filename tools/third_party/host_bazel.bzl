"""Repositories that Debian's Bazel would otherwise fetch from the network.

Bazel asks for rule repositories even in a build of plain C++. Debian packages most of them
under /usr/share/bazel; where they are found, they are used. Where they are not (another
Bazel, another system), Bazel's own definitions stay in force.
"""

_DEBIAN = {
    "rules_java": "/usr/share/bazel/rules/java",
    "rules_proto": "/usr/share/bazel/rules/proto",
    "bazel_skylib": "/usr/share/bazel/tools/skylib",
    "platforms": "/usr/share/bazel/platforms",
}

# Debian's bazel-rules-cc is too new for its Bazel, and the coverage tools are not packaged.
_OURS = ["rules_cc", "remote_coverage_tools"]

def _host_bazel_impl(repository_ctx):
    lines = []
    here = repository_ctx.path(Label("//tools/third_party:host_bazel.bzl")).dirname
    if all([repository_ctx.path(path + "/WORKSPACE").exists for path in _DEBIAN.values()]):
        for name, path in _DEBIAN.items():
            lines.append("    native.local_repository(name = %r, path = %r)" % (name, path))
        for name in _OURS:
            lines.append("    native.local_repository(name = %r, path = %r)" %
                         (name, str(here.get_child(name))))
    repository_ctx.file("BUILD.bazel", "")
    repository_ctx.file("repositories.bzl", "\n".join(
        ['"""Written by host_bazel.bzl."""', "", "def host_bazel_repositories():"] +
        (lines or ["    pass"]) + [""],
    ))

host_bazel = repository_rule(
    implementation = _host_bazel_impl,
    configure = True,
    local = True,
)
