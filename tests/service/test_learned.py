"""Answers from a real knowledge graph that the Oracle read from a small package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dreamer_app.core.errors import UsageError
from dreamer_app.core.paths import DataPaths
from dreamer_app.main import workshop
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.store.seeds import Seed
from dreamer_app.store.sowing import SeedKind

SOURCE = '''"""Greets people."""


def greet(name: str, *, loud: bool = False) -> str:
    """Say hello to somebody.

    >>> greet("Ada")
    'Hello, Ada!'

    Raises:
        ValueError: The name is empty.
    """
    return f"Hello, {name}!"
'''


@pytest.fixture
def dreamer(paths: DataPaths) -> Iterator[Dreamer]:
    opened = Dreamer(paths, workshop)
    yield opened
    opened.close()


def package(folder: Path, source: str = SOURCE) -> str:
    root = folder / "greeter"
    (root / "greeter").mkdir(parents=True, exist_ok=True)
    (root / "greeter" / "__init__.py").write_text(source, encoding="utf-8")
    (root / "pyproject.toml").write_text('[project]\nname = "greeter"\nversion = "1.2.3"\n', encoding="utf-8")
    return str(root)


async def test_a_symbol_is_quoted_from_its_documentation(dreamer: Dreamer, tmp_path: Path) -> None:
    await dreamer.ingest([package(tmp_path)])
    known = dreamer.learned.symbol("greeter.greet")
    assert (known.library, known.kind) == ("greeter 1.2.3", "function")
    assert known.signature == "(name: str, *, loud: bool = False) -> str"
    assert known.documentation.startswith("Say hello to somebody.") and known.raises == ("ValueError",)
    assert known.defined_in.endswith("greeter/__init__.py:4")
    [example] = known.examples
    assert 'greet("Ada")' in example.code and known.proven == known.failures == known.reports == ()


async def test_what_is_read_later_is_known_at_once(dreamer: Dreamer, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="in no library"):
        dreamer.learned.symbol("greeter.greet")
    await dreamer.ingest([package(tmp_path)])
    assert dreamer.learned.symbol("greeter.greet").name == "greeter.greet"
    await dreamer.ingest([package(tmp_path, SOURCE.replace("greet(", "hail("))])
    assert dreamer.learned.symbol("greeter.hail").name == "greeter.hail"
    assert [library.apis for library in dreamer.learned.libraries()] == [1]


def test_reports_are_found_by_the_api_that_they_are_about(dreamer: Dreamer) -> None:
    first = dreamer.learned.report(Seed(by="cli", what="it hangs", apis=("greeter.greet",)))
    dreamer.learned.report(Seed(by="cli", what="it is slow", apis=("other.thing",)))
    assert dreamer.learned.report(Seed(by="cli", what="it hangs", apis=("greeter.greet",))) == first
    assert dreamer.store.seeds.about("Greeter.greet") == (first,)
    assert [seed.what for seed in dreamer.store.seeds.all()] == ["it hangs", "it is slow"]


async def test_a_report_that_names_no_api_is_about_those_that_it_speaks_of(dreamer: Dreamer, tmp_path: Path) -> None:
    await dreamer.ingest([package(tmp_path)])
    error = (
        "  File \"x.py\", line 3, in <module>\n    greeter.greet(loud=1)\nTypeError: greet() missing 1 argument: 'name'"
    )
    code = "from greeter import greet as hello\nhello()"
    for seed in (Seed(by="mcp", what="it fails", error=error), Seed(by="mcp", what="and so does this", code=code)):
        assert dreamer.learned.report(seed).apis == ("greeter.greet",)
    assert dreamer.learned.report(Seed(by="mcp", what="my printer is on fire")).apis == ()
    assert [seed.kind for seed in dreamer.academy.seeds()] == [SeedKind.REPORT] * 2
