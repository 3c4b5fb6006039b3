#!/usr/bin/env bash
# Trunk calls this at the end of a build (see Trunk.toml): minifies the scripts and styles that it has put together,
# and ties the names of what it does not hash itself to their contents.
set -euo pipefail
# Trunk runs hooks side by side, and all of them write into index.html: so there is one.
"$(dirname "${BASH_SOURCE[0]}")/catalogue.sh"
cd "$TRUNK_STAGING_DIR"

# Trunk's own minifier is off: it drops parts of JavaScript without a word (trunk issue 761).
if command -v esbuild >/dev/null; then
  find . -name '*.js' -o -name '*.css' | xargs esbuild --minify --format=esm --legal-comments=none --log-level=warning \
    --allow-overwrite --outbase=. --outdir=.
else
  echo "esbuild is not here: scripts and styles stay as they are" >&2
fi

# tie FOLDER BEFORE FILE…: gives the folder a name with a sum of its contents, and tells the files that speak of it, there
# where BEFORE stands before its name. A browser that kept a file of an older build must never mix it with this one.
tie() {
  local folder="$1" before="$2" sum file
  shift 2
  [ -d "$folder" ] || return 0
  sum="$(find "$folder" -type f | LC_ALL=C sort | xargs cat | cksum | cut -d' ' -f1)"
  mv "$folder" "$folder-$sum"
  for file in "$@"; do
    sed -E "s#($before)$folder/#\1$folder-$sum/#g" "$file" >"$file.new"
    mv "$file.new" "$file"
  done
}

# Both programs are made from one library; the desk's loads none of the page's scripts.
grep -q snippets/ desk/desk.js || rm -rf desk/snippets
tie desk '"' index.html
# Only where it is loaded: the program's own table of imports keeps the name.
tie snippets '(from ?|href=)"\./' ./preflight-*.js index.html
