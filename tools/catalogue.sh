#!/usr/bin/env bash
# Prints the catalogue as one file: each Markdown file of src/catalogue after a line with its name (see
# src/catalogue/mod.rs). tools/minify.sh puts it beside the page.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C

for file in src/catalogue/causes/*.md src/catalogue/checks/*.md; do
  name="${file#src/catalogue/}"
  printf '\036%s\n' "${name%.md}"
  cat "$file"
done
