"""Fine-tunes a LoRA adapter on the dreams beside this script, with TRL and PEFT.

    pip install "trl>=0.20" peft datasets
    python train_trl.py --out adapter

Rows are synthetic: every line says so. With fewer than a hundred rows training is not worth it; put the `retrieval`
export in front of the model instead. The script prints the loss on held-out rows before and after.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from datasets import Dataset, load_dataset
from peft import LoraConfig, PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import SFTConfig, SFTTrainer

HERE = Path(__file__).resolve().parent
MODEL = "$model"
TRAIN = "$train"
HELD_OUT = "$held_out"
COLUMNS = "$columns"
"""What a row is trained on; the rest of it says where it comes from."""


def rows(name: str) -> Dataset | None:
    """A file beside this script, or None when the export had no such rows."""
    path = HERE / name
    if not path.is_file() or not path.stat().st_size:
        return None
    return load_dataset("json", data_files=str(path), split="train").select_columns(COLUMNS.split())


def main() -> None:
    """Train, save the adapter, load it back."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--model", default=MODEL)
    options.add_argument("--out", default=str(HERE / "adapter"))
    options.add_argument("--epochs", type=float, default=3.0)
    options.add_argument("--learning-rate", type=float, default=2e-4)
    options.add_argument("--batch", type=int, default=4)
    options.add_argument("--max-length", type=int, default=2048)
    given = options.parse_args()

    train, held_out = rows(TRAIN), rows(HELD_OUT)
    if train is None:
        raise SystemExit(f"{TRAIN} has no rows")
    tokenizer = AutoTokenizer.from_pretrained(given.model)
    trainer = SFTTrainer(
        model=AutoModelForCausalLM.from_pretrained(given.model),
        processing_class=tokenizer,
        train_dataset=train,
        eval_dataset=held_out,
        peft_config=LoraConfig(r=16, lora_alpha=32, lora_dropout=0.05, target_modules="all-linear"),
        args=SFTConfig(
            output_dir=given.out,
            num_train_epochs=given.epochs,
            learning_rate=given.learning_rate,
            per_device_train_batch_size=given.batch,
            max_length=given.max_length,
            logging_steps=5,
            save_strategy="no",
            report_to="none",
            bf16=torch.cuda.is_available() and torch.cuda.is_bf16_supported(),
            use_cpu=not torch.cuda.is_available(),
            seed=7,
        ),
    )
    before = trainer.evaluate()["eval_loss"] if held_out else None
    trainer.train()
    if before is not None:
        print(f"loss on held-out rows: {before:.4f} before, {trainer.evaluate()['eval_loss']:.4f} after")
    trainer.save_model(given.out)
    PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(given.model), given.out)
    print(f"adapter: {given.out}")


if __name__ == "__main__":
    main()
