"""Whether the training recipe that stands beside the rows trains: TRL and PEFT on the CPU, with a tiny random model.

The libraries are heavy (some gigabytes), so that this is no test of every run: they are installed once into a folder of
their own under `.cache`. The rows are variants of one small dream; what is measured is that the loss on held-out rows
falls and that the adapter loads back, and nothing about how useful it is.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dreamer_app.academy.dataset_curator import DatasetCurator
from dreamer_app.academy.selection import ExportOrder
from dreamer_app.core.types import ApiUse, Dream
from tests import builders
from tests.academy.sources import ListedDreams

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / ".cache" / "recipes"
PACKAGES = ("torch", "trl>=0.20", "peft", "datasets")
DREAMS = 200
MODEL = """
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

rows, out = Path(sys.argv[1]), sys.argv[2]
torch.manual_seed(7)
tokens = Tokenizer(models.BPE())
tokens.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokens.decoder = decoders.ByteLevel()
special = ["<pad>", "<|im_start|>", "<|im_end|>"]
alphabet = pre_tokenizers.ByteLevel.alphabet()
tokens.train_from_iterator(
    rows.read_text().splitlines(),
    trainers.BpeTrainer(vocab_size=600, special_tokens=special, initial_alphabet=alphabet, show_progress=False),
)
template = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\\n{{ message['content'] }}<|im_end|>\\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\\n{% endif %}"
)
tokenizer = PreTrainedTokenizerFast(tokenizer_object=tokens, pad_token="<pad>", eos_token="<|im_end|>")
tokenizer.chat_template = template
tokenizer.save_pretrained(out)
shape = LlamaConfig(
    vocab_size=len(tokenizer), hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=4, max_position_embeddings=1024, pad_token_id=0, eos_token_id=2, bos_token_id=1,
)
LlamaForCausalLM(shape).save_pretrained(out)
"""


def main() -> None:
    """Train and print the loss before and after."""
    python = _installed()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        dreams = ListedDreams(_about(n) for n in range(DREAMS))
        report = DatasetCurator().export(dreams, ExportOrder(format="trl", training=True), place)
        print(f"{report.splits} dreams by split")
        _run(python, "-c", MODEL, str(place / "dreams.trl.train.jsonl"), str(place / "model"))
        started = time.monotonic()
        options = ("--epochs", "1", "--learning-rate", "0.02", "--max-length", "512")
        said = _run(
            python, str(place / "train_trl.py"), "--model", str(place / "model"), *options, "--out", f"{place}/a"
        )
        lines = [line for line in said.splitlines() if line.startswith(("loss on held-out", "adapter:"))]
        [loss, adapter] = lines
        before, after = (float(loss.split()[place]) for place in (4, 6))
        assert after < before, loss
        assert adapter.startswith("adapter: ") and list((place / "a").glob("adapter_model*"))
        print(f"{loss}; the adapter loads back; {time.monotonic() - started:.0f} s of training and loading")


def _about(n: int) -> Dream:
    dream = builders.verified(n % 9 + 1)
    use = ApiUse(name=f"toolz.f{n}", library="toolz", kind="function")
    prompt = f"{dream.scenario.prompt} This is exercise {n}."
    scenario = dream.scenario.model_copy(update={"uses_api": (use,), "prompt": prompt})
    return dream.model_copy(update={"id": scenario.id, "scenario": scenario})


def _installed() -> str:
    """The Python of an environment that has the training libraries."""
    python = PLACE / "bin" / "python"
    if not (PLACE / "complete").exists():
        uv = str(Path(sys.executable).with_name("uv"))
        subprocess.run([uv, "venv", "-q", "--clear", "-p", sys.executable, str(PLACE)], check=True)
        subprocess.run([uv, "pip", "install", "-q", "-p", str(python), *PACKAGES], check=True)
        (PLACE / "complete").touch()
    return str(python)


def _run(python: str, *arguments: str) -> str:
    done = subprocess.run([python, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{arguments[0]} ended with {done.returncode}: {done.stderr[-3000:]}")
    return done.stdout


if __name__ == "__main__":
    main()
