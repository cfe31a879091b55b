"""The page of docs/ for coding agents and editors, made from the configurations that the program itself offers.

`make_pages.py` writes it with the others. What a client is configured with stands in `service/agent_clients.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dreamer_app.core.settings import ApiSettings
from dreamer_app.service.agent_clients import AgentClient, agents, editors, over_http

HEAD = """# Coding agents and editors

Approve dreams in the journal, and your own agent writes code from proven examples the same minute. [A recorded
session](agent_session.md) shows what it sees. Nothing leaves this computer.

| Tool | Answers |
| --- | --- |
| `search_lessons` | proven examples for a task, a question or an error message; by library and version |
| `proven_example` | one example with its tests, for an API by name |
| `what_is_known` | signature in the version that was read, documentation, examples, common failures, reports |
| `list_libraries` | what was read, and how much of it was learned |
| `report_failure` | keeps what did not work: the next night dreams about it, who asks about the symbol is told |

The resources `dreamer://libraries` and `dreamer://nights`, and one of each by name, say the same as documents. A
request stops dreaming like any other: an agent that asks is a person at work.

`dreamer api clients` prints everything below with your own paths, port and token filled in."""

AGENTS = """## Agents that start it themselves

These need no running program and no token. Where an agent does not find `dreamer`, write its whole path."""

HTTP = """## Agents that connect to the running program

`dreamer api token` prints the token."""

EDITORS = """## Editors that use the local model

Point them at the **gateway** instead of at the model server. A request stops dreaming before it is passed on, so that
it gets the whole graphics card; when the editor falls silent for a minute, dreaming may go on. The model server behind
the gateway is the one that dreams, or `api.upstream` in the [settings](settings.md)."""


def agents_page() -> str:
    """The whole page, without the mark of generated pages."""
    port = ApiSettings().port
    parts = [HEAD, AGENTS, *_shown(agents()), HTTP, *_shown([over_http(port)]), EDITORS, *_shown(editors(port))]
    return "\n\n".join(parts) + "\n"


def _shown(clients: Sequence[AgentClient]) -> Iterator[str]:
    for client in clients:
        where = "In a terminal" if client.file == "terminal" else f"`{client.file}`"
        yield f"**{client.name}.** {where}: {client.note}".rstrip(": ") + f":\n\n```{client.form}\n{client.text}\n```"
