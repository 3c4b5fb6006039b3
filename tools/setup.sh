#!/usr/bin/env bash
# Installs what is missing, says what and where, and uses what is already there.
#
#   tools/setup.sh page       compiler for WebAssembly, trunk, wasm-bindgen, wasm-opt, esbuild: without them it fails
#   tools/setup.sh lab        the real servers of the lab: MLflow, an old MLflow, nginx, and Caddy and HAProxy for their fix
#                             cards (PREFLIGHT_LAB="mlflow mlflow-2 nginx caddy haproxy")
#   tools/setup.sh browsers   chromium (and PREFLIGHT_ENGINES="chromium firefox webkit") with their drivers
#   any single name of these, such as mlflow-2, firefox or nginx
#
# Language tools go into .tools/. System packages are installed only as root on a Debian-like machine; elsewhere the
# command is printed. What was found stands in .tools/env.sh. A missing server or browser is said and left empty there:
# the tests that need it count as not run.
# shellcheck disable=SC2317 # the need_ functions are called by the names on the command line
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

TRUNK=0.21.14
WASM_SPLIT=0.2.4
BINARYEN=132.0.0
ESBUILD=0.28.2
AXE=4.14.1
LIGHTHOUSE=12.8.2
MLFLOW=3.17.2
MLFLOW_2=2.14.3
GECKODRIVER=0.37.1

export PATH="$TOOLS/bin:$TOOLS/node_modules/.bin:$PATH"
mkdir -p "$TOOLS/log"

# --- how things are installed ---------------------------------------------------------------------------------------

# attempt LOG COMMAND…: keeps the output in a log file.
attempt() {
  local log="$TOOLS/log/$1.log"
  shift
  "$@" >"$log" 2>&1 </dev/null
}

# bounded SECONDS COMMAND…: ends it when it takes longer, where the system has the means. Ctrl-C reaches it.
bounded() {
  local seconds="$1"
  shift
  if timeout --foreground 5 true 2>/dev/null; then timeout --foreground "$seconds" "$@"; else "$@"; fi
}

# aside COMMAND…: begins it beside what comes next, in a process group of its own, which ends with this script.
asides=""
aside() {
  set -m
  # Without the lock, which ends with this script.
  "$@" 9>&- &
  asides+=" -$!"
  set +m
}
# shellcheck disable=SC2086 # a list of process groups
trap 'if [ -n "$asides" ]; then kill -- $asides 2>/dev/null || true; fi' EXIT

# failed LOG: shows the end of a log.
failed() {
  say "that failed; the end of .tools/log/$1.log:"
  tail -n 12 "$TOOLS/log/$1.log" | sed 's/^/        /'
}

# cannot WHAT WHY HOW: the one sentence for what cannot be had.
cannot() { say "$1 is missing: $2. To get it, $3."; }

apt_updated=no
# apt_install LOG PACKAGE…: tries what is known, then once with fresh package lists.
apt_install() {
  local log="$1"
  shift
  has apt-get || return 1
  if [ "$(id -u)" != 0 ]; then
    say "$log needs system packages; run: sudo apt-get install $*"
    return 1
  fi
  say "$log: installing the system packages $*"
  # RUNLEVEL keeps a package from starting its service: the lab starts its own nginx.
  local install=(env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -q --no-install-recommends "$@")
  attempt "$log" "${install[@]}" && return 0
  if [ "$apt_updated" = no ]; then
    apt_updated=yes
    attempt apt-update apt-get update -q || failed apt-update
    attempt "$log" "${install[@]}" && return 0
  fi
  failed "$log"
  return 1
}

# cargo_install CRATE VERSION [OPTION…]: into .tools/bin. Built for a quick build, not for the quickest tool.
cargo_install() {
  local crate="$1" version="$2"
  shift 2
  say "$crate $version: building it into .tools/bin (some minutes)"
  local install=(env CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_TARGET_DIR="$TOOLS/build"
    cargo install "$crate" --version "=$version" --root "$TOOLS" --force "$@")
  # The locked dependencies are the tested ones, but one of them may have been withdrawn since.
  if attempt "$crate" "${install[@]}" --locked || attempt "$crate" "${install[@]}"; then
    say "$crate $version: done"
  else
    failed "$crate"
    return 1
  fi
}

