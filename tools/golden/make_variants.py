"""Writes tiny random models that cover every configuration switch which changes a number, and what they compute.

    pip install torch transformers safetensors pillow numpy      # without torchvision
    python3 tools/golden/make_variants.py policy/src/test/resources/golden          # or some of them: their names behind

Made with torch 2.13.0 (CPU), transformers 5.18.0, Pillow 12.3.0, NumPy 2.4.6. The pictures are those of make_golden.py,
which runs first. Every model is written by transformers, read back by it without a missing or unexpected key, and
computed in 32-bit floats; only shapes, tokens and the choice of pictures are made here.

A folder holds config.json, preprocessor_config.json, the weights, cases.json and expected.safetensors. Where the same
model can be written in several ways, the other ways are further files of the same folder.
"""

import json
import random
import shutil
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

VOCABULARY, TEXT_TOKENS, GREEDY = 64, 56, 64
VISION_START, VISION_END, IMAGE, VIDEO = 58, 59, 60, 61
SMALLEST_GAP = 2e-3  # between the two likeliest tokens of each greedy step, far above rounding
NESTED_KEYS = ("text_config", "vision_config")


def variant(text=None, vision=None, tied=False, dtype="bfloat16", pixels=(192, 1024), shard=None, pictures=None):
    return dict(text=text or {}, vision=vision or {}, tied=tied, dtype=dtype, pixels=pixels, shard=shard, pictures=pictures)


def rope(theta=10000.0, section=(1, 2, 1)):
    return {"rope_parameters": {"rope_type": "default", "rope_theta": theta, "mrope_section": list(section)}}


PICTURES = (["rgb.png"], ["one-pixel-wide.png", "colour.jpg", "palette.png"])
VARIANTS = {
    "tied": variant(tied=True, dtype="float32"),
    "untied": variant(),
    "sharded-half": variant(dtype="float16", shard="8KB"),
    "shared-key-heads": variant(text=dict(hidden_size=32, num_attention_heads=4, num_key_value_heads=2)),
    "all-key-heads": variant(text=dict(num_key_value_heads=2)),
    "one-head": variant(text=dict(num_attention_heads=1, **rope(section=(3, 1, 4)))),
    "time-only": variant(text=rope(section=(4, 0, 0))),
    "no-time": variant(text=rope(section=(0, 2, 2))),
    "rope-theta": variant(text=rope(theta=37.5, section=(2, 1, 1)), tied=True),
    "norm-epsilon": variant(text=dict(rms_norm_eps=0.3, num_hidden_layers=1)),
    "full-attention": variant(vision=dict(depth=2, fullatt_block_indexes=[0, 1])),
    "window-attention": variant(vision=dict(depth=2, fullatt_block_indexes=[])),
    "mixed-attention": variant(vision=dict(depth=4, fullatt_block_indexes=[1, 2])),
    "window-of-one": variant(vision=dict(window_size=8)),
    "window-uneven": variant(vision=dict(window_size=29), pixels=(512, 2048), pictures=(["rgb.png", "large.png"],)),
    "no-merging": variant(vision=dict(spatial_merge_size=1, window_size=12), pixels=(64, 256)),
    "merging-by-three": variant(vision=dict(spatial_merge_size=3, window_size=36), pixels=(288, 2304)),
    "wide-patches": variant(vision=dict(patch_size=14, window_size=84), pixels=(784, 9408)),
    "one-frame": variant(vision=dict(temporal_patch_size=1)),
    "three-frames": variant(vision=dict(temporal_patch_size=3, num_heads=1)),
}


def configuration(name, made):
    return Qwen2_5_VLConfig(
        text_config=dict(
            vocab_size=VOCABULARY,
            hidden_size=16,
            intermediate_size=24,
            num_hidden_layers=2,
            num_attention_heads=2,
            num_key_value_heads=1,
            max_position_embeddings=256,
            rms_norm_eps=1e-6,
            bos_token_id=None,
            eos_token_id=None,
        )
        | rope()
        | made["text"],
        vision_config=dict(
            depth=2,
            hidden_size=8,
            intermediate_size=16,
            num_heads=2,
            patch_size=4,
            temporal_patch_size=2,
            spatial_merge_size=2,
            window_size=24,
            fullatt_block_indexes=[1],
            out_hidden_size=made["text"].get("hidden_size", 16),
        )
        | made["vision"],
        image_token_id=IMAGE,
        video_token_id=VIDEO,
        vision_start_token_id=VISION_START,
        vision_end_token_id=VISION_END,
        tie_word_embeddings=made["tied"],
        dtype=made["dtype"],
    )


def random_model(config, seed):
    """Weights large enough that every part moves the logits: biases and norms too."""
    torch.manual_seed(seed)
    model = Qwen2_5_VLForConditionalGeneration(config).float().eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn_like(parameter)
            parameter.copy_(1 + 0.1 * noise if "norm" in name or "ln_q" in name else 0.35 * noise)
    return model


