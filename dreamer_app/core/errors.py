"""Errors that a person reads.

Every error that can reach a person has a title, a message naming the input, and a hint saying what mends it.
This module must not know where an error is shown.
"""

from __future__ import annotations


class DreamerError(Exception):
    """Something a person should read.

    Attributes:
        title: A few words, without a full stop.
        message: What happened, naming the input that caused it.
        hint: What to do about it; may be empty when nothing helps.
    """

    def __init__(self, title: str, message: str, hint: str = "") -> None:
        super().__init__(f"{title}: {message}")
        self.title = title
        self.message = message
        self.hint = hint


class UsageError(DreamerError):
    """The request itself is wrong (command line exit status 2)."""


class SourceError(DreamerError):
    """A documentation source cannot be read: unknown, unreachable, broken or hostile."""


class InfrastructureError(DreamerError):
    """Docker died, the disk is full, a model is offline. Never recorded as a failed dream."""


class WorkerLostError(InfrastructureError):
    """A worker broke its protocol or vanished. The trial says nothing about the candidate and is run again."""


class InterruptedByWakeError(InfrastructureError):
    """The computer was taken back while a trial ran. The trial is void and is run again later."""


def first_dreamer_error(error: BaseException) -> DreamerError | None:
    """The first error for people in an error or a group of them, None when there is none."""
    if isinstance(error, DreamerError):
        return error
    if isinstance(error, BaseExceptionGroup):
        found = (first_dreamer_error(inner) for inner in error.exceptions)
        return next((inner for inner in found if inner is not None), None)
    return None
