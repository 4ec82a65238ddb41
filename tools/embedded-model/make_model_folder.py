"""Writes the embedded model's folder without its weights.

    python3 tools/embedded-model/make_model_folder.py policy/src/main/resources/io/railhead/policy/embedded

The tokenizer is a byte-level BPE without merges, so that any text can be encoded, with whole words and template phrases
as added tokens, so that generated questions and their answers are short. An added token never changes the text: it only
decides where it is cut. `single_word` keeps words and numbers from matching inside longer ones ("no" in "now", "Line 1"
in "Line 12"); phrases that begin or end with a space or punctuation are bounded by themselves.

Ids are positions in the lists below: append, never insert, once weights exist.
"""

import json
import sys
from pathlib import Path

SPECIAL = [
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|image_pad|>",
    "<|video_pad|>",
]

YES_NO = (
    'Please solve the problem and put your answer (only answer yes or no) in one "\\boxed{}". '
    "According to the subway map, is it true that "
)
NUMBER = 'Please solve the problem and put your answer in one "\\boxed{}". According to the subway map, '
CHOICE = (
    'Please solve the multiple choice problem and put your answer (one of ABCD) in one "\\boxed{}". '
    "According to the subway map, how many intermediate stops are there between "
)
ROUTE = "According to the subway map, how do I get from "
BLOCK = "Route Name: Line x\nDeparture Stop: xx Station\nArrival Stop: xx Station"
ROUTE_SHORT = (
    "? Provide only one optimal route, with only the line name and the departure and arrival stations. "
    "The format should be strictly followed:\n"
)
ROUTE_COUNTED = (
    "? Provide only one optimal route, and include the number of via stops for each route section "
    "(excluding the departure and arrival stops). The format should be strictly followed:\n"
)
ROUTE_LISTED = "? Provide only one optimal route, including all the via stops. The format should be strictly followed:\n"

# Taken as they stand, wherever they stand.
PHRASES = [
    # the chat template
    "system\nYou are a helpful assistant.",
    "user\n",
    "assistant\n",
    # questions
    YES_NO,
    " is the same line as ",
    " is on the ",
    " is on the line ",
    NUMBER,
    NUMBER + "how many lines pass through ",
    NUMBER + "how many subway (metro) lines are there in total?",
    CHOICE,
    " (except for this two stops)? \nA) ",
    " \nB) ",
    " \nC) ",
    " \nD) ",
    " \n",
    ROUTE,
    " to ",
    ROUTE_SHORT + BLOCK + "\n--\n" + BLOCK,
    ROUTE_COUNTED,
    ROUTE_LISTED,
    BLOCK,
    "\nNumber of Via Stops: x",
    "\nVia Stops: xx Station, xx Station",
    # answers
    "\\boxed{",
    "Route Name: ",
    "\nDeparture Stop: ",
    "\nArrival Stop: ",
    "\n--\n",
    "\nNumber of Via Stops: ",
    "\nVia Stops: ",
    "\nA) ",
    "\nB) ",
    "\nC) ",
    "\nD) ",
    # what may be said before an answer
    " is on ",
    " is not on ",
    " are on ",
    " and ",
    " or ",
    " so ",
    " but ",
    " then ",
    " from ",
    " via ",
    " on ",
    " at ",
    " has ",
    " stops",
    " lines",
    " line",
    " Station",
    " between ",
    " change at ",
    " the same line",
    " is the answer",
    " passes ",
    " pass ",
    " share ",
    " meet at ",
    " goes ",
    " stop ",
    " stops: ",
    " lines: ",
    ", ",
    ". ",
    ".\n",
    ": ",
    "; ",
    " = ",
    " + ",
    " - ",
    " > ",
    " -> ",
    ") ",
    " (",
    "\n\n",
    "Lines through ",
    "Lines: ",
    "Stops: ",
    "Stops between ",
    "Both are on ",
    "They are on ",
    "There are ",
    "There is ",
    "The answer is ",
    "Answer: ",
    "So ",
    "Look: ",
    "Plan: ",
    "Take ",
    "Change at ",
]

# Only where no letter or digit touches them. Single characters are tokens of their own already, as bytes: station names
# and digits need no entry, and must not have one, since a token can only have one id.
WORDS = (
    ["yes", "no", "Yes", "No", "Line", "line", "lines", "stops", "none", "both", "and", "the"]
    + [f"Line {n}" for n in range(1, 9)]
    + [str(n) for n in range(10, 31)]
)

QWEN_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def byte_symbols():
    """The printable stand-in of each byte, as byte-level BPE has it."""
    printable = [b for b in range(256) if 33 <= b <= 126 or 161 <= b <= 172 or 174 <= b]
    others = iter(range(256, 512))
    return [chr(b) if b in printable else chr(next(others)) for b in range(256)]


def added(token_id, content, single_word, special):
    return {
        "id": token_id,
        "content": content,
        "single_word": single_word,
        "lstrip": False,
        "rstrip": False,
        "normalized": False,
        "special": special,
    }


