"""What the API may touch, as the composition root hands it over. Nothing else of the program is in its reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dreamer_app.api.limits import BODY_SECONDS, HEAD_SECONDS
from dreamer_app.api.resident_line import ANSWER_SECONDS
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import ApiSettings
from dreamer_app.core.states import SuspendReason
from dreamer_app.service.journal import DreamJournal
from dreamer_app.service.learned import Learned
from dreamer_app.service.resident import Resident

OLLAMA = "http://127.0.0.1:11434/v1"


@dataclass(frozen=True)
class ApiParts:
    """What the API speaks for.

    Attributes:
        paths: The base folder.
        settings: The page of settings of the API.
        resident: The running application.
        journal: Dreams and decisions.
        learned: Answers for coding agents.
        wake: Gives the computer back at once. Called from the API's thread with the first byte of a request; must
            return at once and never wait for another thread.
        upstream: Address of the model server behind the gateway.
        show: Brings a window to the front, on the resident's thread; None where there is no window.
        patience: Seconds that a verb of the resident program may take.
        head_seconds: For the headers of a request.
        body_seconds: For a whole body, and for each piece of an answer to be taken.
    """

    paths: DataPaths
    settings: ApiSettings
    resident: Resident
    journal: DreamJournal
    learned: Learned
    wake: Callable[[SuspendReason], None]
    upstream: str = OLLAMA
    show: Callable[[], None] | None = None
    patience: float = ANSWER_SECONDS
    head_seconds: float = HEAD_SECONDS
    body_seconds: float = BODY_SECONDS
