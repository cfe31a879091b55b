"""The set-up at work: real sockets, real files, real runs in a copy of the checkout."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import bootstrap
import pytest
from bootstrap_engine import engine_state, last_lines, wait_for_engine

from tests.house.tracked import ROOT, tracked_files


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of everything under version control, without .venv and tools."""
    copy = tmp_path / "checkout"
    for file in tracked_files():
        target = copy / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    return copy


def set_up(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the set-up of a checkout as the Makefile does."""
    return subprocess.run(
        [sys.executable, "packaging/bootstrap.py", *arguments],
        cwd=checkout,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.fixture
def engine_that_says(tmp_path: Path) -> Iterator[object]:
    """Starts a listener on a socket that answers every request with the given bytes."""
    opened: list[socket.socket] = []

    def listen(answer: bytes) -> str:
        place = tmp_path / f"engine{len(opened)}.sock"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(place))
        listener.listen()
        opened.append(listener)

        def serve() -> None:
            while True:
                try:
                    line, _ = listener.accept()
                except OSError:
                    return
                with line:
                    line.recv(4096)
                    line.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        return f"unix://{place}"

    yield listen
    for listener in opened:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def test_an_engine_that_answers(engine_that_says) -> None:
    address = engine_that_says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")
    assert engine_state({"DOCKER_HOST": address}) == "answers"
    assert wait_for_engine({"DOCKER_HOST": address}, None, seconds=0)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", b"", b"rubbish\r\n\r\n"])
def test_an_engine_that_is_broken_counts_as_silent(engine_that_says, answer: bytes) -> None:
    assert engine_state({"DOCKER_HOST": engine_that_says(answer)}) == "silent"


def test_no_engine_at_all(tmp_path: Path) -> None:
    nowhere = {"DOCKER_HOST": f"unix://{tmp_path}/none.sock"}
    assert engine_state(nowhere) == "silent"
    assert not wait_for_engine(nowhere, None, seconds=0)


def test_waiting_ends_with_the_engine_that_died(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "raise SystemExit(1)"]) as engine:
        engine.wait()
        assert not wait_for_engine({"DOCKER_HOST": f"unix://{tmp_path}/none.sock"}, engine, seconds=3600)


def test_a_library_is_there_or_not() -> None:
    assert bootstrap.has_library("libc.so.6")
    assert not bootstrap.has_library("libno-such-thing.so.9")


def test_the_last_words_of_a_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"one\ntwo\n\xff three\n")
    assert last_lines(log, 2).splitlines()[0].strip() == "two"
    assert "three" in last_lines(log, 2)
    assert "one" not in last_lines(log, 2)
    assert last_lines(tmp_path / "absent") == "(nothing was written)"


def test_a_mirror_that_only_pip_knows_is_told_to_uv(tmp_path: Path) -> None:
    weak, strong = tmp_path / "weak.conf", tmp_path / "strong.conf"
    weak.write_text("[global]\nindex-url = https://weak.example/simple\n", encoding="utf-8")
    strong.write_text("[global]\nindex-url = https://strong.example/simple\n", encoding="utf-8")

    assert bootstrap.uv_environment({}, [weak, strong])["UV_DEFAULT_INDEX"] == "https://strong.example/simple"
    assert "UV_DEFAULT_INDEX" not in bootstrap.uv_environment({"UV_INDEX_URL": "https://x.example"}, [weak])
    named = bootstrap.uv_environment({"PIP_INDEX_URL": "https://named.example"}, [weak])
    assert named["UV_DEFAULT_INDEX"] == "https://named.example"


def test_without_a_mirror_uv_is_told_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "broken.conf"
    broken.write_bytes(b"\xff\xfe not a configuration")
    extra = tmp_path / "extra.conf"
    extra.write_text("[global]\nextra-index-url = https://extra.example\n", encoding="utf-8")
    assert "UV_DEFAULT_INDEX" not in bootstrap.uv_environment({}, [tmp_path / "absent", broken, extra])


def test_pips_certificates_are_uvs_unless_it_has_its_own() -> None:
    assert bootstrap.uv_environment({"PIP_CERT": "a.pem"}, [])["SSL_CERT_FILE"] == "a.pem"
    assert bootstrap.uv_environment({"PIP_CERT": "a.pem", "SSL_CERT_FILE": "b.pem"}, [])["SSL_CERT_FILE"] == "b.pem"


def test_uv_never_downloads_an_interpreter() -> None:
    assert bootstrap.uv_environment({}, [])["UV_PYTHON_DOWNLOADS"] == "never"


def test_a_stamp_is_void_when_the_requirements_change(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    monkeypatch.setattr(bootstrap, "VENV", venv)
    monkeypatch.setattr(bootstrap, "ROOT", checkout)
    monkeypatch.setattr(bootstrap, "REQUIREMENTS", checkout / "requirements")
    bootstrap.write_at_once(venv / ".dreamer-dev", bootstrap.digest_of("dev"))
    assert not bootstrap.environment_is_ready("dev"), "a stamp without an interpreter"
    for name in ("python", "dreamer"):
        (venv / "bin" / name).touch()

    assert bootstrap.environment_is_ready("dev")
    assert bootstrap.environment_is_ready("app"), "dev holds everything of app"
    with (checkout / "requirements" / "dev.txt").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert not bootstrap.environment_is_ready("dev")
    assert not bootstrap.environment_is_ready("app")


def test_a_file_appears_complete_or_not_at_all(tmp_path: Path) -> None:
    bootstrap.write_at_once(tmp_path / "stamp", "done")
    assert [path.name for path in tmp_path.iterdir()] == ["stamp"]
    assert (tmp_path / "stamp").read_text(encoding="ascii") == "done"


def test_without_an_engine_it_stops_before_anything_is_made(checkout: Path) -> None:
    result = set_up(checkout, "app", DOCKER_HOST=f"unix://{checkout}/none.sock")
    assert result.returncode == 1
    assert "set-up stopped: No Docker engine answers at DOCKER_HOST=unix://" in result.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.network
def test_from_nothing_then_again_then_after_an_interruption(checkout: Path) -> None:
    """The first run makes everything, the second nothing, and a half-made environment is made good."""
    first = set_up(checkout, "app", "--no-engine")
    assert first.returncode == 0, first.stderr
    ask = [checkout / ".venv" / "bin" / "python", "-c", "import dreamer_app, pydantic; print(dreamer_app.__file__)"]
    found = subprocess.run(ask, cwd="/", capture_output=True, text=True, check=True).stdout
    assert Path(found.strip()).is_relative_to(checkout)

    second = set_up(checkout, "app", "--no-engine")
    assert second.returncode == 0
    assert len(second.stdout.splitlines()) == 1, "nothing but the closing line"

    (checkout / ".venv" / ".dreamer-app").unlink()
    (checkout / ".venv" / "bin" / "python").unlink()
    third = set_up(checkout, "app", "--no-engine")
    assert third.returncode == 0, third.stderr
    assert "creating .venv" in third.stdout
    assert subprocess.run(ask, cwd="/", capture_output=True, check=False).returncode == 0


@pytest.mark.network
def test_an_installer_that_was_killed_leaves_nothing_half_installed(checkout: Path) -> None:
    """What looks installed but lost its files must not survive the next run."""
    assert set_up(checkout, "app", "--no-engine").returncode == 0
    venv = checkout / ".venv"
    (venv / ".dreamer-app").rename(venv / ".dreamer-unfinished")
    (package,) = venv.glob("lib/python*/site-packages/pydantic/__init__.py")
    package.unlink()

    again = set_up(checkout, "app", "--no-engine")

    assert again.returncode == 0, again.stderr
    assert package.exists()
    assert not (venv / ".dreamer-unfinished").exists()
    assert (venv / ".dreamer-app").exists()


@pytest.mark.network
def test_a_changed_digest_is_refused(checkout: Path) -> None:
    """Nothing is installed whose content is not the one that was locked."""
    target = checkout / "requirements" / "build.txt"
    text = target.read_text(encoding="utf-8")
    target.write_text(re.sub(r"sha256:[0-9a-f]{8}", "sha256:00000000", text), encoding="utf-8")
    result = set_up(checkout, "app", "--no-engine")
    assert result.returncode == 1
    assert "ended with status" in result.stderr
    assert not (checkout / ".venv" / ".dreamer-app").exists()
