"""The whole ingest: download, read, store; again without work; interrupted without harm."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dreamer_app.core.errors import SourceError, UsageError
from dreamer_app.core.events import Event, Progress
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.oracle import ingest as ingest_module
from dreamer_app.oracle.ingest import Oracle
from dreamer_app.store.knowledge import KnowledgeTables
from tests.oracle.archives import digest, sdist, unpack, wheel
from tests.oracle.golden import MODULES
from tests.oracle.index import PackageIndex, serving


@pytest.fixture
def index(tmp_path: Path) -> Iterator[PackageIndex]:
    folder = tmp_path / "index"
    folder.mkdir()
    with serving(folder) as found:
        yield found


@pytest.fixture
def oracle(tmp_path: Path, index: PackageIndex) -> Oracle:
    settings = Settings.model_validate({"oracle": {"index": f"{index.address}/simple/"}})
    return Oracle(DataPaths(tmp_path / "base"), settings)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths of the files that are really parsed."""
    paths: list[str] = []
    real = ingest_module.read_file

    def spy(file):
        paths.append(file.path)
        return real(file)

    monkeypatch.setattr(ingest_module, "read_file", spy)
    return paths


def everything(oracle: Oracle) -> tuple[object, ...]:
    graph = oracle.graph()
    try:
        known = [(pin, graph.apis(pin.name), graph.examples(pin.name)) for pin in graph.libraries()]
        return (*known, graph.tables.counts("minilib"))
    finally:
        graph.close()


async def test_a_package_is_downloaded_and_read(oracle, index):
    wheel(index.folder)
    sdist(index.folder)
    report = await oracle.ingest("pypi:MiniLib")
    assert (report.library, report.version, report.license) == ("minilib", "1.0", "MIT")
    assert report.import_names == ("minilib",)
    assert report.files_skipped == 0
    assert report.examples == {"doctest": 4, "fenced": 3, "program": 1}
    assert report.nodes["class"] >= 7
    assert {"uses", "see_also", "returns", "accepted_by", "inherits", "defines", "raises"} <= set(report.edges)
    graph = oracle.graph()
    assert graph.api("minilib.Figure").key == "minilib.shapes.Shape"
    graph.close()


async def test_nothing_is_executed_while_reading(oracle, index, tmp_path):
    trap = tmp_path / "executed"
    bomb = f"import pathlib\npathlib.Path({str(trap)!r}).write_text('x')\n"
    wheel(index.folder, {"minilib/__init__.py": '"""Doc."""\n' + bomb})
    sdist(index.folder, {"setup.py": bomb, "README.md": "# Mini\n\ntext\n", "examples/a.py": bomb})
    await oracle.ingest("pypi:minilib")
    assert not trap.exists()


async def test_the_second_time_nothing_is_parsed_or_downloaded(oracle, index, parsed):
    wheel(index.folder)
    sdist(index.folder)
    first = await oracle.ingest("pypi:minilib")
    assert len(parsed) == first.files_read > 10
    before = everything(oracle)
    index.requested.clear()
    second = await oracle.ingest("pypi:minilib")
    assert len(parsed) == first.files_read
    assert index.requested == ["/simple/minilib/"]
    assert (second.files_read, second.files_skipped) == (0, first.files_read)
    assert second.examples == first.examples
    assert everything(oracle) == before


async def test_only_changed_files_are_parsed_and_the_result_is_as_from_scratch(oracle, index, parsed, tmp_path):
    checkout = unpack(tmp_path / "minilib")
    await oracle.ingest(str(checkout))
    parsed.clear()
    core = checkout / "minilib/_core.py"
    core.write_text(
        core.read_text().replace("def split_words", "def cut_words").replace('"split_words"', '"cut_words"')
    )
    report = await oracle.ingest(str(checkout))
    assert parsed == ["minilib/_core.py"]
    assert report.files_read == 1
    again = Oracle(DataPaths(tmp_path / "fresh"), oracle.settings)
    await again.ingest(str(checkout))
    assert everything(oracle) == everything(again)
    graph = oracle.graph()
    assert graph.api("minilib.split_words") is None
    assert graph.api("minilib.cut_words") is not None
    assert "minilib.split_words" not in graph.api("minilib.combine").see_also
    graph.close()


async def test_a_new_parser_reads_everything_again(oracle, index, parsed, monkeypatch):
    wheel(index.folder)
    first = await oracle.ingest("pypi:minilib")
    parsed.clear()
    monkeypatch.setattr(ingest_module, "PARSER_VERSION", "another")
    await oracle.ingest("pypi:minilib")
    assert len(parsed) == first.files_read


async def test_deleted_files_are_forgotten(oracle, tmp_path):
    checkout = unpack(tmp_path / "minilib")
    await oracle.ingest(str(checkout))
    (checkout / "examples/show/app.py").unlink()
    report = await oracle.ingest(str(checkout))
    assert "program" not in report.examples
    assert report.files_read == 0


