#!/usr/bin/env bash
# Real nodes, a pool and proxies for the integration tests, unprivileged, below one folder that is kept between runs.
#   install_peers.sh knots|bcoin|pool|tools...
# Folder: $LODE_PEERS, else $XDG_CACHE_HOME or ~/.cache with lode/peers. Prints where each is.
# Exit status 77, with the reason, where this machine's package sources cannot give what is asked for.
set -euo pipefail

peers=${LODE_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/lode/peers}
mkdir -p "$peers"
exec 9>"$peers/lock"
flock 9

skip() { echo "install_peers: $*; the tests that need it are skipped" >&2; exit 77; }

# Bitcoin Knots, a node derived from Bitcoin Core: Debian unstable's package with the C library it was built for
# beside it, run by that library's own loader.
knots() {
  local home=$peers/knots
  [ -x "$home/bitcoind" ] && return
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || skip "no apt here to fetch Bitcoin Knots with"
  [ "$(dpkg --print-architecture)" = amd64 ] || skip "Bitcoin Knots is fetched for amd64 only"
  local keys=/usr/share/keyrings/debian-archive-keyring.gpg mirror
  [ -f "$keys" ] || skip "no keys of the Debian archive here"
  # The mirror that this machine's apt already uses for Debian itself.
  mirror=$(apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk '/debian\/? *$/ && !/security/ { print $NF; exit }')
  [ -n "$mirror" ] || skip "no Debian mirror among apt's sources"
  rm -rf "$home.new" && mkdir -p "$home.new"/apt/{state/lists/partial,cache/archives/partial,parts}
  local apt=$home.new/apt
  : >"$apt/status"
  echo "deb [signed-by=$keys] $mirror sid main" >"$apt/sources.list"
  cat >"$apt/apt.conf" <<CONF
Dir::State "$apt/state"; Dir::State::status "$apt/status"; Dir::Cache "$apt/cache";
Dir::Etc::SourceList "$apt/sources.list"; Dir::Etc::SourceParts "$apt/parts";
Dir::Etc::Preferences "/dev/null"; Dir::Etc::PreferencesParts "$apt/parts";
APT::Install-Recommends "false"; APT::Sandbox::User ""; Acquire::Languages "none";
CONF
  local log=$apt/log
  { APT_CONFIG=$apt/apt.conf apt-get -qq update &&
    APT_CONFIG=$apt/apt.conf apt-get -qq -y --download-only install bitcoin-knots; } >"$log" 2>&1 ||
    skip "Bitcoin Knots could not be downloaded: $(tail -n 1 "$log")"
  local package
  for package in "$apt"/cache/archives/*.deb; do dpkg-deb -x "$package" "$home.new/root"; done
  rm -rf "$apt"
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

for peer in "$@"; do
  case $peer in
    knots | bcoin | pool | tools) "$peer" && echo "$peer: $peers/$peer" ;;
    *) echo "install_peers: unknown peer '$peer'; knots, bcoin, pool, tools" >&2; exit 1 ;;
  esac
done
