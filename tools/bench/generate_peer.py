"""Tokens a second that transformers' `generate` reaches on a model folder that `railhead bench generate --make` wrote.

Prints one JSON object: figure name -> tokens a second, by the names and the rules of `railhead bench generate`: the
decode figures leave out the prompt and the first token, the group figure has both. Needs torch and transformers.

    python3 tools/bench/generate_peer.py --model DIR --seconds 6
"""

import argparse
import json
import os
import pathlib
import statistics
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--model", type=pathlib.Path, required=True)
parser.add_argument("--seconds", type=float, default=6.0, help="of each figure")
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--processor-time", action="store_true", help="instead of time on the wall; with one thread")
parser.add_argument("--only", help="the figures whose names contain this")
arguments = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = str(arguments.threads)

import torch  # noqa: E402, after the number of threads is set
import transformers  # noqa: E402

BATCHES = [1, 8, 32]
STEPS = 48
GROUP = 8
CLOCK = time.process_time if arguments.processor_time else time.perf_counter


def load(folder):
    torch.set_num_threads(arguments.threads)
    model = transformers.Qwen2_5_VLForConditionalGeneration.from_pretrained(folder, dtype=torch.float32)
    model.eval()
    model.generation_config.eos_token_id = None  # so that all are equally long
    model.generation_config.pad_token_id = 0
    return model


class Generation:
    """One question about a picture, answered by a number of sequences at a time."""

    def __init__(self, model, folder):
        self.model = model
        prompt = json.loads((folder / "prompt.json").read_text())
        ids = torch.tensor([prompt["input_ids"]])
        grid = torch.tensor([prompt["image_grid_thw"]])
        vision = model.config.vision_config
        width = vision.in_channels * vision.temporal_patch_size * vision.patch_size**2
        torch.manual_seed(1)
        self.inputs = {
            "input_ids": ids,
            "attention_mask": torch.ones_like(ids),
            "mm_token_type_ids": (ids == model.config.image_token_id).int(),
            "pixel_values": torch.randn(int(grid.prod()), width),
            "image_grid_thw": grid,
        }

    def seconds(self, batch, tokens, sampled):
        kinds = dict(do_sample=True, temperature=1.0, top_k=0, top_p=1.0) if sampled else dict(do_sample=False)
        # Several sequences of one greedy prompt are not to be had otherwise than as copies of it.
        inputs = self.inputs
        if sampled:
            kinds["num_return_sequences"] = batch
        else:
            inputs = {name: value.repeat(batch, *[1] * (value.dim() - 1)) for name, value in inputs.items()}
        start = CLOCK()
        result = self.model.generate(**inputs, **kinds, max_new_tokens=tokens, use_cache=True)
        taken = CLOCK() - start
        assert result.shape == (batch, self.inputs["input_ids"].shape[1] + tokens), result.shape
        return taken

    def decode_rate(self, batch, sampled):
        whole = self.seconds(batch, STEPS + 1, sampled)
        prompt = self.seconds(batch, 1, sampled)
        return batch * STEPS / (whole - prompt)

    def group_rate(self, batch):
        return batch * (STEPS + 1) / self.seconds(batch, STEPS + 1, True)


def median_rate(measure):
    measure()  # warms up
    rates = []
    begin = time.perf_counter()
    while len(rates) < 3 or time.perf_counter() - begin < arguments.seconds:
        rates.append(measure())
    return statistics.median(rates)


with torch.inference_mode():
    generation = Generation(load(arguments.model), arguments.model)
    prefix = "generate/folder/"
    figures = {}
    for batch in BATCHES:
        figures[f"{prefix}greedy-{batch}"] = lambda n=batch: generation.decode_rate(n, False)
        figures[f"{prefix}sampled-{batch}"] = lambda n=batch: generation.decode_rate(n, True)
    figures[f"{prefix}group-{GROUP}"] = lambda: generation.group_rate(GROUP)
    wanted = {name: measure for name, measure in figures.items() if not arguments.only or arguments.only in name}
    print(json.dumps({name: median_rate(measure) for name, measure in wanted.items()}))
