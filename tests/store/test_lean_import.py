"""The journal does not drag in packages for tables of figures, and does not stand in their way either."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
import dreamer_app.store.store
assert "sqlite_utils" in sys.modules
print(sorted({"pandas", "numpy"} & set(sys.modules)))
import numpy
print(numpy.int64(3))
"""


def test_neither_pandas_nor_numpy_comes_with_the_journal() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split("\n")) == (0, ["[]", "3", ""]), done.stderr
