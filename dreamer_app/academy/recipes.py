"""Training recipes beside the rows: ready scripts and configurations for the tools that read a format.

The texts are resources; here only names of files and of columns are filled in. Nothing is trained here.
"""

from __future__ import annotations

import json
from string import Template

from dreamer_app.academy.selection import ExportOrder
from dreamer_app.academy.whole_files import Opener
from dreamer_app.core.paths import resource

_SFT = ("train_trl.py", "train_unsloth.py", "Modelfile")
_FACTORY = ("llamafactory.yaml", "dataset_info.json")
_RECIPES: dict[str, tuple[str, ...]] = {
    "chat": (*_SFT, "axolotl.yaml", *_FACTORY),
    "trl": _SFT,
    "alpaca": ("axolotl.yaml", *_FACTORY, "Modelfile"),
    "sharegpt": ("axolotl.yaml", *_FACTORY, "Modelfile"),
    "dpo": ("train_trl_preferences.py", "Modelfile"),
    "kto": ("train_trl_preferences.py", "Modelfile"),
    "grpo": ("train_trl_preferences.py", "reward.py", "Modelfile"),
}
"""Formats that no training tool reads have none."""

_COLUMNS: dict[str, list[str]] = {
    "chat": ["messages"],
    "trl": ["prompt", "completion"],
    "dpo": ["prompt", "chosen", "rejected"],
    "kto": ["prompt", "completion", "label"],
    "grpo": ["prompt", "tests", "libraries"],
}
_MESSAGES = {"role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant"}
_AXOLOTL = {
    "alpaca": "    type: alpaca",
    "chat": "    type: chat_template\n    field_messages: messages",
    # its type `sharegpt` is deprecated; the template takes any names of fields
    "sharegpt": "    type: chat_template\n    field_messages: conversations\n    message_property_mappings:\n"
    "      role: from\n      content: value",
}


def write_recipes(
    format_name: str, data_files: tuple[str, ...], order: ExportOrder, open_file: Opener
) -> tuple[str, ...]:
    """Write what trains on the files of an export, as far as it is asked for; a reward always stands beside its tests.

    Args:
        format_name: The format that was written.
        data_files: Names of its files, the one to train on first.
        order: What was asked for.
        open_file: Opens a file beside them.

    Returns:
        Names of the files.
    """
    names = _RECIPES.get(format_name, ()) if order.training else ("reward.py",)
    held_out = next((name for name in data_files if ".validation." in name), "")
    values = {
        "model": order.model,
        "train": data_files[0],
        "held_out": held_out or next((name for name in data_files if ".test." in name), "none"),
        "columns": " ".join(_COLUMNS.get(format_name, [])),
        "method": format_name,
        "axolotl_dataset": _AXOLOTL.get(format_name, ""),
    }
    for name in names:
        if name == "dataset_info.json":
            text = json.dumps({"dreams": _dataset_info(format_name, data_files[0])}, indent=2) + "\n"
        else:
            text = Template(resource(f"recipes/{name}").read_text(encoding="utf-8")).safe_substitute(values)
        open_file(name).write(text.encode())
    return names


def _dataset_info(format_name: str, data_file: str) -> dict[str, object]:
    """How LLaMA-Factory is to read the file."""
    if format_name == "alpaca":
        columns = {"prompt": "instruction", "query": "input", "response": "output", "system": "system"}
        return {"file_name": data_file, "formatting": "alpaca", "columns": columns}
    if format_name == "chat":
        tags = _MESSAGES | {"system_tag": "system"}
        return {"file_name": data_file, "formatting": "sharegpt", "columns": {"messages": "messages"}, "tags": tags}
    columns = {"messages": "conversations", "system": "system"}
    return {"file_name": data_file, "formatting": "sharegpt", "columns": columns}
