"""Speaks to the program that runs over a base folder, for the command line and for a second start.

It asks and shows answers; it neither starts a program nor decides anything. Only the standard library is imported, so
that `dreamer status` answers at once.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import stat
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from dreamer_app.core.errors import DreamerError, InfrastructureError, UsageError
from dreamer_app.core.frozen import Frozen
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.states import Snapshot
from dreamer_app.service.api_token import ApiToken

ASK_SECONDS = 30.0
"""A night that is stopped may take a while to put its workers away."""
TOUCH_SECONDS = 1.0
LOOPBACK = "127.0.0.1"
CONFLICT = 409
NOT_FOUND = 404


class Address(Frozen):
    """Where the running program listens, as it writes it down itself.

    Attributes:
        pid: Its number.
        socket: Unix domain socket, empty where the system has none.
        port: Loopback port, None when it is off or taken.
    """

    pid: int
    socket: str = ""
    port: int | None = None


class RunningStatus(Frozen):
    """What the running program says about itself.

    Attributes:
        api: Version of the API's form; it grows only when something is taken away or changes its meaning.
        version: Of the program.
        pid: Its number.
        base: Its base folder.
        url: Address for other programs, None when the local API is off or its port is taken.
        problem: Why there is no address although one is wanted; may be empty.
        snapshot: What it does.
    """

    api: int
    version: str
    pid: int
    base: str
    url: str | None
    problem: str
    snapshot: Snapshot


class RunningDreamer:
    """The running program.

    Args:
        address: Where it listens.
        token: Shown where there is no socket of our own.
    """

    def __init__(self, address: Address, token: ApiToken) -> None:
        self.address = address
        self._token = token

    @classmethod
    def find(cls, paths: DataPaths) -> RunningDreamer | None:
        """The program that runs over a base folder, None when none does."""
        try:
            address = Address.model_validate_json(paths.address.read_text(encoding="utf-8"))
        except (OSError, ValidationError):
            return None
        found = cls(address, ApiToken(paths.api_token))
        try:
            found._connect(1.0).close()
        except OSError:
            return None  # it died without a farewell
        return found

    @classmethod
    def expect(cls, paths: DataPaths) -> RunningDreamer:
        """The program that runs over a base folder.

        Raises:
            DreamerError: None does.
        """
        found = cls.find(paths)
        if found is None:
            raise DreamerError(
                "The Dreamer is not running", f"Nothing runs over {paths.base}.", "Start it with `dreamer serve`."
            )
        return found

    @classmethod
    def refuse_second(cls, paths: DataPaths) -> None:
        """Look before a program is put together over a base folder; the lock of the folder settles ties.

        Raises:
            UsageError: Another program runs over it.
        """
        if cls.find(paths) is not None:
            raise already_running(paths)

    def status(self) -> RunningStatus:
        """What it does.

        Raises:
            InfrastructureError: It does not answer.
        """
        return RunningStatus.model_validate(self._ask("GET", "/status"))

    def touch(self) -> None:
        """Wake it, as any request does, without waiting for more than that the request is on its way.

        Raises:
            InfrastructureError: It does not take it.
        """
        try:
            connection = self._connect(TOUCH_SECONDS)
            try:
                connection.request("POST", "/wake", headers=self._headers())
            finally:
                connection.close()
        except (OSError, http.client.HTTPException) as error:
            raise self._silent(error) from error

    def now(self) -> Snapshot:
        """Start dreaming at once.

        Raises:
            DreamerError: Something stands against it, or it does not answer.
        """
        return self._verb("/now")

    def stop(self) -> Snapshot:
        """End the night at once."""
        return self._verb("/stop")

    def finish(self) -> Snapshot:
        """End the night after the dreams under way."""
        return self._verb("/finish")

    def pause(self, minutes: float | None = None, until: datetime | None = None) -> Snapshot:
        """Do not dream for so long, until then, or, with neither, until `resume`."""
        return self._verb("/pause", {"minutes": minutes, "until": until.isoformat() if until else None})

    def resume(self) -> Snapshot:
        """End a pause."""
        return self._verb("/resume")

    def keep_dreaming(self, *, on: bool) -> Snapshot:
        """Go on with one worker while somebody uses the computer, or stop doing so."""
        return self._verb("/keep-dreaming", {"on": on})

    def show(self) -> None:
        """Bring its window to the front.

        Raises:
            DreamerError: It has none.
        """
        self._ask("POST", "/show", {})

    def quit(self) -> None:
        """End it; nothing of it is at work when this returns."""
        self._ask("POST", "/quit", {})

    def _verb(self, path: str, body: dict[str, Any] | None = None) -> Snapshot:
        return Snapshot.model_validate(self._ask("POST", path, body or {}))

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        try:
            connection = self._connect(ASK_SECONDS)
            try:
                connection.request(method, path, None if body is None else json.dumps(body), self._headers())
                answer = connection.getresponse()
                status, document = answer.status, json.loads(answer.read() or b"null")
            finally:
                connection.close()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self._silent(error) from error
        if status >= http.client.BAD_REQUEST:
            raise _error(status, document)
        return document

    def _headers(self) -> dict[str, str]:
        shown = {} if self.address.socket else {"Authorization": f"Bearer {self._token.read()}"}
        return {"Content-Type": "application/json", **shown}

    def _silent(self, error: Exception) -> InfrastructureError:
        return InfrastructureError(
            "The running Dreamer does not answer",
            f"Program {self.address.pid}: {error or type(error).__name__}",
            "Wait a moment. If it stays silent, end that program and start it again.",
        )

    def _connect(self, seconds: float) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(LOOPBACK, self.address.port, timeout=seconds)
        if self.address.socket and sys.platform != "win32":
            connection.sock = _own_socket(Path(self.address.socket), seconds)
        else:
            connection.connect()
        return connection


if sys.platform != "win32":

    def _own_socket(path: Path, seconds: float) -> socket.socket:
        """A connection to a socket that is nobody else's.

        Raises:
            OSError: There is none, or it is not ours.
        """
        found = path.lstat()
        if not stat.S_ISSOCK(found.st_mode) or found.st_uid != os.getuid():
            raise PermissionError(f"{path} is not a socket of this user")
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(seconds)
            line.connect(str(path))
        except OSError:
            line.close()
            raise
        return line


def already_running(paths: DataPaths) -> UsageError:
    """What a second program over one base folder is told."""
    return UsageError("The Dreamer is running already", f"Another program runs over {paths.base}.", "Use that one.")


def _error(status: int, document: Any) -> DreamerError:
    words = document.get("error") if isinstance(document, dict) else None
    words = words if isinstance(words, dict) else {}
    kind = UsageError if status in (CONFLICT, NOT_FOUND) else DreamerError
    return kind(str(words.get("title") or "Refused"), str(words.get("message") or status), str(words.get("hint") or ""))
