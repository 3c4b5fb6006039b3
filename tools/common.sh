# shellcheck shell=bash
# What the scripts in tools/ share: where things are, how they speak, which compiler makes WebAssembly.
# Sourced, never run.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
TOOLS="$ROOT/.tools" # ours alone, ignored by git, safe to delete
cd "$ROOT"

# One line per step, with the seconds since the script began.
say() { printf '[%4ds] %s\n' "$SECONDS" "$*"; }

has() { command -v "$1" >/dev/null 2>&1; }

# Written by setup.sh: PATH with our tools, and PREFLIGHT_… with what was found (empty: missing).
load_env() {
  # shellcheck source=/dev/null
  if [ -f "$TOOLS/env.sh" ]; then . "$TOOLS/env.sh"; fi
}

# The version of a package in Cargo.lock: a tool that must match it is installed in exactly that version.
locked_version() {
  awk -v want="name = \"$1\"" '$0 == want { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock
}

# Debian's compiler has a linker for WebAssembly only under a name with a version; the newest fits best.
wasm_linker() {
  find /usr/bin -name 'wasm-ld-[0-9]*' 2>/dev/null | sort -V | tail -n 1
}

# Which compiler makes WebAssembly here?
#   user    the one on PATH: its wasm32 standard library is installed
#   debian  Debian's own, which builds that library from source
#   none    neither
wasm_compiler() {
  local sysroot
  if has rustc && sysroot="$(rustc --print sysroot)" &&
    compgen -G "$sysroot/lib/rustlib/wasm32-unknown-unknown/lib/libstd-*.rlib" >/dev/null; then
    echo user
  elif [ -x /usr/bin/cargo ] && [ -x /usr/bin/rustc ] && [ -x /usr/bin/cargo-clippy ] && [ -n "$(wasm_linker)" ] &&
    [ -d "$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library/std" ]; then
    echo debian
  else
    echo none
  fi
}

# True when the compiler that makes WebAssembly here has the standard library's source. Debian's always has (above).
has_std_source() {
  [ "$(wasm_compiler)" = debian ] || [ -d "$(rustc --print sysroot)/lib/rustlib/src/rust/library/std" ]
}
