"""Writes LoRA adapters as PEFT makes them, and what transformers computes with them, beside the files of make_golden.py,
which runs first.

    pip install torch transformers peft tokenizers safetensors pillow numpy      # without torchvision
    python3 tools/golden/make_adapter_golden.py policy/src/test/resources/golden

Made with torch 2.13.0 (CPU), transformers 5.18.0, PEFT 0.21.0. Both matrices of each adapter are random here, so that
every adapter adds something. Expected are log-probabilities of the cases of make_golden.py, computed beside the base's
weights and merged into them, and greedy tokens.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from tokenizers import Tokenizer
from transformers import Qwen2_5_VLForConditionalGeneration

from make_golden import make_image_processor, model_cases, write_json

SEED = 20260102
ADAPTERS = {
    # "attn.proj" and not "proj", which would match the convolution `patch_embed.proj` as well.
    "every-projection": dict(
        r=4,
        lora_alpha=6,
        target_modules=[
            "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj", "qkv", "attn.proj",
        ],
    ),
    # A pattern over the decoder alone, as many recipes have it: the vision tower's down_proj stays as it is.
    "decoder": dict(r=2, lora_alpha=8, target_modules=r".*language_model.*\.(q_proj|v_proj|down_proj)"),
}


def load(folder):
    return Qwen2_5_VLForConditionalGeneration.from_pretrained(folder / "model", dtype=torch.float32).eval()


def make_adapter(folder, target, settings):
    model = get_peft_model(load(folder), LoraConfig(**settings))
    for name, weight in model.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(weight, std=0.2)
    model.save_pretrained(target)
    for file in target.iterdir():
        if file.name not in ("adapter_config.json", "adapter_model.safetensors"):
            file.unlink()
    config = target / "adapter_config.json"
    settings = json.loads(config.read_text())
    settings["base_model_name_or_path"] = "../../model"
    if isinstance(settings["target_modules"], list):
        settings["target_modules"].sort()
    config.write_text(json.dumps(settings, indent=1, sort_keys=True) + "\n")


def main(folder):
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    shutil.rmtree(folder / "adapters", ignore_errors=True)
    processor_folder = folder / "adapters"
    processor_folder.mkdir()
    processor = make_image_processor(processor_folder)
    for file in processor_folder.iterdir():
        file.unlink()
    tokenizer = Tokenizer.from_file(str(folder / "model" / "tokenizer.json"))
    for name, settings in ADAPTERS.items():
        target = folder / "adapters" / name
        make_adapter(folder, target, settings)
        beside = PeftModel.from_pretrained(load(folder), target).eval()
        merged = PeftModel.from_pretrained(load(folder), target).merge_and_unload().eval()
        rows = []
        for one, other in zip(
            model_cases(beside.base_model.model, tokenizer, processor, folder / "images", {}),
            model_cases(merged, tokenizer, processor, folder / "images", {}),
        ):
            rows.append(
                {
                    "name": one["name"],
                    "logprobs": one["logprobs"],
                    "merged": other["logprobs"],
                    "greedy": one["greedy"],
                }
            )
        write_json(target / "expected.json", rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
