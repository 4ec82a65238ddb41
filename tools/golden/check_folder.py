"""Compares model folders, such as exported ones, with transformers through Railhead's commands.

    pip install torch transformers tokenizers safetensors pillow numpy      # without torchvision
    python3 tools/golden/check_folder.py ./railhead FOLDER [PICTURE]...

    ./railhead train --steps 1 --run-dir ../run --set policy.compute=bfloat16          # and float32
    ./railhead checkpoint export ../run ../exported
    python3 tools/golden/check_folder.py ./railhead ../exported policy/src/test/resources/golden/images/rgb.png

Each folder must load with no missing, unexpected or mis-shaped key. Then `railhead logprobs` and `railhead generate
--batch` answer prompts of random tokens and of text, without and with the pictures, and transformers, on the same
folder in 32-bit floats, says whether they are right. Prints the largest deviation; status 1 beyond the tolerance.
"""

import json
import random
import subprocess
import sys
from pathlib import Path

import torch
from PIL import Image
from transformers import AutoTokenizer, Qwen2_5_VLForConditionalGeneration
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

TOLERANCE, NEW_TOKENS, CLOSE_CALL = 1e-4, 32, 1e-3
TEXTS = ["Which line passes through A?", "How many stops?\nAnswer with a number.", "Tr\u00e8fle \u7ad9 \U0001f687 <b>"]


def load(folder):
    model, info = Qwen2_5_VLForConditionalGeneration.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", output_loading_info=True
    )
    problems = {key: info[key] for key in ("missing_keys", "unexpected_keys", "mismatched_keys") if info[key]}
    assert not problems, (folder, problems)
    return model.eval()


def processor(folder):
    settings = json.loads((folder / "preprocessor_config.json").read_text())
    names = ("min_pixels", "max_pixels", "patch_size", "temporal_patch_size", "merge_size", "image_mean", "image_std")
    return Qwen2VLImageProcessorPil(**{key: settings[key] for key in names if key in settings})


def picture_inputs(features, picture):
    return {} if picture is None else dict(features(images=[Image.open(picture)], return_tensors="pt"))


def expanded(ids, config, shown, features):
    count = int(shown["image_grid_thw"][0].prod()) // features.merge_size**2 if shown else 0
    return [t for token in ids for t in ([token] * count if token == config.image_token_id else [token])]


def inputs(ids, config, shown):
    ids = torch.tensor([ids])
    return {"input_ids": ids, "attention_mask": torch.ones_like(ids)} | (
        shown | {"mm_token_type_ids": (ids == config.image_token_id).int()} if shown else {}
    )


def prompts(folder, model, features, pictures):
    """Text by the folder's chat template, and random tokens."""
    tokenizer, config = AutoTokenizer.from_pretrained(folder), model.config
    rng = random.Random(7)
    special = {config.image_token_id, config.video_token_id}
    plain = [i for i in range(config.text_config.vocab_size) if i not in special]
    for picture in (None, *pictures):
        shown = picture_inputs(features, picture)
        ids = [rng.choice(plain) for _ in range(rng.randint(3, 20))]
        if picture is not None:
            ids += [config.vision_start_token_id, config.image_token_id, config.vision_end_token_id]
        ids += [rng.choice(plain) for _ in range(rng.randint(3, 20))]
        yield {"input_ids": expanded(ids, config, shown, features)}, picture, shown
        for text in TEXTS if tokenizer.chat_template else ():
            content = ([{"type": "image"}] if picture is not None else []) + [{"type": "text", "text": text}]
            ids = tokenizer.apply_chat_template(
                [{"role": "user", "content": content}], tokenize=True, add_generation_prompt=True, return_dict=False
            )
            yield {"prompt": text, "input_ids": expanded(ids, config, shown, features)}, picture, shown


def railhead(launcher, command, folder, items, *options):
    lines = "".join(json.dumps(item) + "\n" for item in items)
    made = subprocess.run(
        [launcher, command, "--model", str(folder), *options], input=lines, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    return [json.loads(line) for line in made.stdout.splitlines()]


def check(launcher, folder, pictures):
    model, features = load(folder), processor(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    asked = list(prompts(folder, model, features, pictures))
    where = [{} if picture is None else {"image": str(picture)} for _, picture, _ in asked]
    scored = railhead(
        launcher, "logprobs", folder,
        [{"id": i, "input_ids": a[0]["input_ids"]} | w for i, (a, w) in enumerate(zip(asked, where))],
    )
    by_text = [{k: v for k, v in a[0].items() if k == "prompt" or "prompt" not in a[0]} | w for a, w in zip(asked, where)]
    generated = railhead(
        launcher, "generate", folder, by_text, "--batch", "--json", "--temperature", "0", "--max-tokens", str(NEW_TOKENS)
    )
    deviation, close = 0.0, 0
    for index, (item, _, shown) in enumerate(asked):
        ids = item["input_ids"]
        given = inputs(ids, model.config, shown)
        with torch.no_grad():
            logprobs = torch.log_softmax(model(**given).logits[0].double(), -1)
            wanted = logprobs[:-1].gather(-1, torch.tensor(ids)[1:, None])[:, 0]
            made = model.generate(
                **given, max_new_tokens=NEW_TOKENS, do_sample=False, temperature=None, top_p=None, top_k=None,
                repetition_penalty=1.0, output_logits=True, return_dict_in_generate=True,
            )
        assert scored[index]["id"] == index
        deviation = max(deviation, (torch.tensor(scored[index]["logprobs"]) - wanted).abs().max().item())
        steps = torch.log_softmax(torch.cat(made.logits).double(), -1)
        greedy = made.sequences[0, len(ids) :].tolist()
        found = generated[index]
        same = next((i for i, (a, b) in enumerate(zip(greedy, found["token_ids"])) if a != b), min(len(greedy), len(found["token_ids"])))
        if greedy != found["token_ids"]:
            gap = steps[same].topk(2).values
            assert (gap[0] - gap[1]).item() < CLOSE_CALL, (folder, index, greedy, found["token_ids"])
            close += 1
        else:
            assert tokenizer.decode(greedy, skip_special_tokens=True) == found["text"], (folder, index)
        wanted = steps[:same].gather(-1, torch.tensor(greedy[:same])[:, None])[:, 0]
        if same:
            deviation = max(deviation, (torch.tensor(found["logprobs"][:same]) - wanted).abs().max().item())
    print(f"{folder}: {len(asked)} prompts, largest deviation {deviation:.2e}, {close} greedy ties")
    return deviation <= TOLERANCE


def main(launcher, *paths):
    torch.set_num_threads(1)
    folders = [Path(p) for p in paths if Path(p).is_dir()]
    pictures = [Path(p).resolve() for p in paths if Path(p).is_file()]
    sys.exit(0 if all([check(launcher, folder, pictures) for folder in folders]) else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
