"""Tunes a LoRA adapter on preferences or rewards beside this script, with TRL and PEFT. Method: $method.

    pip install "trl>=0.20" peft datasets
    python train_trl_preferences.py --out adapter

Start from a model that was fine-tuned on the `trl` export. Rows are synthetic: every line says so.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
import trl
from datasets import load_dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer

HERE = Path(__file__).resolve().parent
MODEL = "$model"
TRAIN = "$train"
METHOD = "$method"
COLUMNS = "$columns"
"""What a row is trained on; the rest of it says where it comes from."""


def main() -> None:
    """Train and save the adapter."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--model", default=MODEL)
    options.add_argument("--out", default=str(HERE / "adapter"))
    options.add_argument("--epochs", type=float, default=1.0)
    options.add_argument("--batch", type=int, default=4)
    given = options.parse_args()

    train = load_dataset("json", data_files=str(HERE / TRAIN), split="train").select_columns(COLUMNS.split())
    arguments = {
        "output_dir": given.out,
        "num_train_epochs": given.epochs,
        "per_device_train_batch_size": given.batch,
        "logging_steps": 5,
        "report_to": "none",
        "bf16": torch.cuda.is_available() and torch.cuda.is_bf16_supported(),
        "use_cpu": not torch.cuda.is_available(),
        "seed": 7,
    }
    parts = {
        "model": AutoModelForCausalLM.from_pretrained(given.model),
        "processing_class": AutoTokenizer.from_pretrained(given.model),
        "train_dataset": train,
        "peft_config": LoraConfig(r=16, lora_alpha=32, target_modules="all-linear"),
    }
    if METHOD == "grpo":
        from reward import reward  # noqa: PLC0415 -- beside this script; runs the tests in sealed workers

        trainer = trl.GRPOTrainer(reward_funcs=reward, args=trl.GRPOConfig(**arguments), **parts)
    elif METHOD == "kto":
        trainer = trl.KTOTrainer(args=trl.KTOConfig(**arguments), **parts)
    else:
        trainer = trl.DPOTrainer(args=trl.DPOConfig(**arguments), **parts)
    trainer.train()
    trainer.save_model(given.out)
    print(f"adapter: {given.out}")


if __name__ == "__main__":
    main()
