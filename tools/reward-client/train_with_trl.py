"""TRL's GRPOTrainer with a Railhead reward service as its reward function.

A service must run:

    ./railhead reward-service --port 8087

then, with trl, datasets, transformers and torch installed (`python3 -m venv X && X/bin/pip install trl datasets`):

    X/bin/python tools/reward-client/train_with_trl.py

It trains a model of two layers with random weights, which may say one word of four, for four steps: what it shows is the
plug, not a result. Put your model and your data set in their places; the data set needs the columns in `KEY_FIELDS`.
"""

import pathlib
import tempfile

import torch
from datasets import Dataset
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM
from trl import GRPOConfig, GRPOTrainer

from railhead_reward import KEY_FIELDS, reward_func

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOKENIZER = next(ROOT.glob("*/src/main/resources/**/tokenizer.json"))
TRUE_OR_FALSE = "According to the subway map, is it true that A Station is on the Line 1? Answer in one \\boxed{}."

WORDS = ["yes", "no", "1", "2"]

ROWS = [
    {"prompt": TRUE_OR_FALSE, "type": "TorF2", "answer": 1, "difficulty_city": "easy"},
    {"prompt": "How many lines pass through B Station?", "type": "Counting2", "answer": 2, "difficulty_city": "hard"},
    {
        "prompt": "How do I get from A Station to B Station?",
        "type": "planning",
        "station_1": "A Station",
        "station_2": "B Station",
        "difficulty_city": "middle",
        "question_transfer_count": 0,
        "stations": '{"Line 1": ["A Station", "B Station"]}',
    },
]


def main():
    torch.set_num_threads(1)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(TOKENIZER), eos_token="<|im_end|>", pad_token="<|endoftext|>")
    said = [tokenizer.convert_tokens_to_ids(word) for word in WORDS]
    torch.manual_seed(1)
    model = Qwen2ForCausalLM(
        Qwen2Config(
            vocab_size=len(tokenizer),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            num_key_value_heads=2,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
    with tempfile.TemporaryDirectory() as directory:
        trainer = GRPOTrainer(
            model=model,
            processing_class=tokenizer,
            reward_funcs=reward_func,
            train_dataset=Dataset.from_list([{**dict.fromkeys(KEY_FIELDS), **row} for row in ROWS]),
            args=GRPOConfig(
                output_dir=directory,
                use_cpu=True,
                bf16=False,
                max_steps=4,
                per_device_train_batch_size=8,
                num_generations=8,
                max_completion_length=1,
                generation_kwargs={"suppress_tokens": [i for i in range(len(tokenizer)) if i not in said]},
                logging_steps=1,
                report_to=[],
                disable_tqdm=True,
                save_strategy="no",
                scale_rewards="none",  # standardising a group would cancel the difficulty weights
            ),
        )
        trainer.train()
        for entry in trainer.state.log_history:
            if "reward" in entry:
                print(f"step {entry['step']}: reward {entry['reward']:.4f}, deviation {entry['reward_std']:.4f}")


if __name__ == "__main__":
    main()
