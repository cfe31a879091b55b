"""The key of an endpoint: from the environment or the system's own store of secrets, never from a file of ours.

Nothing here logs, and the key leaves only as the field of an `Endpoint` that does not show it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from dreamer_app.core.errors import InfrastructureError

SERVICE = "dreamer"
VARIABLE = "DREAMER_API_KEY"


def variables(base_url: str) -> tuple[str, ...]:
    """Environment variables that may hold the key of a server, the most special first.

    For `https://api.example.com/v1`: `DREAMER_API_KEY_API_EXAMPLE_COM`, `DREAMER_API_KEY`.
    """
    host = re.sub(r"[^A-Z0-9]+", "_", _host(base_url).upper()).strip("_")
    return (f"{VARIABLE}_{host}", VARIABLE)


def key_for(base_url: str, environment: Mapping[str, str] | None = None) -> str:
    """The key of a server; empty when there is none, as for most local ones."""
    environment = os.environ if environment is None else environment
    for name in variables(base_url):
        if environment.get(name):
            return environment[name]
    import keyring  # noqa: PLC0415  10 MB that most programs never ask
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        return keyring.get_password(SERVICE, _host(base_url)) or ""
    except KeyringError:
        return ""  # no store on this machine, or it is locked: the same as no key


def keep_key(base_url: str, key: str) -> None:
    """Put a key into the system's store; an empty one removes it.

    Raises:
        InfrastructureError: There is no store, or it is locked.
    """
    import keyring  # noqa: PLC0415  as above
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        if key:
            keyring.set_password(SERVICE, _host(base_url), key)
        elif keyring.get_password(SERVICE, _host(base_url)) is not None:
            keyring.delete_password(SERVICE, _host(base_url))
    except KeyringError as error:
        raise InfrastructureError(
            "The key cannot be kept",
            f"the system's store of secrets: {error}",
            f"Set the environment variable {VARIABLE} instead.",
        ) from error


def _host(base_url: str) -> str:
    return urlsplit(base_url).netloc.rpartition("@")[2] or base_url
