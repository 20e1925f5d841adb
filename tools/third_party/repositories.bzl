"""Every library sansip builds with, as the system provides it."""

load("//tools/third_party:system_library.bzl", "system_library")

# Abseil's label -> its pkg-config module. Add a row to use one more target.
_ABSEIL = {
    "//absl/algorithm:algorithm": "absl_algorithm",
    "//absl/algorithm:container": "absl_algorithm_container",
    "//absl/base:base": "absl_base",
    "//absl/base:config": "absl_config",
    "//absl/base:core_headers": "absl_core_headers",
    "//absl/base:endian": "absl_endian",
    "//absl/base:prefetch": "absl_prefetch",
    "//absl/cleanup:cleanup": "absl_cleanup",
    "//absl/container:fixed_array": "absl_fixed_array",
    "//absl/container:flat_hash_map": "absl_flat_hash_map",
    "//absl/container:flat_hash_set": "absl_flat_hash_set",
    "//absl/container:inlined_vector": "absl_inlined_vector",
    "//absl/functional:any_invocable": "absl_any_invocable",
    "//absl/functional:function_ref": "absl_function_ref",
    "//absl/hash:hash": "absl_hash",
    "//absl/memory:memory": "absl_memory",
    "//absl/meta:type_traits": "absl_type_traits",
    "//absl/numeric:bits": "absl_bits",
    "//absl/numeric:int128": "absl_int128",
    "//absl/random:bit_gen_ref": "absl_random_bit_gen_ref",
    "//absl/random:distributions": "absl_random_distributions",
    "//absl/random:random": "absl_random_random",
    "//absl/random:seed_sequences": "absl_random_seed_sequences",
    "//absl/status:status": "absl_status",
    "//absl/status:statusor": "absl_statusor",
    "//absl/strings:cord": "absl_cord",
    "//absl/strings:str_format": "absl_str_format",
    "//absl/strings:strings": "absl_strings",
    "//absl/synchronization:synchronization": "absl_synchronization",
    "//absl/time:time": "absl_time",
    "//absl/types:optional": "absl_optional",
    "//absl/types:span": "absl_span",
    "//absl/types:variant": "absl_variant",
    "//absl/utility:utility": "absl_utility",
}

# Their headers name each other from a folder of their own below /usr/include.
_OWN_INCLUDE = ["sofia_sip"]

def sansip_repositories(skip = []):
    """Declares them; an embedder's workspace names those it brings itself in `skip`.

    Args:
      skip: names of repositories that exist already.
    """
    repositories = {
        "cli11": ("libcli11-dev", {"//:cli11": "CLI11"}),
        "com_github_google_benchmark": ("libbenchmark-dev", {
            "//:benchmark": "benchmark",
            "//:benchmark_main": "-lbenchmark_main;benchmark",
        }),
        "com_google_absl": ("libabsl-dev", _ABSEIL),
        "com_google_googletest": ("libgtest-dev libgmock-dev", {
            "//:gtest": "gmock;gtest",
            "//:gtest_main": "gmock_main;gmock;gtest",
        }),
        "fmt": ("libfmt-dev", {"//:fmt": "fmt"}),
        # Parsers to compare ours with (bench/peers, fuzz/differential): looked up only for those.
        "libosip2": ("libosip2-dev", {"//:osipparser2": "libosip2"}),
        "libre": ("libre-dev", {"//:re": "libre"}),
        "libsndfile": ("libsndfile1-dev", {"//:sndfile": "sndfile"}),
        "nlohmann_json": ("nlohmann-json3-dev", {"//:json": "nlohmann_json"}),
        "openssl": ("libssl-dev", {"//:crypto": "libcrypto", "//:ssl": "libssl"}),
        "sofia_sip": ("libsofia-sip-ua-dev", {"//:sofia_sip_ua": "sofia-sip-ua"}),
    }
    for name, (apt, targets) in repositories.items():
        if name not in skip:
            system_library(name = name, apt = apt, targets = targets, own_include = name in _OWN_INCLUDE)
