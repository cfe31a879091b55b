"""Writes the settings file: only what differs from the defaults, in one step, and with its comments as they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tomlkit
from pydantic import BaseModel
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from dreamer_app.core.atomic import write_file
from dreamer_app.core.errors import InfrastructureError, UsageError


def save_settings(file: Path, settings: BaseModel) -> None:
    """Make the file say these settings. Blocking.

    Args:
        file: The settings file; it need not exist.
        settings: All pages.

    Raises:
        UsageError: What is in the file is not TOML.
        InfrastructureError: The file cannot be written; it is as it was.
    """
    try:
        document = tomlkit.parse(file.read_text(encoding="utf-8")) if file.exists() else tomlkit.document()
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise UsageError(
            "Settings cannot be saved", f"{file}: {error}", "Mend the line or move the file away."
        ) from error
    for page in type(settings).model_fields:
        _write_page(document, page, getattr(settings, page))
    try:
        write_file(file, [tomlkit.dumps(document)])
    except OSError as error:
        raise InfrastructureError(
            "Settings cannot be saved", f"{file}: {error}", "Check the folder's rights and the disk's room."
        ) from error


def _write_page(document: tomlkit.TOMLDocument, page: str, section: BaseModel) -> None:
    written: dict[str, Any] = section.model_dump(mode="json", exclude_defaults=True)
    table = document.get(page)
    if not isinstance(table, Table):
        if written:
            document[page] = written
        return
    for name in type(section).model_fields:
        if name in written:
            if table.get(name) != written[name]:
                table[name] = written[name]
        elif name in table:
            del table[name]
    if not table.as_string().strip():
        del document[page]
