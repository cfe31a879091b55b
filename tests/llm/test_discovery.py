"""Servers on this computer are found, and a model is tried out, in words for a person."""

from __future__ import annotations

import pytest

from dreamer_app.llm import discovery
from dreamer_app.llm.budget import price_table
from dreamer_app.llm.keys import key_for, variables
from dreamer_app.llm.model import ModelOfflineError
from tests.llm.rooms import HASTY
from tests.scripted_server.script import Script
from tests.scripted_server.server import serving


async def test_servers_are_found_by_their_ports_and_by_ollamas_own_variable() -> None:
    with serving(Script.load("good")) as server, serving(Script(models=())) as empty:
        ports = {server.port: "LM Studio", empty.port: "vLLM", 9: "llama.cpp"}
        found = await discovery.find_servers(ports, {})
        assert [(one.name, one.models) for one in found] == [("LM Studio", ("scripted-7b",))]
        by_name = await discovery.find_servers({}, {"OLLAMA_HOST": f"127.0.0.1:{server.port}"})
        assert [one.name for one in by_name] == ["Ollama"]
        assert discovery.choose(found, "scripted-7b") == found[0]
        assert discovery.choose(found, "another") is None
        with pytest.raises(ModelOfflineError):
            await discovery.models_of("http://127.0.0.1:9/v1")


async def test_a_model_is_tried_out() -> None:
    with serving(Script.load("good")) as server:
        report = await discovery.try_out(server.url, "scripted-7b", HASTY)
        assert report.ok and report.first_token_seconds is not None
        wrong = await discovery.try_out(server.url, "another", HASTY)
        assert not wrong.ok and "another" in wrong.message and wrong.hint
    gone = await discovery.try_out(server.url, "scripted-7b", HASTY)
    assert not gone.ok and gone.hint


def test_the_key_of_a_server_comes_from_the_environment() -> None:
    url = "https://api.example.com/v1"
    assert variables(url) == ("DREAMER_API_KEY_API_EXAMPLE_COM", "DREAMER_API_KEY")
    assert key_for(url, {"DREAMER_API_KEY": "a", "DREAMER_API_KEY_API_EXAMPLE_COM": "b"}) == "b"
    assert key_for(url, {"DREAMER_API_KEY": "a"}) == "a"


def test_the_price_table_is_read_line_by_line() -> None:
    [price] = price_table(["gpt-*-mini 0.15 0.60"])
    assert (price.model, price.prompt, price.completion) == ("gpt-*-mini", 0.15, 0.60)
    for wrong in ("gpt 1", "gpt a b", "gpt -1 2"):
        with pytest.raises(Exception, match="price"):
            price_table([wrong])
