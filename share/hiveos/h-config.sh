#!/usr/bin/env bash
# Sourced by HiveOS before a start: writes lode's configuration from the flight sheet. Pools are CUSTOM_URL, one a line or parted by
# blanks; the worker is CUSTOM_TEMPLATE; CUSTOM_USER_CONFIG is a JSON object of further options, which win.
lode_config() {
  jq -n --arg urls "$CUSTOM_URL" --arg user "$CUSTOM_TEMPLATE" --arg pass "${CUSTOM_PASS:-x}" --argjson more "${CUSTOM_USER_CONFIG:-{\}}" '
    {pools: [$urls | splits("[\\s,]+") | select(. != "") | {url: ., user: $user, pass: $pass}], retries: -1, http: "127.0.0.1:4068"} + $more
    | if .url or .pools == [] then del(.pools) else . end'
}

if ! lode_config >"$CUSTOM_CONFIG_FILENAME"; then
  echo "lode: the extra configuration is not a JSON object: $CUSTOM_USER_CONFIG" >&2
  rm -f "$CUSTOM_CONFIG_FILENAME"
fi
