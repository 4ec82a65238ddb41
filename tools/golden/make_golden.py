"""Writes the golden files that the Java policy is compared with.

    pip install torch transformers tokenizers safetensors pillow numpy      # without torchvision
    python3 tools/golden/make_golden.py policy/src/test/resources/golden \
        policy/src/main/resources/io/railhead/policy/embedded

Made with torch 2.13.0 (CPU), transformers 5.18.0, tokenizers 0.23.2, Pillow 12.3.0, NumPy 2.4.6; seed 20260101. Only the
pictures, the texts and the shape of the tiny model are chosen here; every expected value is computed by those libraries.
"""

import hashlib
import io
import json
import random
import struct
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer, Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil, smart_resize

SEED = 20260101
SPECIAL = [
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|image_pad|>",
    "<|video_pad|>",
]
SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CORPUS = [
    "According to the subway map, how many lines pass through Promenade Station? The answer is on the line.",
    "Take the Downtown Line from Promenade Station to Little India Station, then the North East Line.",
]
PATCH, MERGE, TEMPORAL, MIN_PIXELS, MAX_PIXELS = 4, 2, 2, 256, 1024


def make_tokenizer(file):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.add_special_tokens(SPECIAL)
    tokenizer.save(str(file), pretty=False)
    return tokenizer


