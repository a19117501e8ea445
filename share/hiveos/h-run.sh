#!/usr/bin/env bash
# Run by HiveOS in a terminal of its own.
cd "$(dirname "$0")" || exit 1
. ./h-manifest.conf
mkdir -p "$(dirname "$CUSTOM_LOG_BASENAME")"
export XDG_CACHE_HOME=$PWD/cache XDG_DATA_HOME=$PWD/data
./lode mine -c "$CUSTOM_CONFIG_FILENAME" 2>&1 | tee --append "$CUSTOM_LOG_BASENAME.log"
exit "${PIPESTATUS[0]}"
