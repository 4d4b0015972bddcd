#!/bin/sh
# Builds the tests of the kernels with AddressSanitizer and runs them.
#   host/kernels/tests/asan.sh [test names …]      without names: block special
# A stable compiler takes the sanitizer's flag only with RUSTC_BOOTSTRAP=1, which this sets. Where the toolchain has no runtime
# library for it, the script says so and ends with status 77 (skipped).
#
# Miri (`cargo +nightly miri test -p cotangent-kernels --test block --test special`) finds no vector instruction sets, so it sees
# the portable code: pointers, lengths, tails and padding are the same code for every set; the instructions themselves are what
# this script is for.
set -eu
cd "$(dirname "$0")/../../.."
host=$(rustc -vV | sed -n 's/^host: //p')
lib=$(rustc --print target-libdir)
case "$(ls "$lib" 2>/dev/null)" in
*asan*) ;;
*)
    echo "skipped: no AddressSanitizer runtime in $lib"
    exit 77
    ;;
esac
tests=${*:-block special}
arguments=
for t in $tests; do arguments="$arguments --test $t"; done
export RUSTC_BOOTSTRAP=1
export RUSTFLAGS="-Zsanitizer=address -Cdebuginfo=1"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/asan"
# shellcheck disable=SC2086
cargo test -p cotangent-kernels --target "$host" $arguments
echo "AddressSanitizer: nothing found in $tests"
