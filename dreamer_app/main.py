"""The composition root: names the real parts, and is the program's entry point."""

from __future__ import annotations

import os
import sys

from dreamer_app.cli.app import run
from dreamer_app.service.workshop import Workshop


def workshop() -> Workshop:
    """The real parts."""
    # Docker's and the graph's libraries take over a second to import, which reading the journal need not wait for.
    from dreamer_app.service import real_workshop  # noqa: PLC0415

    return real_workshop.workshop()


def main() -> None:
    """Run the command line and leave with its exit status."""
    status = run(workshop, sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    if status >= 128:
        # A thread may be in the middle of a download or a parse; whoever pressed Ctrl-C does not wait for it.
        os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    main()
