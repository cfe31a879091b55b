"""Whether the training recipe that stands beside the rows trains: TRL and PEFT on the CPU, with a tiny random model.

What is measured is that the loss on held-out rows falls and that the adapter loads back, and nothing about how useful
it is. The libraries are installed when they are missing, which takes minutes and gigabytes; from then on
`tests/academy/test_training.py` is run with every other test.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tests.academy.training_room import check_formats, installed, train

DREAMS = 200


def main() -> None:
    """Train and print the loss before and after."""
    installed()
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        before, after = train(Path(folder), DREAMS)
        took = time.monotonic() - started
        assert after < before, (before, after)
        print(f"loss on held-out rows: {before:.4f} before, {after:.4f} after, adapter loaded back; {took:.0f} s")
        print(check_formats(Path(folder), DREAMS), end="")


if __name__ == "__main__":
    main()
