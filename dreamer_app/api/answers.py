"""Errors as JSON: title, message and hint, in the place where OpenAI's clients look for a message too."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse

from dreamer_app.api.resident_line import UnansweredError
from dreamer_app.core.errors import DreamerError, InfrastructureError, UsageError


def refusal(
    status: int, error: DreamerError, headers: Mapping[str, str] | None = None, *, close: bool = False
) -> JSONResponse:
    """An error as an answer.

    Args:
        status: Of HTTP.
        error: What a person reads.
        headers: More of them.
        close: Whether the connection ends with it, because the rest of the request is not read.
    """
    words = {"title": error.title, "message": error.message, "hint": error.hint, "type": type(error).__name__}
    return JSONResponse({"error": words}, status, {**(headers or {}), **({"connection": "close"} if close else {})})


def status_of(error: DreamerError) -> int:
    """The HTTP status that fits an error."""
    if isinstance(error, UsageError):
        return 409
    if isinstance(error, UnansweredError):
        return 504
    return 503 if isinstance(error, InfrastructureError) else 500
