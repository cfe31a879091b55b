"""TRL, PEFT and torch in an environment of their own: what the recipes beside the rows are tried with.

The libraries take gigabytes, so that they are installed once, by `make bench BENCH=recipes`, into a folder under
`.cache`. The rows are variants of one small dream, the model is tiny and random.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from dreamer_app.academy.dataset_curator import DatasetCurator
from dreamer_app.academy.selection import ExportOrder
from dreamer_app.core.types import ApiUse, Dream, Review
from tests import builders
from tests.academy.sources import ListedDreams

PLACE = Path(__file__).resolve().parents[2] / ".cache" / "recipes"
PACKAGES = ("torch", "trl>=0.20", "peft", "datasets")
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

CHECK = """
import sys
from pathlib import Path

from datasets import load_dataset
from transformers import AutoTokenizer
from trl import apply_chat_template, is_conversational

place = Path(sys.argv[1])
tokenizer = AutoTokenizer.from_pretrained(sys.argv[2])
COLUMNS = {
    "chat": ["messages"], "trl": ["prompt", "completion"], "dpo": ["prompt", "chosen", "rejected"],
    "kto": ["prompt", "completion", "label"], "grpo": ["prompt"],
}
for name, columns in COLUMNS.items():
    rows = load_dataset("json", data_files=str(place / f"dreams.{name}.jsonl"), split="train").select_columns(columns)
    assert len(rows) and all(is_conversational(row) for row in rows), name
    texts = [apply_chat_template(row, tokenizer) for row in rows]
    assert all(any(isinstance(text, str) and "<|im_start|>" in text for text in row.values()) for row in texts), name
    print(f"{name}: {len(rows)} rows")
"""


def is_there() -> bool:
    """Whether the environment was made."""
    return (PLACE / "complete").exists()


def installed() -> str:
    """The Python of an environment that has the training libraries; made when it is missing."""
    python = PLACE / "bin" / "python"
    if not is_there():
        uv = str(Path(sys.executable).with_name("uv"))
        subprocess.run([uv, "venv", "-q", "--clear", "-p", sys.executable, str(PLACE)], check=True)
        subprocess.run([uv, "pip", "install", "-q", "-p", str(python), *PACKAGES], check=True)
        (PLACE / "complete").touch()
    return str(python)


def dreams(number: int) -> ListedDreams:
    """Approved variants of one small dream."""
    return ListedDreams(_about(n) for n in range(number))


def make_model(place: Path, rows: Path) -> Path:
    """A tiny random model with a tokenizer of the rows."""
    _run("-c", MODEL, str(rows), str(place / "model"))
    return place / "model"


def train(place: Path, number: int) -> tuple[float, float]:
    """Export rows and run the script beside them.

    Returns:
        The loss on held-out rows before and after; the adapter was loaded back.
    """
    DatasetCurator().export(dreams(number), ExportOrder(format="trl", training=True), place)
    model = make_model(place, place / "dreams.trl.train.jsonl")
    options = ("--epochs", "1", "--learning-rate", "0.02", "--max-length", "512", "--out", str(place / "adapter"))
    said = _run(str(place / "train_trl.py"), "--model", str(model), *options)
    [loss, adapter] = [line for line in said.splitlines() if line.startswith(("loss on held-out", "adapter:"))]
    assert adapter == f"adapter: {place / 'adapter'}"
    assert list((place / "adapter").glob("adapter_model*"))
    words = loss.split()
    return float(words[4]), float(words[6])


def check_formats(place: Path, number: int) -> str:
    """Have TRL itself say that each format is one of its own; what it said."""
    for name in ("chat", "trl", "dpo", "kto", "grpo"):
        DatasetCurator().export(dreams(number), ExportOrder(format=name), place)
    return _run("-c", CHECK, str(place), str(make_model(place, place / "dreams.chat.jsonl")))


def _about(n: int) -> Dream:
    dream = builders.verified(n % 9 + 1, review=Review.APPROVED)
    use = ApiUse(name=f"toolz.f{n}", library="toolz", kind="function")
    prompt = f"{dream.scenario.prompt} This is exercise {n}."
    scenario = dream.scenario.model_copy(update={"uses_api": (use,), "prompt": prompt})
    return dream.model_copy(update={"id": scenario.id, "scenario": scenario})


def _run(*arguments: str) -> str:
    done = subprocess.run([installed(), *arguments], capture_output=True, text=True, check=False, timeout=900)
    if done.returncode:
        raise RuntimeError(f"{arguments[0]} ended with {done.returncode}: {done.stderr[-3000:]}")
    return done.stdout
