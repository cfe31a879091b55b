"""How a setting is declared: title, description, bounds and unit in one place. It knows no setting."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """One page of settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def setting(default: Any, *, title: str, description: str, unit: str = "", restart: bool = False, **bounds: Any) -> Any:
    """Declare one setting.

    Args:
        default: Its value when nobody says otherwise.
        title: A few words.
        description: A sentence with a full stop.
        unit: Of a figure, as it is shown behind it.
        restart: Whether it counts from the next start on; all others are in force at once.
        **bounds: Of pydantic's `Field`, e.g. `ge`, `le`, `max_length`.
    """
    return Field(
        default, title=title, description=description, json_schema_extra={"unit": unit, "restart": restart}, **bounds
    )