def added_tokens():
    rows = [(t, False, True) for t in SPECIAL] + [(t, False, False) for t in PHRASES] + [(t, True, False) for t in WORDS]
    contents = [row[0] for row in rows]
    assert len(contents) == len(set(contents)), "an added token is listed twice"
    assert not set(contents) & set(byte_symbols()), "an added token is a byte's token"
    return [added(256 + i, *row) for i, row in enumerate(rows)]


def tokenizer(tokens):
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    split = {"type": "Split", "pattern": {"Regex": QWEN_SPLIT}, "behavior": "Isolated", "invert": False}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": tokens,
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, byte_level]},
        "post_processor": byte_level,
        "decoder": byte_level,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": "",
            "end_of_word_suffix": "",
            "fuse_unk": False,
            "byte_fallback": False,
            "vocab": {symbol: b for b, symbol in enumerate(byte_symbols())},
            "merges": [],
        },
    }


CHAT_TEMPLATE = (
    "{%- if messages[0].role != 'system' -%}"
    "{{- '<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n' -}}"
    "{%- endif -%}"
    "{%- for message in messages -%}"
    "{{- '<|im_start|>' + message.role + '\n' -}}"
    "{%- if message.content is string -%}{{- message.content -}}"
    "{%- else -%}{%- for part in message.content -%}"
    "{%- if part.type == 'image' -%}{{- '<|vision_start|><|image_pad|><|vision_end|>' -}}"
    "{%- elif part.type == 'text' -%}{{- part.text -}}{%- endif -%}"
    "{%- endfor -%}{%- endif -%}"
    "{{- '<|im_end|>\n' -}}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\n' -}}{%- endif -%}"
)


def main(folder):
    tokens = added_tokens()
    ids = {t["content"]: t["id"] for t in tokens}
    end, pad = ids["<|im_end|>"], ids["<|endoftext|>"]
    files = {
        "config.json": {
            "architectures": ["Qwen2_5_VLForConditionalGeneration"],
            "model_type": "qwen2_5_vl",
            "dtype": "bfloat16",
            "tie_word_embeddings": True,
            "image_token_id": ids["<|image_pad|>"],
            "video_token_id": ids["<|video_pad|>"],
            "vision_start_token_id": ids["<|vision_start|>"],
            "vision_end_token_id": ids["<|vision_end|>"],
            "text_config": {
                "model_type": "qwen2_5_vl_text",
                "vocab_size": 256 + len(tokens),
                "hidden_size": 128,
                "intermediate_size": 352,
                "num_hidden_layers": 4,
                "num_attention_heads": 4,
                "num_key_value_heads": 4,
                "hidden_act": "silu",
                "max_position_embeddings": 4096,
                "rms_norm_eps": 1e-6,
                "rope_parameters": {"rope_type": "default", "rope_theta": 1000000.0, "mrope_section": [4, 6, 6]},
                "tie_word_embeddings": True,
                "use_sliding_window": False,
                "bos_token_id": pad,
                "eos_token_id": end,
                "pad_token_id": pad,
            },
            "vision_config": {
                "model_type": "qwen2_5_vl_vision",
                "depth": 2,
                "hidden_size": 64,
                "intermediate_size": 176,
                "num_heads": 4,
                "hidden_act": "silu",
                "in_channels": 3,
                "patch_size": 14,
                "temporal_patch_size": 2,
                "spatial_merge_size": 2,
                "window_size": 112,
                "fullatt_block_indexes": [1],
                "out_hidden_size": 128,
            },
        },
        "generation_config.json": {
            "bos_token_id": pad,
            "eos_token_id": [end, pad],
            "pad_token_id": pad,
            "do_sample": True,
            "temperature": 1.0,
        },
        # At most 224 x 224 pixels of area: 64 visual tokens, one a map cell of 28 pixels.
        "preprocessor_config.json": {
            "image_processor_type": "Qwen2VLImageProcessor",
            "processor_class": "Qwen2_5_VLProcessor",
            "min_pixels": 56 * 56,
            "max_pixels": 224 * 224,
            "size": {"shortest_edge": 56 * 56, "longest_edge": 224 * 224},
            "patch_size": 14,
            "temporal_patch_size": 2,
            "merge_size": 2,
            "image_mean": [0.48145466, 0.4578275, 0.40821073],
            "image_std": [0.26862954, 0.26130258, 0.27577711],
        },
        "tokenizer.json": tokenizer(tokens),
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "processor_class": "Qwen2_5_VLProcessor",
            "add_prefix_space": False,
            "clean_up_tokenization_spaces": False,
            "model_max_length": 4096,
            "eos_token": "<|im_end|>",
            "pad_token": "<|endoftext|>",
            "chat_template": CHAT_TEMPLATE,
        },
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        (folder / name).write_text(text, encoding="utf-8")
    print(f"{folder}: vocabulary of {256 + len(tokens)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
