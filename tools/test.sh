#!/usr/bin/env bash
# Everything that is checked before a change is accepted. All parts run, also after one that failed, so that one run
# shows all there is to mend. The last line counts: N passed, N failed, N skipped. With CI set, what could not run
# for want of a browser or a server counts as failed.
# shellcheck disable=SC2317 # the parts are called by name
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

LOG="$ROOT/target/test-log"
mkdir -p "$ROOT/target"
passed=0 failed=0 skipped=0
table="" trouble=""

# part NAME COMMAND…: runs it, times it, and counts it as one, unless the command counts for itself (see counted).
part() {
  local name="$1" begun=$SECONDS p=$passed f=$failed s=$skipped result=ok
  shift
  printf '\n--- %s\n' "$name"
  "$@" || result=failed
  if [ "$passed$failed$skipped" = "$p$f$s" ]; then
    if [ "$result" = ok ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  fi
  if [ "$result$passed$failed" = "ok$p$f" ]; then result="not run"; fi
  local took=$((SECONDS - begun))
  table+="$(printf '%-28s %-7s %3d:%02d min' "$name" "$result" $((took / 60)) $((took % 60)))"$'\n'
  [ "$result" != failed ]
}

# counted PATTERN COMMAND…: adds the numbers before "passed", "failed" and "ignored" or "skipped" in the output's lines
# that match. A command that fails without a failed test (it did not compile, it crashed) is one failure.
counted() {
  local pattern="$1" status=0 p f s
  shift
  "$@" 2>&1 | tee "$LOG" || status=1
  # What went wrong is said again at the very end, where it is seen.
  trouble+="$(grep -E -A3 '  FAIL  |  AGAIN, |\.\.\. FAILED$' "$LOG" | cut -c1-400 || true)"$'\n'
  read -r p f s < <(awk -v pattern="$pattern" '
    $0 ~ pattern { for (i = 2; i <= NF; i++) {
      if ($i ~ /^passed/) p += $(i - 1); if ($i ~ /^failed/) f += $(i - 1); if ($i ~ /^(ignored|skipped)/) s += $(i - 1) } }
    END { print p + 0, f + 0, s + 0 }' "$LOG")
  if [ "$status" != 0 ] && [ "$f" = 0 ]; then f=1; fi
  # Nothing at all was counted: a suite that tests nothing must not look like one that passes.
  if [ "$p$f$s" = 000 ]; then f=1 status=1 && echo "No test was counted."; fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  [ "$status" = 0 ] && [ "$f" = 0 ]
}

# not_run WHAT: counted as skipped, and in CI, where everything has to be there, as failed.
not_run() {
  echo "Not run: $1"
  table+="$(printf '%-28s %s' "$1" "not run")"$'\n'
  if [ -z "${CI:-}" ]; then skipped=$((skipped + 1)) && return 0; fi
  failed=$((failed + 1))
  return 1
}

has_engine() {
  case "$1" in
    chromium) [ -n "$PREFLIGHT_CHROMIUM" ] && [ -n "$PREFLIGHT_CHROMEDRIVER" ] ;;
    firefox) [ -n "$PREFLIGHT_FIREFOX" ] && [ -n "$PREFLIGHT_GECKODRIVER" ] ;;
    webkit) [ -n "$PREFLIGHT_WEBKITDRIVER" ] && [ -n "$PREFLIGHT_MINIBROWSER" ] && [ -n "$PREFLIGHT_XVFB" ] ;;
    *) false ;;
  esac
}

# Only the engines that are here are handed to the tests; the others are counted here.
browser_tests() {
  local engine engines="" status=0
  for engine in ${PREFLIGHT_ENGINES:-chromium firefox webkit}; do
    if has_engine "$engine"; then engines+="$engine "; else not_run "browser: $engine" || status=1; fi
  done
  if [ -n "$engines" ]; then
    PREFLIGHT_ENGINES="${engines% }" counted '^browser: ' cargo test --test browser -- --nocapture || status=1
  fi
  return "$status"
}

page=yes
if ! tools/setup.sh lab page browsers; then page=no failed=1; fi
load_env

part "format" cargo fmt --check || true
part "clippy, native" cargo clippy --all-targets -- -D warnings || true
# In the release profile, as the page is built: the macros are compiled once for both.
if [ "$page" = yes ]; then
  part "clippy, wasm32" tools/wasm-env.sh \
    cargo clippy --release --lib --bins --target wasm32-unknown-unknown -- -D warnings || true
fi
# The browser tests have `test = false` in Cargo.toml: they need the built page and run last.
part "native tests" counted '^test result: ' cargo test --no-fail-fast --lib --tests || true
if [ -z "${PREFLIGHT_MLFLOW:-}" ]; then not_run "real MLflow server" || true; fi
if [ "$page" = yes ]; then part "page build" tools/page.sh || page=no; fi
if [ "$page" = yes ]; then
  part "page size" node tools/size.mjs || true
  if [ -f tests/browser.rs ] || [ -d tests/browser ]; then part "browser tests" browser_tests || true; fi
else
  not_run "browser tests: no page" || true
fi

printf '\n%s\n%s\n' "$table" "$(grep . <<<"$trouble" || true)"
count="$passed passed, $failed failed"
if [ "$skipped" -gt 0 ]; then count+=", $skipped skipped"; fi
echo "$count" | tee "$ROOT/target/test-count"
[ "$failed" = 0 ]