# npm_install PACKAGE VERSION: its programs land in .tools/node_modules/.bin.
npm_install() {
  say "$1 $2: installing the npm package into .tools/node_modules"
  local install=(npm install --prefix "$TOOLS" --no-audit --no-fund --save-exact --fetch-timeout=60000 "$1@$2")
  # npm has been seen to wait for ever for an answer that never came; asked again, it took a second.
  local try
  for try in 1 2 3; do
    attempt "$1" bounded 120 "${install[@]}" && return 0
    say "$1 $2: try $try did not come to its end"
  done
  failed "$1"
  return 1
}

# --- page -------------------------------------------------------------------------------------------------------------

need_cargo() {
  has cargo && return 0
  apt_install rust rustc-web cargo-web rust-web-clippy rustfmt-web && return 0
  cannot "Rust (cargo)" "it builds the page and the tests" "install it with rustup and run this again"
  return 1
}

need_wasm_compiler() {
  if [ "$(wasm_compiler)" != none ]; then
    has_std_source && return 0
    say "rust-src: adding the standard library's source to the Rust toolchain, to build a smaller page"
    { has rustup && attempt rust-src rustup component add rust-src && has_std_source; } ||
      say "it cannot be had here: the page is built without it, and is larger"
    return 0
  fi
  if has rustup; then
    say "wasm32-unknown-unknown: adding it to the Rust toolchain with rustup"
    # A cargo that is not rustup's may come first on PATH: what counts is the compiler that will be used.
    if attempt rustup rustup target add wasm32-unknown-unknown && [ "$(wasm_compiler)" != none ]; then
      attempt rust-src rustup component add rust-src || say "rust-src cannot be had: the page will be larger"
      return 0
    fi
    say "rustup could not give it to the compiler that is used here; trying Debian's Rust, which builds it from source"
  fi
  if apt_install rust-for-wasm rustc-web cargo-web rust-web-src rust-web-clippy; then
    # The linker must know the WebAssembly that this compiler writes: the same LLVM, or the newest there is.
    local llvm newest
    llvm="$(/usr/bin/rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')"
    newest="$(apt-cache search '^lld-[0-9]+$' | cut -d' ' -f1 | sort -V | tail -n 1)"
    apt_install wasm-linker "lld-$llvm" || apt_install wasm-linker "$newest" || true
  fi
  [ "$(wasm_compiler)" = none ] || return 0
  cannot "A Rust compiler for WebAssembly" "it builds the page" "run: rustup target add wasm32-unknown-unknown"
  return 1
}

need_trunk() {
  # 0.22 asks for a newer compiler than many have; what Trunk.toml uses is the same in all of 0.21.
  case "$(trunk --version 2>/dev/null)" in "trunk 0.21."*) return 0 ;; esac
  cargo_install trunk "$TRUNK" --no-default-features --features rustls && return 0
  cannot "trunk $TRUNK" "it puts the page together" "run: cargo install trunk --version $TRUNK --locked"
  return 1
}

need_wasm_bindgen() {
  local version
  version="$(locked_version wasm-bindgen)"
  case "$(wasm-bindgen --version 2>/dev/null)" in "wasm-bindgen $version"*) return 0 ;; esac
  cargo_install wasm-bindgen-cli "$version" && return 0
  cannot "wasm-bindgen $version" "it joins the page's WebAssembly and JavaScript (the version of Cargo.lock)" \
    "run: cargo install wasm-bindgen-cli --version $version"
  return 1
}

need_wasm_split() {
  has wasm-split-cli && grep -qs "\"wasm_split_cli_support $WASM_SPLIT " "$TOOLS/.crates.toml" && return 0
  cargo_install wasm_split_cli_support "$WASM_SPLIT" --features build-binary && return 0
  cannot "wasm-split-cli $WASM_SPLIT" "it cuts the page's WebAssembly into pieces" \
    "run: cargo install wasm_split_cli_support --version $WASM_SPLIT --features build-binary"
  return 1
}

need_node() {
  has node && has npm && return 0
  apt_install node nodejs npm && return 0
  cannot "Node.js with npm" "it brings wasm-opt and measures the page's size" "install Node.js 18 or newer"
  return 1
}

need_wasm_opt() {
  case "$(wasm-opt --version 2>/dev/null)" in "wasm-opt version ${BINARYEN%%.*}"*) return 0 ;; esac
  npm_install binaryen "$BINARYEN" && return 0
  cannot "wasm-opt ${BINARYEN%%.*}" "it makes the page's WebAssembly small" "put it on PATH (it is part of binaryen)"
  return 1
}

