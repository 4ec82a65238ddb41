"""Writes gradients of the GRPO loss, and two optimiser steps, for models of make_variants.py, which runs first.

    pip install torch transformers safetensors pillow numpy      # without torchvision
    python3 tools/golden/make_gradients.py policy/src/test/resources/golden

Made with torch 2.13.0 (CPU), transformers 5.18.0. A group of four responses of unequal length to one prompt with one
picture is computed as a padded batch, the prompt and its picture once a row. Responses, rewards, behaviour and reference
log-probabilities are made up here; the loss is written out below, its gradients are PyTorch's, of 64-bit floats.
"""

import json
import random
import sys
from pathlib import Path

import torch
from PIL import Image
from safetensors.torch import save_file

from make_variants import IMAGE, TEXT_TOKENS, VARIANTS, load, processor, write_json

CASES = {
    "untied": dict(advantages="grpo", low=0.2, high=0.28, kl=0.05, entropy=0.0, rewards=[1.0, 0.0, 0.25, 0.6]),
    "tied": dict(advantages="centred", low=0.2, high=0.2, kl=0.0, entropy=0.01, rewards=[0.0, 1.5, 1.0, 0.1]),
}
LENGTHS = [3, 11, 6, 8]
MARGIN = 1e-2  # how far importance ratios stay from the clip's bounds, where a rounding would decide
# A large epsilon: an update by a gradient that is all rounding would be all rounding too.
OPTIMIZER = dict(learning_rate=1e-3, beta1=0.9, beta2=0.99, epsilon=1e-4, weight_decay=0.1, max_gradient_norm=0.5)
STEPS = 2


def advantages(kind, rewards):
    rewards = torch.tensor(rewards, dtype=torch.float64)
    centred = rewards - rewards.mean()
    return centred / (rewards.std() + 1e-6) if kind == "grpo" else centred


def batch(prompt, responses, pictures):
    longest = max(map(len, responses))
    ids = torch.tensor([prompt + response + [0] * (longest - len(response)) for response in responses])
    real = torch.tensor([[1] * (len(prompt) + len(r)) + [0] * (longest - len(r)) for r in responses])
    return {
        "input_ids": ids,
        "attention_mask": real,
        "mm_token_type_ids": (ids == IMAGE).int(),
        "image_grid_thw": pictures["image_grid_thw"].repeat(len(responses), 1),
        "pixel_values": pictures["pixel_values"].double().repeat(len(responses), 1),
    }


def scores(model, inputs, prompt):
    """Log-probability and entropy of every response token, [responses][longest]."""
    logprobs = torch.log_softmax(model(**inputs).logits[:, prompt - 1 : -1], -1)
    chosen = logprobs.gather(-1, inputs["input_ids"][:, prompt:, None])[..., 0]
    return chosen, -(logprobs.exp() * logprobs).sum(-1)


def loss(case, chosen, entropy, behaviour, reference, advantage, counted):
    ratio = torch.exp(chosen - behaviour)
    cut = ratio.clamp(1 - case["low"], 1 + case["high"])
    surrogate = -torch.minimum(ratio * advantage[:, None], cut * advantage[:, None])
    away = reference - chosen
    penalty = away.exp() - 1 - away
    terms = surrogate + case["kl"] * penalty - case["entropy"] * entropy
    return (terms * counted).sum() / counted.sum()


def noisy(values, spread, generator):
    return values + spread * torch.randn(values.shape, generator=generator, dtype=values.dtype)


def made_up_behaviour(case, chosen, generator):
    while True:
        behaviour = noisy(chosen, 0.3, generator).float().double()
        ratio = torch.exp(chosen - behaviour)
        gap = min((ratio - bound).abs().min() for bound in (1 - case["low"], 1 + case["high"]))
        if gap > MARGIN:
            return behaviour


def make(name, case, golden):
    rng, generator = random.Random(name), torch.Generator().manual_seed(len(name))
    prompt = json.loads((golden / "variants" / name / "cases.json").read_text())[1]
    responses = [[rng.randrange(TEXT_TOKENS) for _ in range(length)] for length in LENGTHS]
    features = processor(VARIANTS[name])[1]
    pictures = features(images=[Image.open(golden / "images" / prompt["images"][0])], return_tensors="pt")
    model = load(golden / "variants" / name).double()
    inputs = batch(prompt["inputIds"], responses, pictures)
    counted = inputs["attention_mask"][:, len(prompt["inputIds"]) :].double()
    counted[1, 4] = 0  # one token in the middle that is not trained on
    with torch.no_grad():
        chosen, _ = scores(model, inputs, len(prompt["inputIds"]))
    behaviour = made_up_behaviour(case, chosen, generator)
    reference = noisy(chosen, 0.2, generator).float().double()
    advantage = advantages(case["advantages"], case["rewards"])
    matrices = [p for p in model.parameters() if p.dim() > 1]
    vectors = [p for p in model.parameters() if p.dim() == 1]
    optimizer = torch.optim.AdamW(
        [
            {"params": matrices, "weight_decay": OPTIMIZER["weight_decay"]},
            {"params": vectors, "weight_decay": 0.0},
        ],
        lr=OPTIMIZER["learning_rate"],
        betas=(OPTIMIZER["beta1"], OPTIMIZER["beta2"]),
        eps=OPTIMIZER["epsilon"],
    )
    tensors, losses, norms = {}, [], []
    for step in range(STEPS):
        value = loss(case, *scores(model, inputs, len(prompt["inputIds"])), behaviour, reference, advantage, counted)
        value.backward()
        if step == 0:
            tensors |= {f"gradient.{n}": p.grad.float() for n, p in model.named_parameters()}
        losses.append(value.item())
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), OPTIMIZER["max_gradient_norm"]).item())
        optimizer.step()
        optimizer.zero_grad()
    tensors |= {f"stepped.{n}": p.detach().float() for n, p in model.named_parameters()}
    folder = golden / "gradients"
    folder.mkdir(exist_ok=True)
    save_file(tensors, folder / f"{name}.safetensors")
    ragged = lambda values: [row[:length].tolist() for row, length in zip(values, LENGTHS)]
    write_json(
        folder / f"{name}.json",
        {
            "prompt": prompt["inputIds"],
            "image": prompt["images"][0],
            "responses": responses,
            "counted": [[int(v) for v in row] for row in ragged(counted)],
            "behaviour": ragged(behaviour),
            "reference": ragged(reference),
            "case": case,
            "advantages": advantage.tolist(),
            "losses": losses,
            "norms": norms,
            "optimizer": OPTIMIZER,
        },
    )
    cuts = (torch.exp(chosen - behaviour) - 1).abs() > case["low"]
    print(f"{name}: losses {losses}, norms {norms}, {int((cuts * counted).sum())} ratios beyond a bound")


def main(golden):
    torch.set_num_threads(1)
    for name, case in CASES.items():
        make(name, case, golden)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
