#!/usr/bin/env bash
# Makes a compiler with targets that have no `std`, for machines where `rustup target add` is not possible. Debian packages
# a newer compiler for web browsers (rustc-web) and the source of its library (rust-web-src); this unpacks both in a folder, without
# root and without installing anything, and builds `core` and `alloc` for the targets.
#
#   tests/nostd/toolchain.sh FOLDER TARGET...      then: RUSTC=FOLDER/rustc cargo build --target TARGET
#
# Needs apt, dpkg-deb, rustup's cargo and its rust-lld. About 140 MB of downloads, 600 MB of disk, two minutes.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "$1"
root=$(cd "$1" && pwd)
shift
host=x86_64-unknown-linux-gnu

unpack_compiler() {
    local work=$root/download
    mkdir -p "$work"
    # What apt would install tells the names and versions of the parts; each line is "Inst NAME [OLD] (VERSION ...".
    local parts
    mapfile -t parts < <(
        apt-get install --simulate --no-install-recommends rustc-web libstd-rust-web-dev rust-web-src |
            sed -nE 's/^Inst ([^ ]+) (\[[^]]*\] )?\(([^ ]+) .*/\1=\3/p'
    )
    if [ "${#parts[@]}" -lt 3 ]; then
        echo "apt does not offer rustc-web, libstd-rust-web-dev and rust-web-src (or they are installed: then use RUSTC=/usr/bin/rustc)" >&2
        exit 1
    fi
    (cd "$work" && apt-get --quiet --option APT::Sandbox::User=root download "${parts[@]}")
    local deb
    for deb in "$work"/*.deb; do
        dpkg-deb --extract "$deb" "$root"
    done
    rm -r "$work"
    local lib=$root/usr/lib/rustlib
    # Cargo looks for the library's source under the sysroot; the compiler looks there for the linker of these targets.
    mkdir -p "$lib/src/rust" "$lib/$host/bin"
    ln -sfn "$(echo "$root"/usr/src/rustc-*/library)" "$lib/src/rust/library"
    ln -sfn "$(rustc --print sysroot)/lib/rustlib/$host/bin/rust-lld" "$lib/$host/bin/rust-lld"
    {
        echo '#!/bin/sh'
        echo "export LD_LIBRARY_PATH=$root/usr/lib/x86_64-linux-gnu\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
        echo "exec $root/usr/bin/rustc \"\$@\""
    } >"$root/rustc"
    chmod +x "$root/rustc"
}

# Builds `core` and `alloc` by way of an empty crate and puts them where the compiler looks for a target's libraries. So the
# project itself is built as by any stable compiler, with no unstable feature switched on.
build_target() {
    local target=$1
    local lib=$root/usr/lib/rustlib/$target/lib
    [ ! -e "$lib" ] || return 0
    local seed=$root/seed
    mkdir -p "$seed/src" "$seed/.cargo"
    echo '#![no_std]' >"$seed/src/lib.rs"
    cat >"$seed/Cargo.toml" <<TOML
[package]
name = "seed"
version = "0.0.0"
edition = "2021"

[workspace]

[profile.release]
panic = "abort"
TOML
    local vendored=$root/usr/lib/rustlib/src/rust/library/vendor
    if [ -d "$vendored" ]; then
        cat >"$seed/.cargo/config.toml" <<TOML
[source.crates-io]
replace-with = "vendored"

[source.vendored]
directory = "$vendored"

[net]
offline = true
TOML
    fi
    (
        cd "$seed"
        export RUSTC=$root/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$seed/target
        # Bitcode in the libraries lets a project's release profile use link-time optimisation.
        export RUSTFLAGS="-Cembed-bitcode=yes -Cforce-unwind-tables=no"
        cargo build --quiet --release --target "$target" -Zbuild-std=core,alloc
    )
    mkdir -p "$lib.part"
    cp "$seed/target/$target/release/deps/"lib{core,alloc,compiler_builtins}-*.rlib "$lib.part/"
    mv "$lib.part" "$lib"
    rm -r "$seed"
}

# Stale package lists offer an old compiler, which would only fail later.
check_version() {
    local want have
    want=$(sed -nE 's/^rust-version = "(.*)"/\1/p' "$(dirname "$0")/../../Cargo.toml")
    have=$("$root/rustc" --version | cut -d' ' -f2)
    if [ "$(printf '%s\n%s\n' "$want" "$have" | sort -V | head -1)" != "$want" ]; then
        echo "this compiler is $have and the project needs $want: run 'apt-get update', remove $root and try again" >&2
        exit 1
    fi
}

[ -x "$root/rustc" ] || unpack_compiler
check_version
for target in "$@"; do
    build_target "$target"
done