async def test_the_newest_ingest_replaces_another_version(oracle, index):
    wheel(index.folder)
    newer = {"minilib/__init__.py": '"""New."""\n\n\ndef fresh():\n    """Only in two."""\n'}
    wheel(index.folder, newer, "2.0")
    assert (await oracle.ingest("pypi:minilib")).version == "2.0"
    graph = oracle.graph()
    assert [api.key for api in graph.apis("minilib")] == ["minilib.fresh"]
    graph.close()
    assert (await oracle.ingest("pypi:minilib==1.0")).version == "1.0"
    graph = oracle.graph()
    assert graph.api("minilib.fresh") is None
    assert [pin.version for pin in graph.libraries()] == ["1.0"]
    graph.close()


async def test_newest_means_released_for_our_python(oracle, index):
    wheel(index.folder, version="1.0")
    wheel(index.folder, version="2.0rc1")
    index.extra[wheel(index.folder, version="3.0").name] = {"requires-python": ">=99"}
    index.extra[wheel(index.folder, version="4.0").name] = {"yanked": "broken"}
    assert (await oracle.ingest("pypi:minilib")).version == "1.0"
    assert (await oracle.ingest("pypi:minilib==2.0rc1")).version == "2.0rc1"


async def test_without_a_wheel_the_source_archive_is_read(oracle, index):
    sdist(
        index.folder,
        {f"src/{path}": text for path, text in MODULES.items()} | {"PKG-INFO": "Name: minilib\nLicense: MIT\n"},
    )
    report = await oracle.ingest("pypi:minilib")
    assert (report.import_names, report.license) == (("minilib",), "MIT")
    assert any("no wheel" in note for note in report.notes)
    graph = oracle.graph()
    assert graph.api("minilib.combine") is not None
    graph.close()


async def test_docstrings_alone_are_enough_but_noted(oracle, index):
    wheel(index.folder)
    report = await oracle.ingest("pypi:minilib")
    assert any("no documentation pages" in note for note in report.notes)


async def test_no_documentation_at_all_is_an_error(oracle, index):
    wheel(index.folder, {"minilib/__init__.py": "def f():\n    return 1\n"})
    with pytest.raises(SourceError) as caught:
        await oracle.ingest("pypi:minilib")
    assert caught.value.title == "There is no documentation"
    assert "pypi:minilib" in caught.value.message
    assert oracle.graph().libraries() == ()


async def test_unknown_package_with_close_names(oracle, index):
    with pytest.raises(SourceError) as caught:
        await oracle.ingest("pypi:networxk")
    assert caught.value.title == "No such package"
    assert "networxk" in caught.value.message
    assert "networkx" in caught.value.hint


async def test_unknown_version_names_the_newest(oracle, index):
    wheel(index.folder)
    with pytest.raises(SourceError) as caught:
        await oracle.ingest("pypi:minilib==9.9")
    assert "9.9" in caught.value.message
    assert "1.0" in caught.value.hint


async def test_no_network(tmp_path):
    settings = Settings.model_validate({"oracle": {"index": "http://127.0.0.1:9/simple/"}})
    with pytest.raises(SourceError) as caught:
        await Oracle(DataPaths(tmp_path), settings).ingest("pypi:minilib")
    assert caught.value.title == "The package index cannot be reached"
    assert "oracle.index" in caught.value.hint


async def test_no_network_keeps_what_is_known(oracle, index, tmp_path):
    wheel(index.folder)
    known = await oracle.ingest("pypi:minilib")
    away = Oracle(oracle.paths, Settings.model_validate({"oracle": {"index": "http://127.0.0.1:9/simple/"}}))
    report = await away.ingest("pypi:minilib")
    assert report.nodes == known.nodes
    assert any("did not answer" in note for note in report.notes)
    with pytest.raises(SourceError):
        await away.ingest("pypi:minilib==2.0")


async def test_a_damaged_download_is_refused_and_not_kept(oracle, index):
    file = wheel(index.folder)
    index.extra[file.name] = {"hashes": {"sha256": "0" * 64}}
    with pytest.raises(SourceError) as caught:
        await oracle.ingest("pypi:minilib")
    assert caught.value.title == "A download is damaged"
    assert not [path for path in oracle.paths.sources.rglob("*") if path.is_file()]


async def test_a_damaged_file_on_disk_is_downloaded_again(oracle, index):
    file = wheel(index.folder)
    await oracle.ingest("pypi:minilib")
    kept = oracle.paths.sources / digest(file) / file.name
    kept.write_bytes(b"rotten")
    oracle.paths.knowledge.unlink()
    await oracle.ingest("pypi:minilib")
    assert digest(kept) == digest(file)