def processor(made):
    vision = made["vision"]
    settings = {
        "image_processor_type": "Qwen2VLImageProcessor",
        "min_pixels": made["pixels"][0],
        "max_pixels": made["pixels"][1],
        "patch_size": vision.get("patch_size", 4),
        "temporal_patch_size": vision.get("temporal_patch_size", 2),
        "merge_size": vision.get("spatial_merge_size", 2),
    }
    return settings, Qwen2VLImageProcessorPil(**{k: v for k, v in settings.items() if k != "image_processor_type"})


def load(folder):
    model, info = Qwen2_5_VLForConditionalGeneration.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", output_loading_info=True
    )
    assert not any(info[key] for key in ("missing_keys", "unexpected_keys", "mismatched_keys")), (folder, info)
    return model.eval()


def prompt(rng, names, images, features):
    """Random tokens with the pictures among them, and what the model takes for them."""
    ids, grids, pixels = [rng.randrange(TEXT_TOKENS) for _ in range(rng.randint(3, 9))], [], []
    for name in names:
        made = features(images=[Image.open(images / name)], return_tensors="np")
        grids += made["image_grid_thw"].tolist()
        pixels.append(torch.from_numpy(made["pixel_values"]))
        count = int(np.prod(grids[-1])) // features.merge_size**2
        ids += [VISION_START] + [IMAGE] * count + [VISION_END]
        ids += [rng.randrange(TEXT_TOKENS) for _ in range(rng.randint(0, 5))]
    ids += [rng.randrange(TEXT_TOKENS) for _ in range(rng.randint(2, 12))]
    inputs = {"input_ids": torch.tensor([ids])}
    if names:
        inputs |= {
            "mm_token_type_ids": (inputs["input_ids"] == IMAGE).int(),
            "image_grid_thw": torch.tensor(grids),
            "pixel_values": torch.cat(pixels),
        }
    return inputs


def greedy(model, inputs):
    made = model.generate(
        **inputs, attention_mask=torch.ones_like(inputs["input_ids"]), max_new_tokens=GREEDY, min_new_tokens=GREEDY, do_sample=False, eos_token_id=None, pad_token_id=0,
        suppress_tokens=[VISION_START, VISION_END, IMAGE, VIDEO], output_logits=True, return_dict_in_generate=True,
    )
    tokens = made.sequences[0, inputs["input_ids"].shape[1] :]
    steps = torch.cat(made.logits)
    if not torch.equal(steps.argmax(-1), tokens):  # a token that was suppressed would have been the likeliest
        return tokens.tolist(), 0
    best = steps.topk(2).values
    return tokens.tolist(), (best[:, 0] - best[:, 1]).min().item()


def positions(model, inputs):
    ids = inputs["input_ids"]
    if "image_grid_thw" not in inputs:
        return [list(range(ids.shape[1]))] * 3, ids.shape[1]
    where, delta = model.model.get_rope_index(ids, inputs["mm_token_type_ids"], image_grid_thw=inputs["image_grid_thw"])
    return where[:, 0].tolist(), int(delta) + ids.shape[1]


def case(model, name, inputs, pictures, tensors):
    with torch.no_grad():
        logits = model(**inputs).logits[0].double()
        tokens, gap = greedy(model, inputs)
    if gap < SMALLEST_GAP:
        return None
    logprobs = torch.log_softmax(logits, -1)
    ids = inputs["input_ids"][0]
    tensors[f"last.{name}"] = logprobs[-1].float().contiguous()
    where, following = positions(model, inputs)
    return {
        "name": name,
        "images": pictures,
        "inputIds": ids.tolist(),
        "positions": where,
        "next": following,
        "logprobs": [round(v, 6) for v in logprobs[:-1].gather(-1, ids[1:, None])[:, 0].tolist()],
        "greedy": tokens,
    }


def cases(model, name, made, images, features):
    """None if two tokens were too close to call in some greedy step."""
    rng = random.Random(name)
    tensors, made_cases = {}, []
    for pictures in ([], *(made["pictures"] or PICTURES)):
        title = f"{len(pictures)}-pictures"
        made_case = case(model, title, prompt(rng, pictures, images, features), pictures, tensors)
        if made_case is None:
            return None, None
        made_cases.append(made_case)
    return made_cases, tensors


def padded(model, made_cases, images, features, left):
    """All prompts as one padded batch: positions at each place, and the log-probabilities of the real tokens."""
    longest = max(len(made["inputIds"]) for made in made_cases)
    rows = [[0] * (longest - len(made["inputIds"])) for made in made_cases]
    ids = [pad + made["inputIds"] if left else made["inputIds"] + pad for pad, made in zip(rows, made_cases)]
    real = [[0] * len(pad) + [1] * (longest - len(pad)) for pad in rows]
    ids, real = torch.tensor(ids), torch.tensor([row if left else row[::-1] for row in real])
    shown = [features(images=[Image.open(images / name)], return_tensors="pt") for made in made_cases for name in made["images"]]
    inputs = {
        "input_ids": ids,
        "attention_mask": real,
        "mm_token_type_ids": (ids == IMAGE).int(),
        "image_grid_thw": torch.cat([one["image_grid_thw"] for one in shown]),
        "pixel_values": torch.cat([one["pixel_values"] for one in shown]),
    }
    where, delta = model.model.get_rope_index(
        ids, inputs["mm_token_type_ids"], image_grid_thw=inputs["image_grid_thw"], attention_mask=real
    )
    with torch.no_grad():
        logprobs = torch.log_softmax(model(**inputs).logits.double(), -1)
    rows = []
    for row, made in enumerate(made_cases):
        kept = real[row].bool()
        found = logprobs[row, kept][:-1].gather(-1, ids[row, kept][1:, None])[:, 0].tolist()
        assert max(abs(a - b) for a, b in zip(found, made["logprobs"], strict=True)) < 1e-5
        rows.append(
            {
                "real": real[row].tolist(),
                "positions": where[:, row].tolist(),
                "next": int(delta[row]) + int(real[row].sum()),
                "logprobs": [round(v, 6) for v in found],
            }
        )
    return rows


