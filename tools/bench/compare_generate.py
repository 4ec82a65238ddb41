"""Railhead against transformers on the same weights: both by turns, then medians and ratios.

    python3 tools/bench/compare_generate.py --folder DIR --size 5m --rounds 3 --seconds 3

Writes a random model of that size to DIR if there is none. Run it with a Python that has torch and transformers; nothing else should run.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--folder", type=pathlib.Path, required=True)
parser.add_argument("--size", default="5m", help="5m or 100m")
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--seconds", type=int, default=3, help="of each figure in each round")
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--processor-time", action="store_true", help="instead of time on the wall; with one thread")
arguments = parser.parse_args()

HERE = pathlib.Path(__file__).resolve().parent
BENCH = [HERE.parent.parent / "railhead", "bench", "generate"]
CLOCK = ["--processor-time"] if arguments.processor_time else []
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": str(arguments.threads)}


def output(command):
    result = subprocess.run(command, env=ENVIRONMENT, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(result.stdout.strip().splitlines()[-1])


def ours():
    report = output([*BENCH, "--json", "--seconds", str(arguments.seconds), "--model", arguments.folder, *CLOCK])
    return {figure["name"]: figure["median"] for figure in report["figures"]}


def theirs():
    command = [sys.executable, HERE / "generate_peer.py", "--threads", str(arguments.threads)]
    return output([*command, "--model", arguments.folder, "--seconds", str(arguments.seconds), *CLOCK])


if not (arguments.folder / "prompt.json").exists():
    command = [*BENCH, "--model", arguments.size, "--make", arguments.folder]
    subprocess.run(command, env=ENVIRONMENT, check=True)
rounds = [(ours(), theirs()) for _ in range(arguments.rounds)]
print(f"{'figure':28} {'railhead':>10} {'transformers':>13} {'ratio':>6}   ratios by round")
for name in rounds[0][1]:
    ratios = [mine[name] / other[name] for mine, other in rounds]
    mine = statistics.median(r[0][name] for r in rounds)
    other = statistics.median(r[1][name] for r in rounds)
    by_round = " ".join(f"{ratio:.2f}" for ratio in ratios)
    print(f"{name:28} {mine:10.0f} {other:13.0f} {statistics.median(ratios):6.2f}   {by_round}")
