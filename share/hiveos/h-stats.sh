#!/usr/bin/env bash
# Sourced by HiveOS's agent: sets khs (total, in kH/s) and stats (JSON) from the running lode.
lode_port=$(jq -r '.http // "4068" | tostring | sub(".*:"; "")' "${CUSTOM_CONFIG_FILENAME:-/hive/miners/custom/lode/lode.json}" 2>/dev/null)
khs=0
stats=null
if lode_status=$(curl -sf --max-time 5 "http://127.0.0.1:${lode_port:-4068}/api/v1/status"); then
  khs=$(jq '(.hashrate["10s"] // 0) / 1000' <<<"$lode_status")
  # Arrays by device, in lode's order; what a driver does not report is 0.
  stats=$(jq -c '{
    hs: [.devices[] | (.hashrate["10s"] // 0) / 1000],
    hs_units: "khs",
    temp: [.devices[] | .temperature_c // 0 | round],
    fan: [.devices[] | .fan_percent // 0 | round],
    uptime: (.uptime_s | floor),
    ver: .version,
    ar: [.shares.accepted, .shares.rejected + .shares.stale],
    algo: "sha256d"}' <<<"$lode_status")
fi
