"""The token that lets other programs in: made, read, rotated and compared. It opens no socket."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.private_file import write_private

TOKEN_BYTES = 32


class ApiToken:
    """The token of one base folder.

    It is read anew for every comparison, so that a rotation is in force at once, also in a program that runs.

    Args:
        file: Where it is kept (`DataPaths.api_token`).
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> str:
        """The token; made when there is none.

        Raises:
            InfrastructureError: The file cannot be read or written.
        """
        try:
            found = self._file.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            found = ""
        except OSError as error:
            raise self._unusable(error) from error
        return found or self.rotate()

    def rotate(self) -> str:
        """Replace it; whoever has the old one is shut out from now on.

        Raises:
            InfrastructureError: The file cannot be written.
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)
        try:
            write_private(self._file, f"{token}\n")
        except OSError as error:
            raise self._unusable(error) from error
        return token

    def matches(self, shown: str) -> bool:
        """Whether this is the token, told in a time that says nothing about it."""
        try:
            expected = self._file.read_text(encoding="utf-8").strip()
        except OSError:
            return False
        return bool(expected) and hmac.compare_digest(expected.encode(), shown.encode())

    def _unusable(self, error: OSError) -> InfrastructureError:
        return InfrastructureError(
            "The API token cannot be used", f"{self._file}: {error}", "Check the rights of the base folder."
        )
