"""Fine-tunes a 4-bit model on the dreams beside this script, with Unsloth. Needs a graphics card.

    pip install unsloth
    python train_unsloth.py

Rows are synthetic: every line says so. A merged GGUF file for Ollama is written at the end; use the `Modelfile` beside
this script with it, because a model without its template answers in gibberish.
"""

from __future__ import annotations

from pathlib import Path

from unsloth import FastLanguageModel  # must be imported before the others, which it changes

from datasets import load_dataset  # isort: skip
from trl import SFTConfig, SFTTrainer  # isort: skip

HERE = Path(__file__).resolve().parent
MODEL = "$model"
TRAIN = "$train"
COLUMNS = "$columns"
LENGTH = 2048


def main() -> None:
    """Train, then save the merged model."""
    model, tokenizer = FastLanguageModel.from_pretrained(MODEL, max_seq_length=LENGTH, load_in_4bit=True)
    model = FastLanguageModel.get_peft_model(
        model,
        r=16,
        lora_alpha=32,
        target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
        random_state=7,
    )
    trainer = SFTTrainer(
        model=model,
        processing_class=tokenizer,
        train_dataset=load_dataset("json", data_files=str(HERE / TRAIN), split="train").select_columns(COLUMNS.split()),
        args=SFTConfig(
            output_dir=str(HERE / "unsloth"),
            per_device_train_batch_size=2,
            gradient_accumulation_steps=4,
            num_train_epochs=3,
            learning_rate=2e-4,
            max_length=LENGTH,
            report_to="none",
            seed=7,
        ),
    )
    trainer.train()
    model.save_pretrained_gguf(str(HERE / "gguf"), tokenizer, quantization_method="q4_k_m")


if __name__ == "__main__":
    main()
