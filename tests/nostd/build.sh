#!/usr/bin/env bash
# Builds cotangent-core for targets without `std`. A core that used `std` by accident would not build: these targets have none.
#
#   tests/nostd/build.sh [TARGET...]         default: wasm32-unknown-unknown thumbv7em-none-eabihf
#
# Where the targets' libraries come from, in this order:
#   1. COTANGENT_NOSTD_TOOLCHAIN=DIR: a toolchain made by tests/nostd/toolchain.sh DIR (made now if DIR has none);
#   2. the targets of `rustup target add`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
[ $# -gt 0 ] || set -- wasm32-unknown-unknown thumbv7em-none-eabihf

if [ -n "${COTANGENT_NOSTD_TOOLCHAIN:-}" ]; then
    "$here/toolchain.sh" "$COTANGENT_NOSTD_TOOLCHAIN" "$@"
    RUSTC=$(cd "$COTANGENT_NOSTD_TOOLCHAIN" && pwd)/rustc
    export RUSTC
fi

for target in "$@"; do
    lib=$("${RUSTC:-rustc}" --print target-libdir --target "$target")
    if ! compgen -G "$lib/libcore-*.rlib" >/dev/null; then
        echo "$target is not installed: run 'rustup target add $target', or set COTANGENT_NOSTD_TOOLCHAIN to a folder for a toolchain" >&2
        exit 1
    fi
    echo "== $target, $("${RUSTC:-rustc}" --version)"
    # A target folder of its own: the compiler may not be the one that built the rest.
    cargo build --release --locked --lib --package cotangent-core --target "$target" \
        --target-dir "${CARGO_TARGET_DIR:-target}/nostd"
done
