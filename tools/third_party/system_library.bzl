"""Libraries of the system, found by pkg-config, under the labels their own Bazel builds use.

    system_library(
        name = "fmt",
        apt = "libfmt-dev",
        targets = {"//:fmt": "fmt"},
    )

makes @fmt//:fmt out of the pkg-config module `fmt`. A workspace that builds a library from
source defines a repository of the same name instead; no BUILD file of ours changes.

A target names its module, or `-lname` for a library that ships none; `;` separates several.
Include directories that pkg-config names are the compiler's own as a rule, and are left out; with
`own_include` they are linked into the repository and added.
"""

_HEADER = """package(default_visibility = ["//visibility:public"])
"""

_LIBRARY = """
cc_library(
    name = %r,
    hdrs = glob(%r, allow_empty = True),
    copts = [],
    defines = %r,
    includes = %r,
    linkopts = %r,
    tags = ["system"],
)
"""

def _pkg_config(repository_ctx, module):
    program = repository_ctx.which("pkg-config")
    if not program:
        fail("pkg-config is missing: run ./bazelw, which installs what the build needs")
    result = repository_ctx.execute([program, "--cflags", "--libs", module])
    if result.return_code != 0:
        fail(("the library %r (pkg-config module %s) is missing: run ./bazelw, " +
              "or: apt-get install %s") %
             (repository_ctx.name, module, repository_ctx.attr.apt))
    return [word for word in result.stdout.replace("\n", " ").split(" ") if word]

def _split(words):
    defines = []
    linkopts = []
    directories = []
    for word in words:
        if word.startswith("-D"):
            if word != "-DNOMINMAX":  # Windows only
                defines.append(word[2:])
        elif word.startswith("-I"):
            directories.append(word[2:])
        elif word.startswith("-std="):
            pass  # the language level is ours
        else:
            linkopts.append(word)
    return defines, linkopts, directories

def _system_library_impl(repository_ctx):
    packages = {}
    for label, modules in repository_ctx.attr.targets.items():
        package, _, target = label[2:].partition(":")
        words = []
        for module in modules.split(";"):
            if module.startswith("-l"):
                words.append(module)
            else:
                words.extend(_pkg_config(repository_ctx, module))
        defines, linkopts, directories = _split(words)
        includes = []
        if repository_ctx.attr.own_include:
            for directory in directories:
                name = "include/" + directory.rpartition("/")[2]
                repository_ctx.symlink(directory, (package + "/" if package else "") + name)
                includes.append(name)
        if linkopts:
            linkopts = ["-Wl,--push-state,--as-needed"] + linkopts + ["-Wl,--pop-state"]
        packages.setdefault(package, []).append(_LIBRARY % (
            target,
            [name + "/**/*.h" for name in includes],
            defines,
            includes,
            linkopts,
        ))
    for package, libraries in packages.items():
        path = package + "/BUILD.bazel" if package else "BUILD.bazel"
        repository_ctx.file(path, _HEADER + "".join(libraries), executable = False)

system_library = repository_rule(
    implementation = _system_library_impl,
    attrs = {
        "apt": attr.string(doc = "the Debian packages that provide it"),
        "own_include": attr.bool(doc = "add the include directories of pkg-config"),
        "targets": attr.string_dict(doc = "label in this repository -> pkg-config modules"),
    },
    configure = True,
    environ = ["PATH", "PKG_CONFIG_PATH"],
    local = True,
)