def make_model(folder, tokenizer):
    ids = {token: tokenizer.token_to_id(token) for token in SPECIAL}
    config = Qwen2_5_VLConfig(
        text_config=dict(
            vocab_size=312,
            hidden_size=32,
            intermediate_size=48,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=512,
            rms_norm_eps=1e-6,
            rope_parameters={"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [1, 1, 2]},
            bos_token_id=ids["<|endoftext|>"],
            eos_token_id=ids["<|im_end|>"],
        ),
        vision_config=dict(
            depth=2,
            hidden_size=16,
            intermediate_size=24,
            num_heads=2,
            patch_size=PATCH,
            temporal_patch_size=TEMPORAL,
            spatial_merge_size=MERGE,
            window_size=24,
            fullatt_block_indexes=[1],
            out_hidden_size=32,
        ),
        image_token_id=ids["<|image_pad|>"],
        video_token_id=ids["<|video_pad|>"],
        vision_start_token_id=ids["<|vision_start|>"],
        vision_end_token_id=ids["<|vision_end|>"],
        tie_word_embeddings=False,
        dtype="float32",
        attn_implementation="eager",
    )
    torch.manual_seed(SEED)
    model = Qwen2_5_VLForConditionalGeneration(config).float().eval()
    # Weights large enough that every part moves the logits: biases and norms too.
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn_like(parameter)
            parameter.copy_(1 + 0.1 * noise if "norm" in name or "ln_q" in name else 0.4 * noise)
    model.generation_config.eos_token_id = [ids["<|im_end|>"], ids["<|endoftext|>"]]
    model.generation_config.pad_token_id = ids["<|endoftext|>"]
    model.save_pretrained(folder)
    return model


def make_image_processor(folder):
    settings = {
        "image_processor_type": "Qwen2VLImageProcessor",
        "min_pixels": MIN_PIXELS,
        "max_pixels": MAX_PIXELS,
        "patch_size": PATCH,
        "temporal_patch_size": TEMPORAL,
        "merge_size": MERGE,
        "image_mean": [0.48145466, 0.4578275, 0.40821073],
        "image_std": [0.26862954, 0.26130258, 0.27577711],
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(settings, indent=1) + "\n")
    return Qwen2VLImageProcessorPil(**{k: v for k, v in settings.items() if k != "image_processor_type"})


def wave(height, width, channels, top=255):
    """A smooth picture with an edge in it, so that files stay small and the resampling filter overshoots."""
    y, x, c = np.mgrid[0:height, 0:width, 0:channels]
    value = 0.5 + 0.5 * np.sin(x / (5.0 + c) + y / (7.0 - c) + c)
    value[height // 3 :, width // 4 : width // 2] = 1.0
    value[: height // 4, width // 2 :] = 0.0
    return np.round(value * top)


def png_chunk(kind, data):
    import zlib

    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png16(height, width, channels, colour_type):
    """16-bit PNG with colour, which Pillow reads but does not write."""
    import zlib

    samples = wave(height, width, channels, 65535).astype(">u2")
    rows = b"".join(b"\0" + samples[y].tobytes() for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(rows, 9))
        + png_chunk(b"IEND", b"")
    )


def make_images(folder):
    folder.mkdir(parents=True, exist_ok=True)

    def rgb(height, width):
        return Image.fromarray(wave(height, width, 3).astype(np.uint8))

    def save(name, image, **options):
        image.save(folder / name, **options)

    save("rgb.png", rgb(37, 53))
    save("enlarged.png", rgb(11, 14))
    save("one-pixel-wide.png", rgb(40, 1))
    save("already-fits.png", rgb(24, 32))
    save("large.png", rgb(240, 300))
    save("rgba.png", Image.fromarray(wave(30, 41, 4).astype(np.uint8)))
    save("grey.png", Image.fromarray(wave(29, 30, 1)[:, :, 0].astype(np.uint8)))
    save("grey-alpha.png", Image.fromarray(wave(20, 27, 2).astype(np.uint8), mode="LA"))
    save("black-white.png", Image.fromarray(wave(33, 26, 1)[:, :, 0].astype(np.uint8)).convert("1"))
    save("palette.png", rgb(61, 33).quantize(17))
    save("palette-transparent.png", rgb(21, 33).quantize(6), transparency=2)
    save("rgb-transparent.png", rgb(19, 33), transparency=(0, 0, 0))
    save("grey-16.png", Image.fromarray(wave(24, 20, 1, 700)[:, :, 0].astype(np.uint16)))
    (folder / "rgb-16.png").write_bytes(png16(18, 31, 3, 2))
    (folder / "rgba-16.png").write_bytes(png16(17, 22, 4, 6))
    (folder / "grey-alpha-16.png").write_bytes(png16(23, 19, 2, 4))
    save("colour.jpg", rgb(70, 51), quality=85)
    save("colour-444.jpg", rgb(50, 51), quality=90, subsampling=0)
    save("progressive.jpg", rgb(51, 66), quality=80, progressive=True)
    save("grey.jpg", rgb(45, 38).convert("L"), quality=80)
    refused = folder.parent / "refused"
    refused.mkdir(exist_ok=True)
    rgb(24, 24).convert("CMYK").save(refused / "cmyk.jpg")
    return sorted(folder.iterdir())


def resize_cases():
    """Pillow's bicubic on a picture that Java can make too: byte = (7x + 13y + 29c + x*y) mod 251."""
    cases = []
    sizes = [(480, 640, 336, 448), (100, 75, 224, 168), (333, 1, 28, 56), (61, 997, 28, 504), (28, 28, 28, 28)]
    for height, width, to_height, to_width in sizes + [(97, 101, 28, 252), (5, 3, 56, 28)]:
        y, x, c = np.mgrid[0:height, 0:width, 0:3]
        picture = ((7 * x + 13 * y + 29 * c + x * y) % 251).astype(np.uint8)
        resized = np.array(Image.fromarray(picture).resize((to_width, to_height), Image.Resampling.BICUBIC))
        cases.append(
            {
                "height": height,
                "width": width,
                "toHeight": to_height,
                "toWidth": to_width,
                "sha256": hashlib.sha256(resized.tobytes()).hexdigest(),
            }
        )
    return cases


def smart_resize_cases(rng):
    cases = []
    while len(cases) < 300:
        factor = rng.choice([8, 28, 32])
        low = rng.choice([256, 3136, 50176, 200704])
        high = max(low, rng.choice([1024, 50176, 1003520, 12845056]))
        height, width = (int(2 ** rng.uniform(0, 14)) for _ in range(2))
        if max(height, width) / min(height, width) <= 200:
            to_height, to_width = smart_resize(height, width, factor, low, high)
            if to_height > 0 and to_width > 0:
                cases.append([height, width, factor, low, high, to_height, to_width])
    return cases


def texts(rng):
    fixed = [
        "",
        " ",
        "\n\n \n",
        "Please solve the problem and put your answer in one \"\\boxed{}\".",
        "Route Name: Line 1\nDeparture Stop: A\nArrival Stop: B\n--\nRoute Name: Line 12\n",
        "Government Center Station, no or now? 'I've' 12345 3.14 yes-no \\boxed{yes}",
        "<|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\n",
        "Tr\u00e8fle-Blanc, \u84df\u95e8\u6865\u7ad9\uff08\u6362\u4e58\u7ad9\uff09 \U0001f687 e\u0301 \u00df \u200d",
        "\t tabs\r\nand  double  spaces ",
    ]
    pieces = ["Line ", "1", "23", "A", "no", "now", " ", "  ", "\n", ". ", ", ", "\u00e9", "\u7ad9", "\U0001f600", "'s", "(", "}",
              "\\boxed{", "Station", "<|im_end|>", "<|image_pad|>", "yes", "Yes", " is on ", "\r\n", "\u00a0", "--", "\n--\n", "Z"]
    return fixed + ["".join(rng.choice(pieces) for _ in range(rng.randint(1, 14))) for _ in range(120)]


def fuzz(tokenizer, samples):
    rows = []
    for text in samples:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        rows.append({"text": text, "ids": ids, "decoded": tokenizer.decode(ids, skip_special_tokens=True)})
    return rows


def model_cases(model, tokenizer, processor, images, tensors):
    cases = []
    prompts = [
        ("text", "How many lines pass through Little India?", []),
        ("one-picture", "Is it on the line?", ["rgb.png"]),
        ("two-pictures", "From the first to the second.", ["palette.png", "one-pixel-wide.png"]),
        ("three-pictures", "", ["large.png", "colour.jpg", "enlarged.png"]),
    ]
    for name, text, names in prompts:
        grids, pixels, pads = [], [], ""
        for image in names:
            features = processor(images=[Image.open(images / image)], return_tensors="np")
            grids += features["image_grid_thw"].tolist()
            pixels.append(torch.from_numpy(features["pixel_values"]))
            count = int(np.prod(grids[-1])) // MERGE**2
            pads += "<|vision_start|>" + "<|image_pad|>" * count + "<|vision_end|>"
        chat = (
            "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n"
            + pads + text + "<|im_end|>\n<|im_start|>assistant\n"
        )
        ids = torch.tensor([tokenizer.encode(chat, add_special_tokens=False).ids])
        types = (ids == model.config.image_token_id).int()
        inputs = {"input_ids": ids}
        if names:
            inputs |= {
                "mm_token_type_ids": types,
                "image_grid_thw": torch.tensor(grids),
                "pixel_values": torch.cat(pixels),
            }
        with torch.no_grad():
            logits = model(**inputs).logits[0]
            greedy = model.generate(
                **inputs, max_new_tokens=12, min_new_tokens=12, do_sample=False, temperature=None, top_p=None, top_k=None,
                eos_token_id=None,
            )[0, ids.shape[1] :]
        if names:
            positions, delta = model.model.get_rope_index(ids, types, image_grid_thw=torch.tensor(grids))
            positions, following = positions[:, 0].tolist(), int(delta) + ids.shape[1]
        else:
            positions, following = [list(range(ids.shape[1]))] * 3, ids.shape[1]
        logprobs = torch.log_softmax(logits.double(), -1)[:-1].gather(-1, ids[0, 1:, None])[:, 0]
        tensors[f"logits.{name}"] = logits[-8:].contiguous()
        cases.append(
            {
                "name": name,
                "text": text,
                "images": names,
                "inputIds": ids[0].tolist(),
                "positions": positions,
                "next": following,
                "logprobs": [round(v, 6) for v in logprobs.tolist()],
                "greedy": greedy.tolist(),
            }
        )
    return cases


def write_json(file, content):
    file.write_text(json.dumps(content, ensure_ascii=True, separators=(",", ":")) + "\n")


def main(folder, embedded):
    rng = random.Random(SEED)
    torch.set_num_threads(1)
    model_folder = folder / "model"
    model_folder.mkdir(parents=True, exist_ok=True)
    tokenizer = make_tokenizer(model_folder / "tokenizer.json")
    processor = make_image_processor(model_folder)
    model = make_model(model_folder, tokenizer)
    tensors = {}
    files = make_images(folder / "images")
    grids = {}
    for file in files:
        features = processor(images=[Image.open(file)], return_tensors="np")
        tensors[f"patches.{file.name}"] = torch.from_numpy(np.ascontiguousarray(features["pixel_values"]))
        grids[file.name] = features["image_grid_thw"][0].tolist()
    cases = model_cases(model, tokenizer, processor, folder / "images", tensors)
    save_file(tensors, folder / "expected.safetensors")
    samples = texts(rng)
    write_json(folder / "model-cases.json", cases)
    write_json(folder / "grids.json", grids)
    write_json(folder / "resize.json", resize_cases())
    write_json(folder / "smart-resize.json", smart_resize_cases(rng))
    write_json(folder / "tokenizer-fuzz.json", fuzz(tokenizer, samples))
    embedded_tokenizer = Tokenizer.from_file(str(embedded / "tokenizer.json"))
    write_json(folder / "embedded-tokenizer-fuzz.json", fuzz(embedded_tokenizer, samples))
    chat = AutoTokenizer.from_pretrained(embedded)
    content = [{"type": "text", "text": samples[4]}]
    write_json(
        folder / "embedded-chat.json",
        {
            "text": samples[4],
            "ids": chat.apply_chat_template(
                [{"role": "user", "content": content}], tokenize=True, add_generation_prompt=True, return_dict=False
            ),
        },
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
