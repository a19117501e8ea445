#!/usr/bin/env bash
# Real nodes, a pool and proxies for the integration tests, unprivileged, below one folder that is kept between runs.
#   install_peers.sh knots|bcoin|pool|tools|curves|pyasic|npm_clients|prometheus|secp256k1|sri...
# Folder: $LODE_PEERS, else $XDG_CACHE_HOME or ~/.cache with lode/peers. Prints where each is.
# Exit status 77, with the reason, where this machine's package sources cannot give what is asked for.
set -euo pipefail

peers=${LODE_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/lode/peers}
mkdir -p "$peers"

skip() { echo "install_peers: $*; the tests that need it are skipped" >&2; exit 77; }

# A package of Debian unstable and all that it depends on, the C library included, unpacked into $1/root.
from_unstable() {
  local into=$1 package=$2 keys=/usr/share/keyrings/debian-archive-keyring.gpg mirror
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || skip "no apt here to fetch $package with"
  [ "$(dpkg --print-architecture)" = amd64 ] || skip "$package is fetched for amd64 only"
  [ -f "$keys" ] || skip "no keys of the Debian archive here"
  # The mirror that this machine's apt already uses for Debian itself.
  mirror=$(apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk '/debian\/? *$/ && !/security/ { print $NF; exit }')
  [ -n "$mirror" ] || skip "no Debian mirror among apt's sources"
  rm -rf "$into" && mkdir -p "$into"/apt/{state/lists/partial,cache/archives/partial,parts}
  local apt=$into/apt
  : >"$apt/status"
  echo "deb [signed-by=$keys] $mirror sid main" >"$apt/sources.list"
  cat >"$apt/apt.conf" <<CONF
Dir::State "$apt/state"; Dir::State::status "$apt/status"; Dir::Cache "$apt/cache";
Dir::Etc::SourceList "$apt/sources.list"; Dir::Etc::SourceParts "$apt/parts";
Dir::Etc::Preferences "/dev/null"; Dir::Etc::PreferencesParts "$apt/parts";
APT::Install-Recommends "false"; APT::Sandbox::User ""; Acquire::Languages "none";
CONF
  local log=$apt/log file
  { APT_CONFIG=$apt/apt.conf apt-get -qq update &&
    APT_CONFIG=$apt/apt.conf apt-get -qq -y --download-only install "$package"; } >"$log" 2>&1 ||
    skip "$package could not be downloaded: $(tail -n 1 "$log")"
  for file in "$apt"/cache/archives/*.deb; do dpkg-deb -x "$file" "$into/root"; done
  rm -rf "$apt"
}

# Bitcoin Knots, a node derived from Bitcoin Core, run by the loader of the C library that it was built for.
knots() {
  local home=$peers/knots
  [ -x "$home/bitcoind" ] && return
  from_unstable "$home.new" bitcoin-knots
  local loader
  loader=$(find "$home.new/root" -name 'ld-linux-x86-64.so.2' | head -n 1)
  [ -n "$loader" ] || skip "Bitcoin Knots came without a C library"
  cat >"$home.new/bitcoind" <<'RUN'
#!/bin/sh
root=$(dirname "$(readlink -f "$0")")/root
loader=$(find "$root" -name ld-linux-x86-64.so.2 | head -n 1)
exec "$loader" --library-path "$root/usr/lib/x86_64-linux-gnu:$root/lib/x86_64-linux-gnu" "$root/usr/bin/bitcoind" "$@"
RUN
  chmod +x "$home.new/bitcoind"
  "$home.new/bitcoind" --version >"$home.new/version" 2>&1 || skip "Bitcoin Knots does not run here: $(tail -n 1 "$home.new/version")"
  rm -rf "$home" && mv "$home.new" "$home"
}

# libsecp256k1 with ElligatorSwift, which Debian 12's is too old for.
secp256k1() {
  local home=$peers/secp256k1
  [ -e "$home/libsecp256k1.so" ] && return
  from_unstable "$home.new" libsecp256k1-6
  local library
  library=$(find "$home.new/root" -name 'libsecp256k1.so.6' | head -n 1)
  [ -n "$library" ] || skip "the package of libsecp256k1 has no library"
  cp -L "$library" "$home.new/libsecp256k1.so" && rm -rf "$home.new/root"
  rm -rf "$home" && mv "$home.new" "$home"
}

# bcoin, a node written in JavaScript; without its native parts, which it can do without.
bcoin() {
  local home=$peers/bcoin
  [ -x "$home/node_modules/bcoin/bin/node" ] && return
  command -v npm >/dev/null || skip "no npm here to fetch bcoin with"
  rm -rf "$home.new" && mkdir -p "$home.new"
  cat >"$home.new/package.json" <<'JSON'
{"private": true, "dependencies": {"bcoin": "1.0.2"}, "overrides": {"leveldown": "5.6.0"}}
JSON
  (cd "$home.new" && npm install --ignore-scripts --no-audit --no-fund --loglevel=error) >"$home.new/log" 2>&1 ||
    skip "bcoin could not be installed: $(grep -m 1 -oE 'npm (ERR!|error) code .*' "$home.new/log" || tail -n 1 "$home.new/log")"
  rm -rf "$home" && mv "$home.new" "$home"
}

# foundation-stratum, a pool server. Of its native hashes only SHA-256d is needed: a stub stands for them. Its
# certificate is for localhost.
pool() {
  local home=$peers/pool
  [ -f "$home/ready" ] && return
  command -v npm >/dev/null || skip "no npm here to fetch a pool with"
  command -v openssl >/dev/null || skip "no openssl here to make a certificate with"
  rm -rf "$home.new" && mkdir -p "$home.new/hashes" "$home.new/certificates"
  cat >"$home.new/package.json" <<'JSON'
{"private": true, "dependencies": {"foundation-stratum": "0.0.42"},
 "overrides": {"foundation-multi-hashing": "file:./hashes"}}
JSON
  echo '{"name": "foundation-multi-hashing", "version": "0.1.3", "main": "index.js"}' >"$home.new/hashes/package.json"
  cat >"$home.new/hashes/index.js" <<'JS'
const { createHash } = require('crypto');
const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
module.exports = { sha256, sha256d: (bytes) => sha256(sha256(bytes)) };
JS
  (cd "$home.new" && npm install --ignore-scripts --no-audit --no-fund --loglevel=error &&
    npm rebuild bignum --foreground-scripts=false --loglevel=error &&
    node -e 'require("foundation-stratum")') >"$home.new/log" 2>&1 ||
    skip "the pool could not be installed: $(grep -m 1 -oE 'npm (ERR!|error) code .*' "$home.new/log" || tail -n 1 "$home.new/log")"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$home.new/certificates/key.pem" \
    -out "$home.new/certificates/cert.pem" >>"$home.new/log" 2>&1 || skip "no certificate could be made"
  touch "$home.new/ready"
  rm -rf "$home" && mv "$home.new" "$home"
}

# microsocks and stunnel, from the package sources of this very system.
tools() {
  local home=$peers/tools
  [ -d "$home/root" ] && return
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || skip "no apt here to fetch microsocks and stunnel with"
  rm -rf "$home.new" && mkdir -p "$home.new"
  (cd "$home.new" && apt-get -qq -o APT::Sandbox::User= download microsocks stunnel4 libwrap0) >"$home.new/log" 2>&1 ||
    skip "microsocks and stunnel could not be downloaded: $(tail -n 1 "$home.new/log")"
  local package
  for package in "$home.new"/*.deb; do dpkg-deb -x "$package" "$home.new/root"; done
  rm -rf "$home" && mv "$home.new" "$home"
}

# The elliptic curves that the tests' own servers of Stratum V2 are built on.
curves() {
  local home=$peers/curves
  [ -d "$home/node_modules/@noble/curves" ] && return
  command -v npm >/dev/null || skip "no npm here to fetch elliptic curves with"
  rm -rf "$home.new" && mkdir -p "$home.new"
  echo '{"private": true, "dependencies": {"@noble/curves": "1.9.6"}}' >"$home.new/package.json"
  (cd "$home.new" && npm install --ignore-scripts --no-audit --no-fund --loglevel=error) >"$home.new/log" 2>&1 ||
    skip "elliptic curves could not be installed: $(grep -m 1 -oE 'npm (ERR!|error) code .*' "$home.new/log" || tail -n 1 "$home.new/log")"
  rm -rf "$home" && mv "$home.new" "$home"
}

# What reads miners by cgminer's API.
pyasic() {
  local home=$peers/pyasic
  [ -f "$home/ready" ] && return
  rm -rf "$home"
  python3 -m venv "$home" >/dev/null 2>&1 || skip "no python3-venv here to install pyasic with"
  "$home/bin/pip" install --quiet --disable-pip-version-check pyasic==0.79.0 >"$home/log" 2>&1 ||
    skip "pyasic could not be installed: $(tail -n 1 "$home/log")"
  touch "$home/ready"
}
npm_clients() {
  local home=$peers/npm_clients
  [ -d "$home/node_modules/miner-rpc" ] && return
  command -v npm >/dev/null || skip "no npm here to fetch clients of cgminer's API with"
  rm -rf "$home.new" && mkdir -p "$home.new"
  echo '{"private": true, "dependencies": {"cgminer-api": "1.0.0-beta6", "miner-rpc": "0.0.1"}}' >"$home.new/package.json"
  (cd "$home.new" && npm install --ignore-scripts --no-audit --no-fund --loglevel=error) >"$home.new/log" 2>&1 ||
    skip "clients of cgminer's API could not be installed: $(grep -m 1 -oE 'npm (ERR!|error) code .*' "$home.new/log" || tail -n 1 "$home.new/log")"
  rm -rf "$home" && mv "$home.new" "$home"
}

# The reference implementation of Stratum V2: its pool, and its translator for miners of Stratum V1. Built here, once, by
# one compiler at the lowest priority.
sri() {
  local home=$peers/sri
  [ -f "$home/ready" ] && return
  command -v cargo >/dev/null || skip "no cargo here to build a Stratum V2 pool with"
  command -v capnp >/dev/null || skip "no capnproto here, which a Stratum V2 pool is built with"
  mkdir -p "$home.new"  # what an earlier try has built is used
  local crate
  for crate in pool_sv2@0.5.0 translator_sv2@0.6.0; do
    CARGO_BUILD_JOBS=1 CARGO_TARGET_DIR=$home.new/target CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off \
      nice -n 19 cargo install --locked --no-default-features --root "$home.new" "$crate" >"$home.new/log" 2>&1 ||
      skip "$crate could not be built: $(grep -m 1 '^error' "$home.new/log" || tail -n 1 "$home.new/log")"
  done
  rm -rf "$home.new/target"
  touch "$home.new/ready"
  rm -rf "$home" && mv "$home.new" "$home"
}

# Prometheus, from the package sources of this very system.
prometheus() {
  local home=$peers/prometheus
  [ -x "$home/root/usr/bin/promtool" ] && return
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || skip "no apt here to fetch Prometheus with"
  rm -rf "$home.new" && mkdir -p "$home.new"
  (cd "$home.new" && apt-get -qq -o APT::Sandbox::User= download prometheus) >"$home.new/log" 2>&1 ||
    skip "Prometheus could not be downloaded: $(tail -n 1 "$home.new/log")"
  dpkg-deb -x "$home.new"/*.deb "$home.new/root"
  rm "$home.new"/*.deb
  "$home.new/root/usr/bin/promtool" --version >"$home.new/log" 2>&1 || skip "Prometheus does not run here: $(tail -n 1 "$home.new/log")"
  rm -rf "$home" && mv "$home.new" "$home"
}

for peer in "$@"; do
  case $peer in
    knots | bcoin | pool | tools | curves | pyasic | npm_clients | prometheus | secp256k1 | sri)
      exec 9>"$peers/$peer.lock"  # one at a time, and nobody waits for another peer
      flock -w 120 9 || skip "$peer is still being installed by another process"
      "$peer" && echo "$peer: $peers/$peer"
      ;;
    *) echo "install_peers: unknown peer '$peer'; knots, bcoin, pool, tools, curves, pyasic, npm_clients, prometheus, secp256k1, sri" >&2; exit 1 ;;
  esac
done
