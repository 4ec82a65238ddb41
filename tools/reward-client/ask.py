"""Calls the reward functions as TRL and verl call theirs, and checks what comes back.

    RAILHEAD_REWARD_URL=http://127.0.0.1:8087/v1/score python3 tools/reward-client/ask.py
"""

import importlib.util
import pathlib

import railhead_reward

ROUTE = "Route Name: Line 1\nDeparture Stop: A Station\nArrival Stop: B Station"
STATIONS = {"Line 1": ["A Station", "B Station"]}


def as_trl_calls():
    """Columns as lists, completions as texts or as conversations."""
    rewards = railhead_reward.reward_func(
        prompts=["?"] * 3,
        completions=["\\boxed{yes}", [{"role": "assistant", "content": "\\boxed{no}"}], ROUTE],
        completion_ids=[[1], [2], [3]],
        type=["TorF1", "TorF1", "planning"],
        answer=[1, 1, None],
        difficulty_city=["easy", "easy", "middle"],
        station_1=[None, None, "A Station"],
        station_2=[None, None, "B Station"],
        question_transfer_count=[None, None, 0],
        stations=[None, None, STATIONS],
    )
    print("trl: ", rewards)
    assert rewards[0] > rewards[1] and rewards[2] > rewards[0], rewards


def as_verl_calls():
    """verl loads the file by its path and calls the function by its name with keywords."""
    path = pathlib.Path(railhead_reward.__file__)
    spec = importlib.util.spec_from_file_location("custom_module", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    result = module.compute_score(
        data_source="reasonmap",
        solution_str=ROUTE,
        ground_truth={"type": "planning", "difficulty_city": "middle", "question_transfer_count": 0},
        extra_info={"index": 0, "station_1": "A Station", "station_2": "B Station", "stations": STATIONS},
    )
    print("verl:", result)
    assert result["acc"] == 1.0, result


def refusals_are_errors():
    try:
        railhead_reward.score_batch([{"type": "TorF1", "response": "yes"}])
    except railhead_reward.RewardServiceError as error:
        print("refused:", error)
        return
    raise AssertionError("an item without a difficulty was scored")


if __name__ == "__main__":
    as_trl_calls()
    as_verl_calls()
    refusals_are_errors()
