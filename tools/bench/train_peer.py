#!/usr/bin/env python3
"""One GRPO step, Railhead against PyTorch eager: same weights, tokens, threads and machine, taking turns in one run.

    python tools/bench/train_peer.py --model 5m --threads 1 --steps 7
    python tools/bench/train_peer.py --model 100m --threads 2 --steps 3 [--recompute] [--alone]

Needs torch, transformers (their model is the peer), pillow, and a build of the bench (`./railhead bench` makes one).
The peer is Qwen2_5_VLForConditionalGeneration in fp32 with sdpa attention, as TRL's GRPOTrainer would run it: prompts
padded on the left, completions on the right, the picture with each of a prompt's completions, logits of the
completions only, the clipped loss on the policy that sampled, clip_grad_norm_, AdamW(fused=True). It computes no
entropies, which Railhead does.

Both processes stay; each step of one is followed by a step of the other. Printed: medians, their ratio, the gradient
norms of the first step (the same if both compute the same), and the most memory that each process has had resident.
Both load the weights from the same folder, made by `railhead bench train --model SIZE --make DIR`.
"""

import argparse
import base64
import io
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]


class Railhead:
    def __init__(self, folder, threads, options):
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads))
        command = [HOME / "railhead", "bench", "train", "--model", folder, "--paired", *options]
        self.process = subprocess.Popen(
            command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.workload = json.loads(self.process.stdout.readline())

    def step(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["ms"], answer["gradient_norm"], answer["peak_resident_kb"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Peer:
    def __init__(self, folder, threads, workload, recompute):
        import torch
        from transformers import Qwen2_5_VLForConditionalGeneration

        self.torch = torch
        torch.set_num_threads(threads)
        self.model = Qwen2_5_VLForConditionalGeneration.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="sdpa"
        )
        self.model.train()
        if recompute:
            self.model.gradient_checkpointing_enable({"use_reentrant": False})
        self.inputs, self.completions, self.mask = self.batch(folder, workload)
        self.advantages = torch.tensor(workload["advantages"]).unsqueeze(1)
        matrices = [p for p in self.model.parameters() if p.dim() > 1]
        vectors = [p for p in self.model.parameters() if p.dim() <= 1]
        self.optimizer = torch.optim.AdamW(
            [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}],
            lr=1e-5, betas=(0.9, 0.95), eps=1e-8, fused=True,
        )

    def batch(self, folder, workload):
        torch = self.torch
        from PIL import Image
        from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

        settings = json.loads((Path(folder) / "preprocessor_config.json").read_text())
        processor = Qwen2VLImageProcessorPil(
            **{k: v for k, v in settings.items() if k not in ("image_processor_type", "processor_class")}
        )
        prompts, completions, images = [], [], []
        for group in workload["groups"]:
            image = Image.open(io.BytesIO(base64.b64decode(group["png"]))).convert("RGB")
            for response in group["responses"]:
                prompts.append(group["prompt"])
                completions.append(response)
                images.append(image)
        pixels = processor(images=images, return_tensors="pt")
        longest, widest = max(map(len, prompts)), max(map(len, completions))
        ids = torch.tensor([[0] * (longest - len(p)) + p + c + [0] * (widest - len(c)) for p, c in zip(prompts, completions)])
        real = torch.tensor(
            [[0] * (longest - len(p)) + [1] * (len(p) + len(c)) + [0] * (widest - len(c)) for p, c in zip(prompts, completions)]
        )
        inputs = {
            "input_ids": ids,
            "attention_mask": real,
            "mm_token_type_ids": (ids == self.model.config.image_token_id).int(),
            "pixel_values": pixels["pixel_values"],
            "image_grid_thw": pixels["image_grid_thw"],
        }
        return inputs, ids[:, longest:], real[:, longest:].float()

    def log_probs(self):
        """As TRL's selective_log_softmax: one row at a time."""
        keep = self.completions.shape[1]
        logits = self.model(**self.inputs, logits_to_keep=keep + 1, use_cache=False).logits[:, :-1]
        chosen = logits.gather(-1, self.completions.unsqueeze(-1)).squeeze(-1)
        return chosen - self.torch.stack([self.torch.logsumexp(row, dim=-1) for row in logits])

    def step(self):
        torch = self.torch
        start = time.perf_counter()
        log_probs = self.log_probs()
        ratio = torch.exp(log_probs - log_probs.detach())
        clipped = torch.clamp(ratio, 0.8, 1.2)
        loss = -torch.min(ratio * self.advantages, clipped * self.advantages)
        loss = (loss * self.mask).sum() / self.mask.sum()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return (time.perf_counter() - start) * 1e3, norm.item(), peak_resident_kb()


def peak_resident_kb():
    return int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text()).group(1))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--model", default="5m", help="a size of `railhead bench train --model`, or a folder")
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--steps", type=int, default=5)
    arguments.add_argument("--recompute", action="store_true", help="both compute activations again")
    arguments.add_argument("--alone", action="store_true", help="Railhead too computes each prompt once a response")
    chosen = arguments.parse_args()
    # Before torch is loaded, for both: threads that spin while they wait starve each other on few cores.
    os.environ.update(OMP_NUM_THREADS=str(chosen.threads), GOMP_SPINCOUNT="0", OMP_WAIT_POLICY="passive")
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.model
        if not Path(folder).is_dir():
            folder = temporary
            subprocess.run(
                [HOME / "railhead", "bench", "train", "--model", chosen.model, "--make", folder],
                check=True, stderr=subprocess.DEVNULL,
            )
        compare(folder, chosen)


def compare(folder, chosen):
    options = [f"--{name}" for name in ("recompute", "alone") if getattr(chosen, name)]
    railhead = Railhead(folder, chosen.threads, options)
    peer = Peer(folder, chosen.threads, railhead.workload, chosen.recompute)
    ours, theirs = [railhead.step()], [peer.step()]  # warm-up
    for _ in range(chosen.steps):
        ours.append(railhead.step())
        theirs.append(peer.step())
    railhead.close()
    times = [statistics.median(ms for ms, _, _ in side[1:]) for side in (ours, theirs)]
    peaks = [side[-1][2] / 1024 for side in (ours, theirs)]
    import torch
    import transformers

    print(f"model {chosen.model}, {chosen.threads} threads, {chosen.steps} steps {' '.join(options)}")
    print(f"peer: torch {torch.__version__}, transformers {transformers.__version__}, AdamW fused")
    for name, side, median, peak in zip(("railhead", "peer"), (ours, theirs), times, peaks):
        spread = f"{min(s[0] for s in side[1:]):,.0f} to {max(s[0] for s in side[1:]):,.0f}"
        print(f"{name:9} {median:9,.0f} ms/step ({spread}), first gradient norm {side[0][1]:.5f}, peak {peak:,.0f} MiB")
    print(f"ratio     {times[0] / times[1]:.3f} of the time, {peaks[0] / peaks[1]:.3f} of the memory")


if __name__ == "__main__":
    sys.exit(main())
