"""The door of the runner: `start.py supervisor|zygote|child|brake`.

It loads this folder as a package under a name that no library uses, so that neither the folder nor its modules can be
imported by accident from dreamt code. It must stay valid when it is run in isolated mode.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys

PACKAGE = "_dreamer_runner"


def main() -> None:
    """Start the part that is named by the first argument.

    Raises:
        SystemExit: There is no such part.
    """
    folder = os.path.dirname(os.path.abspath(__file__))
    spec = importlib.util.spec_from_file_location(
        PACKAGE, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    if spec is None or spec.loader is None or len(sys.argv) < 2:
        raise SystemExit(64)
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)
    if sys.argv[1] not in ("supervisor", "zygote", "child", "brake"):
        raise SystemExit(64)
    importlib.import_module(f"{PACKAGE}.{sys.argv[1]}").main()


if __name__ == "__main__":
    main()
