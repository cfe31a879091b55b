"""Writes docs/agent_session.md: what a coding agent sees, recorded from the SDK's own client.

Run by hand over a copy of a base folder with verified dreams about textual, because a night takes its time:
dreamer night --library textual --base-dir DIR; python docs/record_session.py DIR
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import DreamState, Review
from dreamer_app.main import workshop
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.store.records import DreamFilter

HERE = Path(__file__).resolve().parent
PAGE = HERE / "agent_session.md"
LONGEST = 1400

HEAD = """<!-- Recorded by docs/record_session.py. -->
# A recorded session

An agent with the [MCP server](agents.md) is asked for a Textual app and looks for something proven first. The client
is the official SDK's own, over standard input and output; the dreams come from a real night about Textual and were
approved in the journal. Long answers are cut at `…`.
"""


def prepare(base: Path) -> None:
    """Approve every verified dream."""
    dreamer = Dreamer(DataPaths(base), workshop)
    for dream in dreamer.journal.list(DreamFilter(state=DreamState.VERIFIED)):
        dreamer.journal.decide(dream.id, Review.APPROVED)
    dreamer.close()


def call(tool: str, arguments: dict[str, Any], answer: Any) -> str:
    """One question with its answer."""
    words = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    lines = [f"## `{tool}({words})`"]
    plain = {}
    for name, value in answer.items():
        if isinstance(value, str) and "\n" in value:
            form = "python" if name in {"code", "tests"} else "text"
            lines.append(f"`{name}`:\n\n```{form}\n{cut(value)}\n```")
        else:
            plain[name] = value
    return "\n\n".join([lines[0], f"```json\n{cut(json.dumps(plain, indent=2, ensure_ascii=False))}\n```", *lines[1:]])


def cut(text: str) -> str:
    """A text of bearable length."""
    return text.strip() if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}\n…"


async def session(base: Path) -> list[str]:
    """The questions of an agent, one after the other."""
    server = StdioServerParameters(command=sys.executable, args=["-m", "dreamer_app", "mcp", "--base-dir", str(base)])
    parts = [HEAD]
    async with Client(server) as client:
        tools = ", ".join(f"`{tool.name}`" for tool in (await client.list_tools()).tools)
        assert client.server_info is not None
        parts.append(f"`{client.server_info.name}` {client.server_info.version} offers {tools}.")
        for tool, arguments in (
            ("search_lessons", {"query": "textual app with an input and a button", "library": "textual", "limit": 1}),
            ("proven_example", {"api": "a textual app that reacts to what is typed"}),
            ("what_is_known", {"symbol": "textual.widgets.Input"}),
            ("list_libraries", {}),
        ):
            found = await client.call_tool(tool, arguments)
            assert not found.is_error, found.content
            assert isinstance(found.structured_content, dict)
            answer = found.structured_content
            parts.append(call(tool, arguments, answer["lessons"][0] if answer.get("lessons") else answer))
    return parts


def main() -> None:
    """Write the page."""
    base = Path(sys.argv[1])
    prepare(base)
    PAGE.write_text("\n\n".join(asyncio.run(session(base))) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
