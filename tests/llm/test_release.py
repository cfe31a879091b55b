"""What we loaded is unloaded, what others loaded stays, whatever kind of server it is."""

from __future__ import annotations

import pytest

from dreamer_app.llm.release import ModelRelease
from tests.llm.native import Kind, native

KINDS = ("ollama", "llama.cpp", "lm studio")


@pytest.mark.parametrize("kind", KINDS)
async def test_only_our_models_are_unloaded(kind: Kind) -> None:
    with native(kind, "theirs") as server:
        release = ModelRelease(server.url, ["weaver", "coder"])
        await release.look_before()
        server.loaded += ["weaver", "coder", "loaded-meanwhile"]
        server.looks = 2
        report = await release.release()
        assert server.loaded == ["theirs", "loaded-meanwhile"]
    assert report.unloaded == ("coder", "weaver") and report.stuck == ()
    assert report.kept == ("loaded-meanwhile", "theirs") and report.server.lower() == kind


@pytest.mark.parametrize("kind", KINDS)
async def test_our_model_stays_when_somebody_had_loaded_it_before(kind: Kind) -> None:
    with native(kind, "shared") as server:
        release = ModelRelease(server.url, ["shared"])
        await release.look_before()
        report = await release.release()
    assert server.asked == [] and report.kept == ("shared",) and report.unloaded == ()


async def test_each_server_is_called_as_it_wants_to_be() -> None:
    calls: dict[str, object] = {
        "ollama": {"model": "m:latest", "keep_alive": 0},
        "llama.cpp": {"model": "m"},
        "lm studio": {"instance_id": "m:1"},
    }
    for kind, call in calls.items():
        with native(kind) as server:  # type: ignore[arg-type]
            release = ModelRelease(server.url, ["m"], key="sk-local")
            await release.look_before()
            server.loaded = ["m:latest" if kind == "ollama" else "m"]
            assert (await release.release()).unloaded == tuple(server.loaded) or server.loaded == []
            assert server.asked == [call] and server.shown == {"Bearer sk-local"}


async def test_without_a_look_before_nothing_is_unloaded() -> None:
    with native("ollama", "m") as server:
        report = await ModelRelease(server.url, ["m"]).release()
    assert server.asked == [] and report.unloaded == ()


async def test_a_server_that_does_not_let_go_is_told_of() -> None:
    with native("ollama") as server:
        release = ModelRelease(server.url, ["m"], seconds=4.2)
        await release.look_before()
        server.loaded, server.deaf = ["m"], True
        report = await release.release()
    assert report.stuck == ("m",) and report.unloaded == ()


@pytest.mark.parametrize("kind", ["other", "none"])
async def test_a_server_without_such_calls_is_left_alone(kind: str) -> None:
    if kind == "other":
        with native("other", "m") as server:
            release = ModelRelease(server.url, ["m"])
            await release.look_before()
            report = await release.release()
        assert server.asked == []
    else:
        release = ModelRelease("http://127.0.0.1:9/v1", ["m"])
        await release.look_before()
        report = await release.release()
    assert report.server == "" and report.stuck == ()


async def test_a_server_that_has_ended_holds_nothing() -> None:
    with native("ollama") as server:
        release = ModelRelease(server.url, ["m"])
        await release.look_before()
    report = await release.release()
    assert report.stuck == () and report.unloaded == ()
