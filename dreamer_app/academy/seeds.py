"""Seeds: which APIs a person works with or stumbles over, read from folders and error messages.

Nothing is run, and only names leave a file: no line of a person's code is kept.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from dreamer_app.core.errors import UsageError
from dreamer_app.store.sowing import SeedKind, SownName

MOST_FILES = 5_000
LARGEST_FILE = 1_000_000
"""Bytes; larger Python files are generated."""
HALF_LIFE = timedelta(days=7)
"""After so long a seed counts half: what was worked on last week matters less than yesterday."""
_WEIGHTS = {SeedKind.WISH: 1.0, SeedKind.FAILURE: 0.9, SeedKind.REPORT: 0.9, SeedKind.REJECTED: 0.5, SeedKind.USE: 0.4}
"""A wish is meant, a failure hurt; what is merely used often needs no lesson."""
_SKIPPED = frozenset({"node_modules", "site-packages", "build", "dist", "__pycache__", "venv", "env"})

_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_INSTALLED = re.compile(r"(?:site|dist)-packages[\\/]([A-Za-z_]\w*)")
_IMPORT_ERROR = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'")
_ATTRIBUTE_ERROR = re.compile(r"module '([\w.]+)' has no attribute '(\w+)'")


def read_folder(folder: Path) -> Counter[str]:
    """Names that the Python files of a folder import or reach through an import, and the libraries it requires.

    Args:
        folder: Read recursively, hidden and installed folders left out.

    Raises:
        UsageError: It is no folder.
    """
    if not folder.is_dir():
        raise UsageError("That is no folder", str(folder), "Name the folder of a project of yours.")
    own = {path.stem for path in folder.iterdir()} | {path.stem for path in folder.glob("src/*")}
    silent = own | sys.stdlib_module_names
    found: Counter[str] = Counter()
    for number, path in enumerate(_files(folder)):
        if number >= MOST_FILES:
            break
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        names = _names_of_code(text) if path.suffix == ".py" else _required(path.name, text)
        found.update(name for name in names if name.partition(".")[0] not in silent)
    return found


def read_failure(text: str) -> Counter[str]:
    """Names that an error message or traceback speaks of, likely and unlikely ones; the graph knows which are APIs.

    Args:
        text: As a terminal shows it.
    """
    found: Counter[str] = Counter()
    for match in _DOTTED.finditer(text):
        found.update({match.group(), match.group().partition(".")[0]})
    found.update(_INSTALLED.findall(text))
    found.update(f"{module}.{name}" for name, module in _IMPORT_ERROR.findall(text))
    found.update(f"{module}.{name}" for module, name in _ATTRIBUTE_ERROR.findall(text))
    for line in text.splitlines():
        found.update(_names_of_code(line.lstrip("> \t")))
    return found


def read_code(text: str) -> Counter[str]:
    """Names that a piece of code imports or reaches through an import; none when it cannot be parsed."""
    return Counter(_names_of_code(text))


def interest(
    seeds: Iterable[SownName], key_of: Callable[[str], str | None], now: datetime, libraries: Mapping[str, str]
) -> dict[str, float]:
    """How much a night should be about each API and each library, 0 to 1.

    Args:
        seeds: All of them.
        key_of: The key of the API that a dotted path means, None when there is no such API.
        now: Timezone-aware UTC.
        libraries: Import name to distribution name.
    """
    weights: dict[str, float] = {}
    for seed in seeds:
        age = max(0.0, (now - seed.sown_at) / HALF_LIFE)
        weight = _WEIGHTS[seed.kind] * 0.5**age * min(1.0, 0.6 + 0.1 * seed.times)
        key = libraries.get(seed.name) or key_of(seed.name)
        if key is not None:
            weights[key] = min(1.0, max(weights.get(key, 0.0), weight))
    return dict(sorted(weights.items()))


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            if path.name not in _SKIPPED and not (path / "pyvenv.cfg").exists():
                yield from _files(path)
        elif _is_read(path) and path.stat().st_size <= LARGEST_FILE:
            yield path


def _is_read(path: Path) -> bool:
    return path.suffix == ".py" or path.name == "pyproject.toml" or path.match("requirements*.txt")


def _names_of_code(text: str) -> Iterator[str]:
    """Dotted paths that a module imports, and those that it reaches through its imports."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.partition(".")[0]
                known[alias.asname or root] = alias.name if alias.asname else root
                yield alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                known[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                yield f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (path := _path(node)) and path[0] in known:
            yield ".".join([known[path[0]], *path[1:]])


def _path(node: ast.expr) -> list[str]:
    """`a.b.c` as its names, empty when it does not begin with a name."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return [node.id, *reversed(names)] if isinstance(node, ast.Name) else []


def _required(name: str, text: str) -> Iterator[str]:
    """Import names, as far as they can be guessed, of the libraries that a project requires."""
    if name == "pyproject.toml":
        try:
            lines = tomllib.loads(text).get("project", {}).get("dependencies", [])
        except tomllib.TOMLDecodeError:
            return
    else:
        lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    for line in lines:
        try:
            yield Requirement(str(line)).name.replace("-", "_").lower()
        except InvalidRequirement:
            continue
