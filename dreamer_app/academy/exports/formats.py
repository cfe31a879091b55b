"""Every export format, by the name that a user types."""

from __future__ import annotations

from dreamer_app.academy.exports import (
    alpaca_jsonl,
    chat_jsonl,
    code_package,
    dpo_jsonl,
    grpo_jsonl,
    huggingface,
    kto_jsonl,
    retrieval_pack,
    sharegpt_jsonl,
    table,
    trl_jsonl,
)
from dreamer_app.academy.exports.format import Format

FORMATS: dict[str, Format] = {
    module.FORMAT.name: module.FORMAT
    for module in (
        chat_jsonl,
        trl_jsonl,
        alpaca_jsonl,
        sharegpt_jsonl,
        dpo_jsonl,
        kto_jsonl,
        grpo_jsonl,
        huggingface,
        code_package,
        retrieval_pack,
        table,
    )
}
