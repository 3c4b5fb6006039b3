#!/usr/bin/env bash
# Gives each decoder input that libFuzzer thinks of, for a number of seconds each: tools/fuzz.sh [SECONDS] [DECODER…]
# (60 seconds, all). Ends with 1 when something was found; the input that did it then lies in tests/fuzz/found/, where
# `cargo test --test decoders` tries it from then on. Needs a C++ compiler. What was learnt stays in target/fuzz/corpus.
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

seconds="${1:-60}"
shift || true
wanted=" $* "
build="$ROOT/target/fuzz"
corpus="$build/corpus"
host="$(rustc -vV | sed -n 's/^host: //p')"
manifest="$ROOT/tests/fuzz/Cargo.toml"

command -v c++ > /dev/null || { echo "fuzz: a C++ compiler is needed (c++)" >&2 && exit 1; }

# Coverage as libFuzzer reads it. All of these flags a stable compiler takes; with a target named, they are not given to
# build scripts.
instrumented="--cfg fuzzing -Ccodegen-units=1 -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table
  -Cllvm-args=-sanitizer-coverage-trace-compares"

CARGO_TARGET_DIR="$build/seeds" cargo build --quiet --release --manifest-path "$manifest"
CARGO_TARGET_DIR="$build/target" RUSTFLAGS="$instrumented" \
  cargo build --quiet --release --manifest-path "$manifest" --target "$host"
fuzz="$build/target/$host/release/fuzz"

list="$("$build/seeds/release/fuzz" "$build/seed-files")"
status=0
printf '%-16s %14s %8s %9s  %s\n' decoder executions seconds inputs result
while read -r name longest; do
  case "$wanted" in
    "  " | *" $name "*) ;;
    *) continue ;;
  esac
  found="$ROOT/tests/fuzz/found/$name"
  mkdir -p "$corpus/$name" "$found"
  log="$build/$name.log"
  result="nothing found"
  begun=$SECONDS
  if ! PREFLIGHT_FUZZ="$name" "$fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -max_len="$longest" -print_final_stats=1 -artifact_prefix="$found/" \
    "$corpus/$name" "$build/seed-files/$name" "$found" > "$log" 2>&1; then
    status=1
    # It also ends so when somebody stops it.
    result="DID NOT COME TO ITS END: $log"
    if grep -qa '^artifact_prefix=' "$log"; then result="FOUND something: $log"; fi
  fi
  executions="$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
  inputs="$(find "$corpus/$name" -type f | wc -l)"
  rmdir --ignore-fail-on-non-empty "$found"
  printf '%-16s %14s %8s %9s  %s\n' "$name" "${executions:-?}" "$((SECONDS - begun))" "$inputs" "$result"
done <<< "$list"
rmdir --ignore-fail-on-non-empty "$ROOT/tests/fuzz/found" 2> /dev/null || true
exit "$status"
