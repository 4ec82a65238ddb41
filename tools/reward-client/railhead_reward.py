"""Scores of a Railhead reward service for Python trainers. Standard library only.

    ./railhead reward-service --port 8087 --stations DIR/stations

`score_batch` is the whole client; `reward_func` has the form that TRL's GRPOTrainer takes, `compute_score` the one that
verl takes. The service's address and token come from RAILHEAD_REWARD_URL and RAILHEAD_SERVICE_TOKEN.
"""

import hashlib
import json
import os
import time
import urllib.error
import urllib.request

URL = os.environ.get("RAILHEAD_REWARD_URL", "http://127.0.0.1:8087/v1/score")
ATTEMPTS = 4
TIMEOUT_SECONDS = 30
BATCH = 256  # items of a request; the service takes 1024 unless told otherwise

# What the service needs to know of a question; the names are those of the data sets' columns.
KEY_FIELDS = ("type", "answer", "station_1", "station_2", "difficulty_city", "question_transfer_count", "city", "stations")


class RewardServiceError(RuntimeError):
    """The service refused a request, or could not be reached."""


def score_batch(items, url=URL):
    """One result for each item, in order: `score`, `correct`, `weight`, `components`."""
    results = []
    for start in range(0, len(items), BATCH):
        batch = [dict(item, id=start + i) for i, item in enumerate(items[start : start + BATCH])]
        reply = _post(url, json.dumps({"items": batch}).encode())["results"]
        if [result["id"] for result in reply] != [item["id"] for item in batch]:
            raise RewardServiceError("the results are not those of the items")
        results += reply
    return results


def reward_func(prompts, completions, **columns):
    """For TRL: `GRPOTrainer(..., reward_funcs=reward_func)`. The data set has the KEY_FIELDS as columns."""
    items = []
    for i, completion in enumerate(completions):
        item = {name: columns[name][i] for name in KEY_FIELDS if columns.get(name) is not None}
        item["response"] = completion if isinstance(completion, str) else completion[-1]["content"]
        items.append(_without_nones(item))
    return [float(result["score"]) for result in score_batch(items)]


def compute_score(data_source, solution_str, ground_truth, extra_info=None):
    """For verl: `custom_reward_function.path=.../railhead_reward.py`, `custom_reward_function.name=compute_score`.

    `ground_truth` holds the KEY_FIELDS, as a dict or as JSON; `extra_info` may add to them.
    """
    item = dict(json.loads(ground_truth) if isinstance(ground_truth, str) else ground_truth)
    item.update({name: value for name, value in (extra_info or {}).items() if name in KEY_FIELDS})
    item["response"] = solution_str
    result = score_batch([_without_nones(item)])[0]
    return {"score": float(result["score"]), "acc": float(result["correct"]), "weight": float(result["weight"])}


def _without_nones(item):
    """Columns of a data set are there for every row; those that a question has no use for are null."""
    kept = {name: value for name, value in item.items() if value is not None and value != ""}
    if isinstance(kept.get("stations"), str):
        kept["stations"] = json.loads(kept["stations"])
    return kept


def _post(url, body):
    headers = {"Content-Type": "application/json", "Idempotency-Key": hashlib.sha256(body).hexdigest()[:32]}
    if os.environ.get("RAILHEAD_SERVICE_TOKEN"):
        headers["Authorization"] = "Bearer " + os.environ["RAILHEAD_SERVICE_TOKEN"]
    problem = None
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(0.2 * 2**attempt)
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=TIMEOUT_SECONDS) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            problem = f"{error.code} {error.read().decode(errors='replace')}"
            if error.code != 429 and error.code < 500:
                break  # the same request will be refused again
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            problem = error
    raise RewardServiceError(f"no scores from {url}: {problem}")
