#!/usr/bin/env bash
# A cluster of processes on this machine: one node with controller, learner and reward actors, and ROLLOUT_NODES others.
#
# usage: one-machine.sh RUN_DIR [STEPS] [ROLLOUT_NODES] [PORT]
#
# Ends when the run does, with the exit status of the first node; the others then stop by themselves.
set -euo pipefail

if [ $# -lt 1 ]; then
  echo "usage: $0 RUN_DIR [STEPS] [ROLLOUT_NODES] [PORT]" >&2
  exit 2
fi
run_dir=$1
steps=${2:-20}
rollout_nodes=${3:-2}
port=${4:-25520}
home=$(cd "$(dirname "$0")/../.." && pwd -P)

pids=()
stop() { [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true; }
trap stop INT TERM

"$home/railhead" doctor >/dev/null # builds once, before the nodes start together

"$home/railhead" node --role controller,learner,reward --host 127.0.0.1 --port "$port" \
  --run-dir "$run_dir" --set stage.steps="$steps" &
first=$!
pids+=("$first")
for i in $(seq 1 "$rollout_nodes"); do
  "$home/railhead" node --role rollout --host 127.0.0.1 --port "$((port + i))" \
    --seed-node "127.0.0.1:$port" --run-dir "$run_dir" --set stage.steps="$steps" &
  pids+=("$!")
done

status=0
wait "$first" || status=$?
for pid in "${pids[@]}"; do
  wait "$pid" || true
done
exit "$status"
