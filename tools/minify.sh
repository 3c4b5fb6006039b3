#!/usr/bin/env bash
# Trunk calls this at the end of a build (see Trunk.toml): minifies the scripts and styles that it has put together,
# and ties the names of what it does not hash itself to their contents.
set -euo pipefail
# Trunk runs hooks side by side, and all of them write into index.html: so there is one.
tools="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cd "$TRUNK_STAGING_DIR"

# What changes with what comes in; of the length that Trunk gives its own digests.
digest() { node -e 'process.stdin.pipe(require("crypto").createHash("sha256").setEncoding("hex")).on("data", (sum) => console.log(sum.slice(0, 16)))'; }

# The pieces that are loaded when they are needed (tools/shim/wasm-bindgen), and the script that loads them.
features="$(sed -n 's/.*data-bin="preflight".*data-wasm-opt-params="\([^"]*\)".*/\1/p' "$tools/../index.html")"
cut="$tools/../target/wasm/pieces"
mkdir pieces
for piece in "$cut"/split_*.wasm "$cut"/chunk_*.wasm; do
  # shellcheck disable=SC2086 # several words
  [ ! -f "$piece" ] || wasm-opt -Oz --strip-debug --strip-producers $features "$piece" -o "pieces/$(basename "$piece")"
done
# A host that does not know WebAssembly serves it as something else; the page itself is loaded from such a one, too.
sed 's#WebAssembly.instantiateStreaming(src, imports)#WebAssembly.instantiate(await (await src).arrayBuffer(), imports)#' \
  "$cut/__wasm_split.js" >pieces/load.js

old="$(basename preflight-*.js .js)"
node "$tools/slim.mjs" "$old.js" "${old}_bg.wasm"
# shellcheck disable=SC2086 # several words
wasm-opt -Oz $features "${old}_bg.wasm" -o slim.wasm
mv slim.wasm "${old}_bg.wasm"

# The page's script takes in the small ones that it imports: a poor network has one request to wait for instead of seven.
if command -v esbuild >/dev/null; then
  esbuild "$old.js" --bundle --format=esm --external:./__wasm_split.js --legal-comments=none --log-level=warning \
    --log-override:duplicate-object-key=silent --allow-overwrite --outfile="$old.js"
  rm -rf snippets
  sed -i.before 's#<link rel="modulepreload" href="\./snippets/[^>]*>##g' index.html
  rm index.html.before
fi

# The words, under a name that changes with them.
"$tools/catalogue.sh" >catalogue.txt
words="catalogue-$(digest <catalogue.txt).txt"
mv catalogue.txt "$words"
sed -i.before "s/content=\"catalogue.txt\"/content=\"$words\"/" index.html
rm index.html.before
grep -q "$words" index.html

# One style sheet: what repeats compresses, and a poor network has one request to wait for instead of eleven.
sheets=()
while read -r sheet; do sheets+=("$sheet"); done < <(sed -n 's#.*<link rel="stylesheet" href="\./\([^"]*\)".*#\1#p' index.html)
cat "${sheets[@]}" >style.css
style="style-$(digest <style.css).css"
mv style.css "$style"
rm "${sheets[@]}"
awk -v style="$style" '!/<link rel="stylesheet"/ { print; next }
  !done++ { print "    <link rel=\"stylesheet\" href=\"./" style "\"/>" }' index.html >index.new
mv index.new index.html
grep -q "$style" index.html

# The program and its pieces belong together: one name for all of them, that changes with any.
new="preflight-$(cat preflight-* pieces/* | digest)"
mv pieces "$new"
# Only where it is loaded: the program's own table of imports keeps the name.
sed -e "s#from \"\./__wasm_split\.js\"#from \"./$new/load.js\"#" "$old.js" >"$new.js"
mv "${old}_bg.wasm" "${new}_bg.wasm"
sed -i.before "s#\./preflight\.js#../$new.js#" "$new/load.js"
sed -i.before -e "s#$old#$new#g" index.html
rm "$old.js" "$new/load.js.before" index.html.before
grep -q "$new/load.js" "$new.js"
grep -q "../$new.js" "$new/load.js"
grep -q "$new.js" index.html

# Trunk's own minifier is off: it drops parts of JavaScript without a word (trunk issue 761).
if command -v esbuild >/dev/null; then
  find . -name '*.js' -o -name '*.css' | xargs esbuild --minify --format=esm --legal-comments=none --log-level=warning \
    --log-override:duplicate-object-key=silent \
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
  sum="$(find "$folder" -type f | LC_ALL=C sort | xargs cat | digest)"
  mv "$folder" "$folder-$sum"
  for file in "$@"; do
    sed -E "s#($before)$folder/#\1$folder-$sum/#g" "$file" >"$file.new"
    mv "$file.new" "$file"
  done
}

# Both programs are made from one library; the desk's loads none of the page's scripts. Without esbuild the page's are here.
grep -q snippets/ desk/desk.js || rm -rf desk/snippets
tie desk '"' index.html
tie snippets '(from ?|href=)"\./' ./preflight-*.js index.html
