#!/usr/bin/env bash
# Builds the page into dist/ as it is hosted: release, minified, with no inline script or style.
# Does nothing when no source has changed since the last build that worked.
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

STAMP="$ROOT/target/wasm/page-built"

# Folders count too: their time changes when a file in them goes away.
is_fresh() {
  [ -f dist/index.html ] && [ -f "$STAMP" ] &&
    [ -z "$(find . -mindepth 1 \( -path ./.git -o -path ./.tools -o -path ./.ci -o -path ./target -o -path ./dist \
      -o -path ./tests -o -path ./docs -o -path ./README.md \) -prune -o -newer "$STAMP" -print -quit)" ]
}

# The policy forbids inline code; a build that brings some back must fail here, not in somebody's browser.
no_inline_code() {
  local found
  found="$(grep -oE '<script[^>]*>|<style[^>]*>|<[^>]* (style|on[a-z]+)=' dist/index.html |
    grep -vE '^<script[^>]* src=' || true)"
  if [ -n "$found" ]; then
    echo "dist/index.html has inline code, which the page's policy forbids: $found" >&2
    return 1
  fi
}

if is_fresh; then
  say "dist/ is up to date"
  exit 0
fi

say "building the page into dist/ (the first time builds everything: some minutes)"
mkdir -p "$(dirname "$STAMP")"
# The time of the beginning: what is edited during the build is built the next time.
touch "$STAMP.begun"
# Trunk is kept off the network, since it would fetch tools that setup.sh has installed; crates come beforehand.
# The same environment as the build's: the standard library has crates of its own.
PREFLIGHT_SMALL=1 tools/wasm-env.sh cargo fetch --locked --quiet --target wasm32-unknown-unknown
# A compile error is enough; Trunk would add its own call stack where backtraces are switched on.
RUST_LIB_BACKTRACE=0 PREFLIGHT_SMALL=1 tools/wasm-env.sh trunk --log warn build --release --offline --locked
no_inline_code
mv "$STAMP.begun" "$STAMP"
say "dist/ is built"
