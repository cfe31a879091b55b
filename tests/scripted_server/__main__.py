"""Runs a scripted server until it is interrupted.

Usage: python -m tests.scripted_server [SCENARIO | mediocre | able] [PORT]
"""

from __future__ import annotations

import signal
import sys

from tests.scripted_server.author import Author
from tests.scripted_server.script import Script
from tests.scripted_server.server import serving


def main(words: list[str]) -> None:
    """Entry point."""
    name = words[0] if words else "mediocre"
    script = Script(author=Author(broken=name == "mediocre")) if name in ("mediocre", "able") else Script.load(name)
    with serving(script, int(words[1]) if len(words) > 1 else 0) as server:
        print(server.url, flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    main(sys.argv[1:])