need_esbuild() {
  [ "$(esbuild --version 2>/dev/null)" = "$ESBUILD" ] && return 0
  npm_install esbuild "$ESBUILD" && return 0
  # Not needed, only wanted: without it the page works and weighs a few kB more.
  cannot "esbuild $ESBUILD" "it makes the page's scripts and styles small" "put it on PATH"
  return 0
}

# --- lab --------------------------------------------------------------------------------------------------------------

# find_python NEWEST: a Python from 3.10 to this minor version that can make virtual environments.
find_python() {
  local name fits="import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, $1))"
  for name in python3 python3.14 python3.13 python3.12 python3.11 python3.10; do
    if has "$name" && "$name" -c "$fits" 2>/dev/null; then
      echo "$name"
      return
    fi
  done
  return 1
}

# install_mlflow VERSION NEWEST PACKAGE…: a virtual environment of its own, with a Python of at most 3.NEWEST. The mark
# says that its installation came to its end, and with which packages.
install_mlflow() {
  local version="$1" newest="$2" folder="$TOOLS/mlflow-$1"
  shift 2
  if [ "$(cat "$folder/complete" 2>/dev/null)" = "$*" ]; then return 0; fi
  if ! find_python "$newest" >/dev/null &&
    ! { apt_install python python3 python3-venv && find_python "$newest" >/dev/null; }; then
    cannot "Python 3.10 to 3.$newest with venv" "MLflow $version runs on it" "install such a Python"
    return 0
  fi
  aside fetch_mlflow "$version" "$newest" "$@"
}

# What takes long of it is mostly waiting, so others go on meanwhile.
fetch_mlflow() {
  local version="$1" newest="$2" folder="$TOOLS/mlflow-$1"
  shift 2
  say "MLflow $version: installing it with pip into .tools/mlflow-$version (a minute or two)"
  local install=("$folder/bin/pip" install --disable-pip-version-check --retries 5 "mlflow==$version" "$@")
  if { [ -x "$folder/bin/pip" ] || attempt "mlflow-$version" "$(find_python "$newest")" -m venv --clear "$folder"; } &&
    attempt "mlflow-$version" bounded 900 "${install[@]}"; then
    echo "$*" >"$folder/complete"
    say "MLflow $version: done"
  else
    failed "mlflow-$version"
    cannot "MLflow $version" "the lab tests against the real server" "see whether pip can install mlflow==$version"
  fi
}
# Flask-WTF is what `--app-name basic-auth` needs besides.
need_mlflow() { install_mlflow "$MLFLOW" 14 'Flask-WTF<2'; }
# It asks for packages that were never built for a newer Python, and its SQL is not that of SQLAlchemy 2.1.
need_mlflow_2() { install_mlflow "$MLFLOW_2" 12 'SQLAlchemy<2.1'; }

need_caddy() {
  has caddy || apt_install caddy caddy || cannot caddy "its fix cards are tried" "install caddy"
}

need_haproxy() {
  has haproxy || [ -x /usr/sbin/haproxy ] || apt_install haproxy haproxy ||
    cannot haproxy "its fix cards are tried" "install haproxy"
}

need_nginx() {
  has nginx || [ -x /usr/sbin/nginx ] || apt_install nginx nginx-light ||
    cannot nginx "the lab puts a real proxy before MLflow" "install nginx"
  # Makes the test profiles of Chromium and Firefox trust the lab's own authority.
  has certutil || apt_install certutil libnss3-tools ||
    cannot certutil "one row of the lab needs a trusted certificate" "install libnss3-tools"
}

# --- browsers ---------------------------------------------------------------------------------------------------------

find_chromium() {
  first_of chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
}
find_firefox() { first_of firefox-esr firefox "/Applications/Firefox.app/Contents/MacOS/firefox"; }
# Not on any PATH: a folder of the library holds it.
find_minibrowser() {
  find /usr/lib /usr/libexec -maxdepth 3 -name MiniBrowser -path '*webkit*' 2>/dev/null | sort -V | tail -n 1
}

need_chromium() {
  [ -n "$(find_chromium)" ] && has chromedriver && return 0
  apt_install chromium chromium chromium-driver && return 0
  cannot "Chromium with chromedriver" "the browser tests drive it" "install Chrome and a chromedriver of its version"
}

