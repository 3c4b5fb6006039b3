#!/usr/bin/env bash
# The catalogue as one file: each Markdown file of src/catalogue after a line with its name (see src/catalogue/mod.rs).
# Prints it; called by Trunk at the end of a build (see Trunk.toml), it puts it beside the page under a name that changes
# with what it holds, and writes that name into the page.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C

bundle() {
  local file name
  for file in src/catalogue/causes/*.md src/catalogue/checks/*.md; do
    name="${file#src/catalogue/}"
    printf '\036%s\n' "${name%.md}"
    cat "$file"
  done
}

if [ -z "${TRUNK_STAGING_DIR:-}" ]; then
  bundle
  exit
fi
bundle >"$TRUNK_STAGING_DIR/catalogue.txt"
read -r digest _ < <(cksum "$TRUNK_STAGING_DIR/catalogue.txt")
mv "$TRUNK_STAGING_DIR/catalogue.txt" "$TRUNK_STAGING_DIR/catalogue-$digest.txt"
sed -i.before "s/content=\"catalogue.txt\"/content=\"catalogue-$digest.txt\"/" "$TRUNK_STAGING_DIR/index.html"
rm "$TRUNK_STAGING_DIR/index.html.before"
grep -q "catalogue-$digest.txt" "$TRUNK_STAGING_DIR/index.html"