def unused(made_cases):
    """A token that ends no greedy response."""
    return next(i for i in range(VOCABULARY) if all(i not in made["greedy"] for made in made_cases))


def write_json(file, content, indent=None):
    separators = None if indent else (",", ":")
    file.write_text(json.dumps(content, ensure_ascii=True, separators=separators, indent=indent) + "\n")


def edit_config(folder, **changes):
    file = folder / "config.json"
    config = json.loads(file.read_text())
    for noise in ("transformers_version", "initializer_range", "use_cache", "attention_dropout"):
        for part in (config, *(config[key] for key in NESTED_KEYS)):
            part.pop(noise, None)
    config |= changes
    config["text_config"]["eos_token_id"] = changes.get("eos_token_id")
    write_json(file, config, indent=1)
    return config


def as_older_files_have_it(config):
    """The decoder's keys beside the others, and the rotary ones by their older names."""
    text = dict(config["text_config"])
    turning = text.pop("rope_parameters")
    for key in ("model_type", "layer_types", "dtype"):
        text.pop(key, None)
    flat = {key: value for key, value in config.items() if key not in ("text_config", "dtype")}
    vision = dict(config["vision_config"])
    vision["in_chans"] = vision.pop("in_channels")
    vision["model_type"] = "qwen2_5_vl"
    vision.pop("dtype", None)
    flat |= text | {
        "rope_theta": turning["rope_theta"],
        "rope_scaling": {"type": "mrope", "mrope_section": turning["mrope_section"]},
        "torch_dtype": config["dtype"],
        "tie_word_embeddings": config["tie_word_embeddings"],
        "vision_config": vision,
    }
    return flat


def as_newer_files_name_it(name):
    for prefix in ("visual.", "model."):
        if name.startswith(prefix):
            rest = name.removeprefix("model.")
            return "model." + ("language_model." if prefix == "model." else "") + rest
    return name


def write_other_ways(folder, target, config, inputs, expected):
    """The same model as an older config.json, and with the weights' names of newer files; transformers agrees."""
    for way in ("older-config", "newer-names"):
        made = target / way
        shutil.copytree(folder, made)
        if way == "older-config":
            write_json(made / "config.json", as_older_files_have_it(config), indent=1)
        else:
            tensors = {as_newer_files_name_it(k): v for k, v in load_file(made / "model.safetensors").items()}
            save_file(tensors, made / "model.safetensors", metadata={"format": "pt"})
        with torch.no_grad():
            difference = (load(made)(**inputs).logits[0] - expected).abs().max().item()
        assert difference == 0, (way, difference)
    older = json.loads((target / "older-config" / "config.json").read_text())
    write_json(folder / "older-config.json", older, indent=1)
    shutil.copy(target / "newer-names" / "model.safetensors", folder / "newer-names.safetensors")
    for way in ("older-config", "newer-names"):
        shutil.rmtree(target / way)


def make(name, made, root, images):
    settings, features = processor(made)
    for seed in range(1000):
        folder = root / name
        shutil.rmtree(folder, ignore_errors=True)
        model = random_model(configuration(name, made), seed).to(getattr(torch, made["dtype"]))
        model.save_pretrained(folder, **({"max_shard_size": made["shard"]} if made["shard"] else {}))
        model = load(folder)
        made_cases, tensors = cases(model, name, made, images, features)
        if made_cases is not None:
            break
    (folder / "generation_config.json").unlink(missing_ok=True)
    config = edit_config(folder, eos_token_id=unused(made_cases))
    write_json(folder / "preprocessor_config.json", settings)
    write_json(folder / "cases.json", made_cases)
    save_file(tensors, folder / "expected.safetensors")
    if name == "untied":
        sides = {side: padded(model, made_cases, images, features, side == "left") for side in ("left", "right")}
        write_json(folder / "padded.json", sides)
    if name in ("tied", "untied"):
        inputs = prompt(random.Random(name), ["rgb.png"], images, features)
        with torch.no_grad():
            expected = model(**inputs).logits[0]
        write_other_ways(folder, root, config, inputs, expected)
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"{name}: seed {seed}, {sum(p.numel() for p in model.parameters())} weights, {size >> 10} KB")


def main(golden, *names):
    torch.set_num_threads(1)
    for name in names or VARIANTS:
        make(name, VARIANTS[name], golden / "variants", golden / "images")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
