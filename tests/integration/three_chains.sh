#!/bin/bash
# Three lode processes in three network namespaces mine the local chain together, are cut in two, go on, and are
# joined again: then all must have one tip, and the weaker side must have reported the reorganisation.
#   three_chains.sh LODE [SECONDS of each part, default 8]
# Exit status: 0 shown, 77 there are no namespaces to be had here, else failed.
set -u
lode=$1 part=${2:-8}
if [ "${LODE_IN_NAMESPACE:-}" != yes ]; then
  for option in "" --map-root-user; do # as root, or as a user who may make namespaces of his own
    if unshare $option --net --mount true 2>/dev/null; then
      LODE_IN_NAMESPACE=yes exec unshare $option --net --mount "$0" "$@"
    fi
  done
  echo "SKIPPED: no network namespaces here"; exit 77
fi
command -v ip >/dev/null && mount -t tmpfs tmpfs /run 2>/dev/null && ip netns add a 2>/dev/null ||
  { echo "SKIPPED: no 'ip netns' here"; exit 77; }

work=$(mktemp -d) pids=()
finish() {
  for p in "${pids[@]}"; do kill "$p" 2>/dev/null; done
  wait 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT
die() { echo "FAILED: $*"; tail -n 15 "$work"/?.log; exit 1; }

ip link set lo up
ip link add bridge type bridge && ip link set bridge up || { echo "SKIPPED: no bridge devices here"; exit 77; }
n=0
for name in a b c; do
  n=$((n + 1))
  [ $name = a ] || ip netns add $name
  ip link add to-$name type veth peer name eth0 netns $name
  ip link set to-$name master bridge up
  ip -n $name addr add 10.9.0.$n/24 dev eth0
  ip -n $name link set eth0 up
  ip -n $name link set lo up
done

start() { # NAME, PEER...: on one thread
  local name=$1 peers=(); shift
  for p in "$@"; do peers+=(--peer "$p:28777"); done
  ip netns exec "$name" "$lode" mine -d cpu -t 1 --data-dir "$work/$name" --listen 28777 "${peers[@]}" \
    --format json >"$work/$name.json" 2>"$work/$name.log" & pids+=($!)
}
# What its latest job builds on.
field() { grep '"event":"job"' "$work/$1.json" | tail -n 1 | sed -n "s/.*\"$2\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }
tips() { for name in a b c; do echo "$name: height $(field $name height) tip $(field $name prev)"; done; }
# How many seconds until the named ones have the same tip at least once, looked at ten times a second.
agree() {
  local from=$EPOCHREALTIME names=$*
  for _ in $(seq 200); do
    [ "$(for name in $names; do field "$name" prev; done | sort -u | wc -l)" = 1 ] &&
      { awk "BEGIN{printf \"%.1f\n\", $EPOCHREALTIME - $from}"; return 0; }
    sleep 0.1
  done
  return 1
}

start a; start b 10.9.0.1; start c 10.9.0.1 10.9.0.2
sleep "$part"
s=$(agree a b c) || die "no common tip before the cut"
echo "together: one tip after $part s (looked for $s s)"; tips
[ "$(field a height)" -gt 0 ] || die "nothing was mined"

ip link set to-c down
sleep "$part"; sleep "$part" # the side with two is ahead by then
echo "cut: c is alone"; tips
[ "$(field a prev)" != "$(field c prev)" ] || die "the cut did not cut"

ip link set to-c up
s=$(agree a b c) || die "no common tip after joining"
echo "joined: one tip after $s s"; tips
sleep 1
grep -h '"event":"reorg"' "$work"/?.json | tail -n 3
grep -q '"event":"reorg"' "$work"/?.json || die "nobody reported a reorganisation"
for p in "${pids[@]}"; do kill -INT "$p"; done
for p in "${pids[@]}"; do wait "$p" || die "exit status $? after Ctrl-C"; done
pids=()
echo "three chains became one"
