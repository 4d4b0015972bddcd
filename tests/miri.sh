#!/usr/bin/env bash
# Runs the core's unit tests under Miri, where a nightly toolchain with the `miri` component is installed. The core forbids `unsafe`, so this is
# about its dependencies and about overflow and leaks; the longest tests are left out.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! cargo +nightly miri --version >/dev/null 2>&1; then
    echo "Miri is not installed: rustup toolchain install nightly --component miri" >&2
    exit 1
fi
cargo +nightly miri test --package cotangent-core --lib -- --skip linear_time --skip million
