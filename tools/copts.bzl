"""How sansip's C++ is compiled, and macros that keep BUILD files short.

Libraries made here are included as "sansip/<package>/<file>", whatever workspace they are
built in; so an embedder's own core/ never collides with ours.
"""

SANSIP_COPTS = [
    "-Wall",
    "-Wextra",
    "-Werror",
    "-Wnon-virtual-dtor",
    "-Wundef",
]

# The protocol core neither throws nor asks for types at run time.
SANSIP_CORE_COPTS = SANSIP_COPTS + [
    "-fno-exceptions",
    "-fno-rtti",
]

# Its calls are short and go through many small functions: they are to be inlined, and want the register that
# Bazel keeps for frames. Its loops are over a few bytes or records: spans packed into vectors are only taken
# apart again, and what should use vectors says so itself.
_HOT_OPTIMIZATION = select({
    "//tools:opt": [
        "-O3",
        "-fno-tree-vectorize",
        "-fno-tree-slp-vectorize",
        "-fomit-frame-pointer",
    ],
    "//conditions:default": [],
}) + select({
    # Small objects are cleared and copied by a few wide moves, not by `rep stos`, which takes long to begin.
    "//tools:opt_x86_64": ["-mtune=skylake"],
    "//conditions:default": [],
})

def sansip_cc_library(
        name,
        srcs = [],
        apart = [],
        hdrs = [],
        deps = [],
        core = False,
        hot = False,
        copts = [],
        **kwargs):
    """A library whose headers are included as "sansip/...".

    Its sources are compiled a few at a time, since most of what a small one costs are the headers it reads.
    So names in their unnamed namespaces must differ; where they should not, name one of them in `apart`.

    Args:
      name: as in cc_library, like srcs, hdrs, deps and the rest.
      srcs: sources and private headers.
      apart: sources compiled alone: for their names, to keep the inlining of hot code as it is, or since a
        program may link others in their place.
      hdrs: public headers.
      deps: dependencies.
      core: build without exceptions and RTTI, and hot.
      hot: inline more, for what runs millions of times a second.
      copts: further compiler options.
      **kwargs: passed to cc_library (visibility, testonly, textual_hdrs, ...).
    """
    native.cc_library(
        name = name,
        srcs = _headers(srcs) + apart + _glued(name, _sources(srcs), ".cc", kwargs.get("testonly", False)),
        hdrs = hdrs,
        copts = (SANSIP_CORE_COPTS if core else SANSIP_COPTS) + (_HOT_OPTIMIZATION if core or hot else []) + copts,
        include_prefix = "sansip",
        strip_include_prefix = "/",
        linkstatic = True,
        deps = deps,
        **kwargs
    )

def sansip_cc_binary(name, srcs, deps = [], copts = [], **kwargs):
    """A program; headers among srcs are included as "sansip/..." like any other."""
    native.cc_binary(
        name = name,
        srcs = _glued(name, _sources(srcs), ".cc", kwargs.get("testonly", False)),
        copts = SANSIP_COPTS + copts,
        deps = deps + _own_headers(name, srcs, deps, kwargs.get("testonly", False)),
        **kwargs
    )

def sansip_cc_test(name, srcs, deps = [], copts = [], size = "small", **kwargs):
    """A GoogleTest program with a main, the listener for SANSIP_SHOWS and GoogleMock.

    Its sources are compiled a few at a time, as those of a library.

    Args:
      name: as in cc_test, like srcs, deps, copts, size and the rest.
      srcs: sources and private headers.
      deps: dependencies.
      copts: further compiler options.
      size: as in cc_test.
      **kwargs: passed to cc_test (data, tags, ...).
    """
    tests_deps = deps + [dep for dep in _TEST_DEPS if dep not in deps]
    native.cc_test(
        name = name,
        size = size,
        srcs = _glued(name, _sources(srcs), "_test.cc", True),
        copts = SANSIP_COPTS + copts,
        deps = tests_deps + _own_headers(name, srcs, tests_deps, True),
        **kwargs
    )

_TEST_DEPS = [
    "//tests/support:shows",
    "@com_google_googletest//:gtest",
    "@com_google_googletest//:gtest_main",
]

# Sources compiled at once: more save little and make a change wait.
_TOGETHER = 8

def _glued(name, srcs, suffix, testonly):
    """Generated sources of the text of several of `srcs`; a single one stays as it is."""
    if len(srcs) <= 1:
        return srcs
    glued = []
    for first in range(0, len(srcs), _TOGETHER):
        out = "%s_part%d%s" % (name, first // _TOGETHER, suffix)
        native.genrule(
            name = out.replace(".", "_"),
            testonly = testonly,
            srcs = srcs[first:first + _TOGETHER],
            outs = [out],
            cmd = "for source in $(SRCS); do echo \"#line 1 \\\"$$source\\\"\"; cat $$source; done > $@",
            visibility = ["//visibility:private"],
        )
        glued.append(out)
    return glued

def sansip_fuzz_target(name, srcs, deps = [], corpus = None, dict = None, **kwargs):
    """A source file that defines LLVMFuzzerTestOneInput.

    With --config=fuzz, `name` is a libFuzzer program. In every other build, `name`_replay is
    a test that gives the function the empty input and every file of its corpus.

    Args:
      name: by convention `x_fuzzer`.
      srcs: the source (and private headers).
      deps: what it needs.
      corpus: a folder of this package; default corpus/<name without _fuzzer>.
      dict: a libFuzzer dictionary, kept in the target's data.
      **kwargs: size, timeout and tags of the replay test.
    """
    folder = corpus or "corpus/" + name.replace("_fuzzer", "")
    inputs = native.glob([folder + "/**"], allow_empty = True)
    sansip_cc_library(
        name = name + "_entry",
        testonly = True,
        srcs = srcs,
        deps = deps,
        alwayslink = True,
    )
    native.cc_binary(
        name = name,
        testonly = True,
        data = inputs + ([dict] if dict else []),
        linkopts = select({
            "//tools:fuzz": ["-fsanitize=fuzzer"],
            "//conditions:default": [],
        }),
        tags = [
            "fuzz-target",
            "manual",
        ],
        deps = [name + "_entry"] + select({
            "//tools:fuzz": [],
            "//conditions:default": ["//tests/support:replay_main"],
        }),
    )
    native.cc_test(
        name = name + "_replay",
        size = kwargs.pop("size", "small"),
        args = [native.package_name() + "/" + folder],
        data = inputs,
        deps = [name + "_entry", "//tests/support:replay_main"],
        **kwargs
    )

def _headers(srcs):
    return [src for src in srcs if src.endswith(".h")]

def _sources(srcs):
    return [src for src in srcs if not src.endswith(".h")]

def _own_headers(name, srcs, deps, testonly):
    """A test's or a program's private headers, as a library so that they get the prefix."""
    if not _headers(srcs):
        return []
    sansip_cc_library(
        name = name + "_headers",
        testonly = testonly,
        hdrs = _headers(srcs),
        visibility = ["//visibility:private"],
        deps = deps,
    )
    return [name + "_headers"]