@pytest.mark.parametrize("text", ["pypi:", "pypi:a b", "pypi:a>=1", "nothing", "git+ext::sh -c x", "git+/tmp/x"])
async def test_what_is_no_source(oracle, text):
    with pytest.raises(UsageError):
        await oracle.ingest(text)


async def test_a_missing_folder(oracle, tmp_path):
    with pytest.raises(SourceError, match="does not exist"):
        await oracle.ingest(str(tmp_path / "missing"))


async def test_a_single_page(oracle, tmp_path):
    page = tmp_path / "notes.md"
    page.write_text("# Notes\n\nText.\n\n```python\nimport minilib\nminilib.combine([])\n```\n")
    report = await oracle.ingest(str(page))
    assert (report.library, report.import_names, report.examples) == ("notes", (), {"fenced": 1})


async def test_links_in_folders_are_not_followed(oracle, tmp_path):
    secret = tmp_path / "secret.md"
    secret.write_text("# Secret\n\nkey\n")
    checkout = unpack(tmp_path / "minilib")
    (checkout / "docs/secret.md").symlink_to(secret)
    await oracle.ingest(str(checkout))
    graph = oracle.graph()
    assert graph.search("secret") == ()
    graph.close()


async def test_a_file_that_is_not_python_costs_itself_only(oracle, index):
    wheel(index.folder, {**MODULES, "minilib/broken.py": "def ("})
    report = await oracle.ingest("pypi:minilib")
    assert any(note.startswith("minilib/broken.py: not read, SyntaxError") for note in report.notes)
    assert report.nodes["class"] >= 7


async def test_progress_is_told_file_by_file(oracle, index):
    wheel(index.folder)
    told: list[Event] = []
    oracle.listener = told.append
    await oracle.ingest("pypi:minilib")
    await asyncio.sleep(0)
    steps = [event.step for event in told if isinstance(event, Progress)]
    assert steps[0] == "find"
    assert "minilib/shapes.py" in steps
    assert steps[-1] == "store"
    counted = [event.done for event in told if isinstance(event, Progress) and event.total]
    assert counted == sorted(counted)


async def test_a_cancelled_ingest_leaves_the_old_knowledge(oracle, index, monkeypatch):
    wheel(index.folder)
    await oracle.ingest("pypi:minilib")
    before = everything(oracle)
    wheel(index.folder, {**MODULES, "minilib/more.py": '"""More."""\n'}, "2.0")
    reached, go_on = threading.Event(), threading.Event()
    real = ingest_module.read_file

    def slow(file):
        reached.set()
        go_on.wait(10)
        return real(file)

    monkeypatch.setattr(ingest_module, "read_file", slow)
    running = asyncio.ensure_future(oracle.ingest("pypi:minilib"))
    await asyncio.to_thread(reached.wait, 10)
    running.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert everything(oracle) == before


async def test_a_crash_while_storing_leaves_the_old_knowledge(oracle, index, monkeypatch):
    wheel(index.folder)
    await oracle.ingest("pypi:minilib")
    before = everything(oracle)
    wheel(index.folder, {**MODULES, "minilib/zz.py": '"""Last."""\n'}, "2.0")
    real = KnowledgeTables._write

    def crash(self, source_id, lib, file):
        if file.path == "minilib/zz.py":
            raise OSError("disk full")
        real(self, source_id, lib, file)

    monkeypatch.setattr(KnowledgeTables, "_write", crash)
    with pytest.raises(OSError, match="disk full"):
        await oracle.ingest("pypi:minilib")
    assert everything(oracle) == before


def committed(checkout: Path) -> str:
    """Make a checkout a repository; its address."""
    git = ["git", "-C", str(checkout), "-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    subprocess.run(["git", "init", "-q", "--template=", str(checkout)], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "all"], check=True)
    return f"git+file://{checkout}"


async def test_a_repository_is_cloned_without_its_hooks(oracle, tmp_path, parsed, monkeypatch):
    address = committed(unpack(tmp_path / "minilib"))
    trap = tmp_path / "executed"
    hooks = tmp_path / "templates/hooks"
    hooks.mkdir(parents=True)
    (hooks / "post-checkout").write_text(f"#!/bin/sh\ntouch {trap}\n")
    (hooks / "post-checkout").chmod(0o755)
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(tmp_path / "templates"))
    report = await oracle.ingest(address)
    assert (report.library, report.version, report.license) == ("minilib", "1.0", "MIT")
    assert report.examples["program"] == 1
    assert not trap.exists()
    assert not list(oracle.paths.sources.glob("clone-*"))
    parsed.clear()
    again = await oracle.ingest(address)
    assert (parsed, again.files_read) == ([], 0)
    with pytest.raises(SourceError):
        await oracle.ingest(f"git+file://{tmp_path}/nowhere")
