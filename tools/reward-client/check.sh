#!/usr/bin/env bash
# Runs the clients for real: starts a service on a free port, asks it in the forms of TRL and verl, and stops it.
#
#   tools/reward-client/check.sh [PYTHON]
#
# PYTHON is an interpreter; if it has trl and datasets, TRL's trainer takes two steps as well.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
python=${1:-python3}
log=$(mktemp)

"$root/railhead" reward-service --port 0 >"$log" 2>&1 &
service=$!
trap 'kill "$service" 2>/dev/null || true; wait "$service" 2>/dev/null || true; rm -f "$log"' EXIT

for _ in $(seq 600); do
  grep -q '^reward service on' "$log" && break
  kill -0 "$service" 2>/dev/null || { cat "$log" >&2; exit 1; }
  sleep 0.2
done
address=$(sed -n 's/^reward service on \(http[^ ,]*\).*/\1/p' "$log")
[ -n "$address" ] || { echo "the service did not start" >&2; exit 1; }

export RAILHEAD_REWARD_URL="$address/v1/score"
cd "$root/tools/reward-client"
"$python" ask.py
if "$python" -c 'import trl, datasets' 2>/dev/null; then
  "$python" train_with_trl.py
else
  echo "no trl in $python: its trainer was not run"
fi