# Looks at the page in Chromium, for whoever does not see or point.
need_axe() {
  grep -q "\"version\": \"$AXE\"" "$TOOLS/node_modules/axe-core/package.json" 2>/dev/null && return 0
  npm_install axe-core "$AXE" ||
    cannot "axe-core $AXE" "it tests whether everybody can use the page" "see whether npm can install axe-core@$AXE"
}

# Only for make lighthouse.
need_lighthouse() {
  [ "$(lighthouse --version 2>/dev/null)" = "$LIGHTHOUSE" ] && return 0
  npm_install lighthouse "$LIGHTHOUSE" && return 0
  cannot "lighthouse $LIGHTHOUSE" "it judges how the page loads" "see whether npm can install lighthouse@$LIGHTHOUSE"
  return 1
}

need_firefox() {
  [ -n "$(find_firefox)" ] || apt_install firefox firefox-esr ||
    cannot Firefox "the browser tests drive it" "install Firefox"
  has geckodriver || cargo_install geckodriver "$GECKODRIVER" ||
    cannot geckodriver "the browser tests drive Firefox with it" "put geckodriver on PATH"
}

need_webkit() {
  has WebKitWebDriver && has Xvfb && [ -n "$(find_minibrowser)" ] && return 0
  apt_install webkit webkit2gtk-driver xvfb && return 0
  cannot "WebKitGTK with its driver and Xvfb" "the browser tests drive it" "install your system's webkit2gtk-driver and xvfb"
}

# --- what was found ---------------------------------------------------------------------------------------------------

# first_of NAME…: the path of the first program that is there, or nothing.
first_of() {
  local name
  for name in "$@"; do command -v "$name" 2>/dev/null && return 0; done
  return 0
}

mlflow_of() { if [ -e "$TOOLS/mlflow-$1/complete" ]; then echo "$TOOLS/mlflow-$1/bin/mlflow"; fi; }

write_env() {
  {
    echo "# Written by tools/setup.sh: what it found. Empty means missing."
    # shellcheck disable=SC2016 # $PATH is for whoever reads the file
    printf 'export PATH=%q:%q:"$PATH"\n' "$TOOLS/bin" "$TOOLS/node_modules/.bin"
    printf 'export %s=%q\n' \
      PREFLIGHT_CHROMIUM "$(find_chromium)" \
      PREFLIGHT_CHROMEDRIVER "$(first_of chromedriver)" \
      PREFLIGHT_FIREFOX "$(find_firefox)" \
      PREFLIGHT_GECKODRIVER "$(first_of geckodriver)" \
      PREFLIGHT_WEBKITDRIVER "$(first_of WebKitWebDriver)" \
      PREFLIGHT_MINIBROWSER "$(find_minibrowser)" \
      PREFLIGHT_XVFB "$(first_of Xvfb)" \
      PREFLIGHT_AXE "$(find "$TOOLS/node_modules/axe-core" -name axe.min.js 2>/dev/null)" \
      PREFLIGHT_NGINX "$(first_of nginx /usr/sbin/nginx)" \
      PREFLIGHT_MLFLOW "$(mlflow_of "$MLFLOW")" \
      PREFLIGHT_MLFLOW_2 "$(mlflow_of "$MLFLOW_2")"
  } >"$TOOLS/env.sh.new"
  mv "$TOOLS/env.sh.new" "$TOOLS/env.sh"
}

# --- the list of needs ------------------------------------------------------------------------------------------------

# Two setups at once would install the same thing over each other.
if has flock; then
  exec 9>"$TOOLS/lock"
  flock -n 9 || { say "another setup is running here; waiting for it" && flock 9; }
fi

status=0
for need in "$@"; do
  case "$need" in
    page) list="cargo wasm_compiler trunk wasm_bindgen wasm_split node wasm_opt esbuild" ;;
    lab) list="${PREFLIGHT_LAB:-mlflow mlflow-2 nginx caddy haproxy}" ;;
    browsers) list="${PREFLIGHT_ENGINES:-chromium} axe" ;;
    *) list="$need" ;;
  esac
  for one in $list; do
    "need_${one//-/_}" || status=1
  done
done
# Each says itself what it could not install.
wait
asides=""
# Kept until here: the tools share many crates.
rm -rf "$TOOLS/build"
write_env
if [ "$status" = 0 ]; then say "setup: done ($*)"; fi
exit "$status"
