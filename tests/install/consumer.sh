#!/usr/bin/env bash
# Installs a build into an empty prefix, builds the examples against it and runs them.
# consumer.sh BUILD_DIR CXX cmake|pkg-config
set -euo pipefail
build=$1 cxx=$2 way=$3
examples=$(cd "$(dirname "$0")/../../examples" && pwd)
command -v "$cxx" >/dev/null || { echo "skipped: no $cxx here"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --prefix "$work/prefix" >"$work/install.log" || { cat "$work/install.log"; exit 1; }
"$work/prefix/bin/lode" --version
mkdir "$work/build"
if [ "$way" = cmake ]; then
  cmake -S "$examples" -B "$work/build" -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_PREFIX_PATH="$work/prefix" \
    -DCMAKE_CXX_FLAGS="-Wall -Wextra -Werror"
  cmake --build "$work/build"
else
  command -v pkg-config >/dev/null || { echo "skipped: no pkg-config here"; exit 77; }
  found=$(find "$work/prefix" -name lode.pc)
  export PKG_CONFIG_PATH=${found%/*}
  for example in embed own_source; do
    # shellcheck disable=SC2046 # flags are words
    "$cxx" -std=c++20 "$examples/$example.cpp" $(pkg-config --cflags --libs lode) -o "$work/build/$example"
  done
fi

"$work/build/embed" "$work/data" | tee "$work/embed.out"
[ "$(grep -c '^block [1-3] 0*[0-9a-f]' "$work/embed.out")" = 3 ] || { echo "embed did not mine three blocks"; exit 1; }
grep -q '^snapshot: 3 blocks found by 1 device' "$work/embed.out"
"$work/prefix/bin/lode" chain status --network local --data-dir "$work/data" --format json | grep '"height":3,'
"$work/build/own_source" | tee "$work/own_source.out"
grep -q '^[5-9] shares accepted' "$work/own_source.out"
