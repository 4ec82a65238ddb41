"""Writes texts of all of Unicode with their tokens, for the tokenizers of the golden and of the embedded model.

    pip install tokenizers
    python3 tools/golden/make_texts.py policy/src/test/resources/golden \
        policy/src/main/resources/io/railhead/policy/embedded

Made with tokenizers 0.23.2; seed 20260102. Behind make_golden.py, whose tokenizer it reads.
"""

import json
import random
import sys
from pathlib import Path

from tokenizers import Tokenizer

SEED, TEXTS = 20260102, 400
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"]
BLOCKS = [
    (0x00, 0x20), (0x20, 0x7F), (0x7F, 0xA1), (0xA1, 0x250), (0x250, 0x370), (0x370, 0x590), (0x590, 0x780),
    (0x900, 0xE00), (0xE00, 0x1200), (0x1100, 0x1200), (0x1E00, 0x2000), (0x2000, 0x2070), (0x2070, 0x2C00),
    (0x2E80, 0x3100), (0x3100, 0xA000), (0xA000, 0xAC00), (0xAC00, 0xD7B0), (0xE000, 0xF900), (0xF900, 0xFB00),
    (0xFB00, 0xFE00), (0xFE00, 0x10000), (0x10000, 0x11000), (0x1D000, 0x1E000), (0x1F000, 0x1FB00),
    (0x20000, 0x2FA20), (0x30000, 0x40000), (0xE0000, 0xE0200), (0xF0000, 0x10FFFF),
]
# Sequences that normalise, join, break or turn around.
SEQUENCES = [
    "e\u0301", "\u00e9", "a\u0308\u0301", "\u1e69", "s\u0323\u0307", "s\u0307\u0323", "\u212b", "\u2126", "\ufb01", "\u1100\u1161\u11a8",
    "\uac01", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f44d\U0001f3fd", "\u2764\ufe0f", "\U0001f1e9\U0001f1ea",
    "\U0001f3f4\U000e0067\U000e0062\U000e007f", "\u05e9\u05dc\u05d5\u05dd", "\u0645\u0631\u062d\u0628\u0627", "\u202eabc\u202c",
    "\u0928\u092e\u0938\u094d\u0924\u0947", "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35", "\u200b", "\ufeff", "\u00ad", "\u2028", "\u2029",
    "\u0085", "\u00a0", "\u3000", "\u2003", "\u0000", "\u001b[0m", "\u007f", "\ufffd", "\uffff", "\U0010ffff", "\u0130", "\u0131", "\u00df",
    "'S", "'LL", "\u2019s", "12\u0663\u0967", "\u00bd\u2163", "\r\n", "\r", "\n \n", "\t ", "   ", "...", "\u2026", "--", "Line 1", "Line 12", "no",
    "now", "yes.", " is on ", "\\boxed{", "}", " Station", "<|im_end|", "<||>", "im_end|>",
]


def character(rng):
    first, end = rng.choice(BLOCKS)
    return chr(rng.randrange(first, end))


def text(rng):
    pieces = []
    for _ in range(rng.randint(1, 9)):
        kind = rng.random()
        if kind < 0.45:
            pieces.append(character(rng))
        elif kind < 0.85:
            pieces.append(rng.choice(SEQUENCES))
        else:
            pieces.append(rng.choice(SPECIAL))
    return rng.choice(["", "", " "]).join(pieces)


def rows(tokenizer, texts):
    made = []
    for sample in texts:
        ids = tokenizer.encode(sample, add_special_tokens=False).ids
        made.append(
            {
                "text": sample,
                "ids": ids,
                "decoded": tokenizer.decode(ids, skip_special_tokens=True),
                "whole": tokenizer.decode(ids, skip_special_tokens=False),
            }
        )
    return made


def main(golden, embedded):
    rng = random.Random(SEED)
    texts = SEQUENCES + SPECIAL + [a + b for a in SPECIAL for b in SPECIAL[:3]]
    texts += [text(rng) for _ in range(TEXTS - len(texts))]
    for name, folder in (("unicode", golden / "model"), ("embedded-unicode", embedded)):
        made = rows(Tokenizer.from_file(str(folder / "tokenizer.json")), texts)
        content = json.dumps(made, ensure_ascii=True, separators=(",", ":"))
        (golden / f"{name}.json").write_text(content.replace('},{"text"', '},\n{"text"') + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
