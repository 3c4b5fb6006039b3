#!/usr/bin/env bash
# Runs one command with the environment that builds WebAssembly here: tools/wasm-env.sh cargo build --target …
# Native commands do not need it and keep the user's own compiler.
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
load_env

# A target folder of its own, so that two compilers never throw away each other's work. The lints have theirs: many
# crates are built anew when RUSTC_BOOTSTRAP, which the page's own build sets, comes or goes.
export CARGO_TARGET_DIR="$ROOT/target/wasm"
if [ "${PREFLIGHT_SMALL:-}" != 1 ]; then CARGO_TARGET_DIR+="-lints"; fi

# Trunk reads this variable as true or false and stops at the usual "1".
if [ -n "${NO_COLOR:-}" ]; then export NO_COLOR=true; fi

# The page's own build (not the lints) makes the standard library itself, for size: panics end at once without their
# messages, and nothing prints types for debugging. That takes a quarter off the page (docs/measurements.md). It needs
# the library's source and features that a stable compiler gives only when it is told to act as the one that builds the
# compiler itself; without the source the page is built as usual, and larger.
if [ "${PREFLIGHT_SMALL:-}" = 1 ] && has_std_source; then
  export RUSTC_BOOTSTRAP=1
  export CARGO_UNSTABLE_BUILD_STD=std,panic_abort
  export CARGO_UNSTABLE_BUILD_STD_FEATURES=optimize_for_size
  export RUSTFLAGS="-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none"
fi

case "$(wasm_compiler)" in
  user) ;;
  debian)
    # Debian ships no wasm32 standard library: cargo builds it from rust-web-src, for the lints as well.
    export RUSTC_BOOTSTRAP=1
    export CARGO_UNSTABLE_BUILD_STD=std,panic_abort
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="$(wasm_linker)"
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER
    # Trunk calls whatever cargo comes first; our own tools stay in front of the system's.
    export PATH="$TOOLS/bin:$TOOLS/node_modules/.bin:/usr/bin:$PATH"
    ;;
  none)
    echo "No compiler for WebAssembly is here; tools/setup.sh page installs one." >&2
    exit 1
    ;;
esac

# Trunk finds what cuts the program into pieces in the place of wasm-bindgen.
if [ "${PREFLIGHT_SMALL:-}" = 1 ]; then PATH="$ROOT/tools/shim:$PATH"; fi
exec "$@"
