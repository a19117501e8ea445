#!/usr/bin/env bash
# ElligatorSwift key exchanges against libsecp256k1: secp256k1.sh PROGRAM [EXCHANGES]
set -euo pipefail
found=$("$(dirname "$0")/install_peers.sh" secp256k1)  # "secp256k1: FOLDER"
exec "$1" "${found#*: }/libsecp256k1.so" "${2:-500}"
