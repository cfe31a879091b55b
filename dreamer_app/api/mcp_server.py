"""The MCP server: what was learned, for coding agents. Tools and resources only; it answers and steers nothing.

The same server speaks over stdio (`dreamer mcp`) and over HTTP (`/mcp` of the local API).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import Field
from starlette.applications import Starlette

from dreamer_app import __version__
from dreamer_app.core.errors import DreamerError
from dreamer_app.core.types import Frozen, Night
from dreamer_app.service.journal import DreamJournal
from dreamer_app.service.learned import FoundLesson, Learned, LibraryCoverage, ProvenExample, SymbolKnowledge
from dreamer_app.store.seeds import Seed

INSTRUCTIONS = (
    "Proven Python examples for libraries in the versions used here. Each was executed: its tests pass, and fail on "
    "stubs and mutants of it. Ask here before you write code with a library that you do not know well: "
    "`search_lessons` with the task in words, `proven_example` with an API's name, `what_is_known` for a signature "
    "and its documentation. If an example does not work for you, say so with `report_failure`: it is shown to whoever "
    "asks about the symbol, and the next night dreams about it."
)
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_WRITES = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

Query = Annotated[str, Field(min_length=1, max_length=4000, description="A task, a question, an error, or API names.")]
Library = Annotated[str | None, Field(max_length=200, description="Only this distribution, e.g. `textual`.")]
Version = Annotated[str | None, Field(max_length=200, description="Only this version: `8.2.8`, `8.2` or `>=8,<9`.")]
Limit = Annotated[int, Field(ge=1, le=20, description="At most this many.")]
Name = Annotated[str, Field(min_length=1, max_length=500, description="Dotted path, e.g. `textual.widgets.Input`.")]
Text = Annotated[str, Field(max_length=20_000)]


class Lessons(Frozen):
    """Answers of a search.

    Attributes:
        lessons: The best first.
    """

    lessons: tuple[FoundLesson, ...]


class Libraries(Frozen):
    """What was read and learned.

    Attributes:
        libraries: By name.
    """

    libraries: tuple[LibraryCoverage, ...]


class Reported(Frozen):
    """That a report was kept.

    Attributes:
        seed: Its number.
        about: The APIs that it is about.
    """

    seed: int
    about: tuple[str, ...]


class Nights(Frozen):
    """Nights, newest first.

    Attributes:
        nights: As stored.
    """

    nights: tuple[Night, ...]


def mcp_server(learned: Learned, journal: DreamJournal, wake: Callable[[], None] | None = None) -> MCPServer[Any]:
    """The server.

    Args:
        learned: What it answers from.
        journal: Nights.
        wake: Called before every request; None where the transport has woken already.
    """

    async def waking(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        if wake is not None:
            await asyncio.to_thread(wake)
        return await call_next(ctx)

    server: MCPServer[Any] = MCPServer(
        "dreamer",
        title="The Dreamer",
        version=__version__,
        instructions=INSTRUCTIONS,
        middleware=[waking],
        log_level="WARNING",
    )
    _offer_tools(server, learned)
    _offer_resources(server, learned, journal)
    return server


def http_app(server: MCPServer[Any]) -> Starlette:
    """Its streamable HTTP side at `/mcp`. Each request stands alone, so that nothing is lost when the program restarts.

    Who is let in, from where and with how large a body is decided in front of it.
    """
    return server.streamable_http_app(
        streamable_http_path="/mcp",
        json_response=True,
        stateless_http=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )


@contextmanager
def _explained() -> Iterator[None]:
    """Errors for people are errors that a model can read."""
    try:
        yield
    except DreamerError as error:
        raise ToolError(" ".join(part for part in (f"{error.title}:", error.message, error.hint) if part)) from error


def _offer_tools(server: MCPServer[Any], learned: Learned) -> None:
    @server.tool(annotations=_READS)
    def search_lessons(query: Query, library: Library = None, version: Version = None, limit: Limit = 5) -> Lessons:
        """Search proven examples by task, question, error message or API names, best first."""
        with _explained():
            return Lessons(lessons=learned.search(query, library, version, limit))

    @server.tool(annotations=_READS)
    def proven_example(api: Name) -> ProvenExample:
        """Get one proven example with its tests, by an API's name, a lesson's id or a task in words."""
        with _explained():
            return learned.example(api, by="mcp")

    @server.tool(annotations=_READS)
    def what_is_known(symbol: Name) -> SymbolKnowledge:
        """Everything about a symbol: signature in the installed version, documentation, examples, common failures."""
        with _explained():
            return learned.symbol(symbol)

    @server.tool(annotations=_READS)
    def list_libraries() -> Libraries:
        """List the libraries that are known, with how much of each was learned."""
        with _explained():
            return Libraries(libraries=learned.libraries())

    @server.tool(annotations=_WRITES)
    def report_failure(  # noqa: PLR0917 - the client names its arguments
        what: Annotated[str, Field(min_length=1, max_length=4000, description="What was tried and what went wrong.")],
        code: Text = "",
        error: Text = "",
        library: Library = None,
        apis: Annotated[list[Name] | None, Field(max_length=20, description="APIs that it is about.")] = None,
        lesson_id: Annotated[str | None, Field(max_length=100, description="The example that did not work.")] = None,
    ) -> Reported:
        """Report that something did not work: the next night dreams about it, and it is shown with what is known."""
        seed = Seed(
            by="mcp", what=what, code=code, error=error, library=library, apis=tuple(apis or ()), lesson_id=lesson_id
        )
        with _explained():
            kept = learned.report(seed)
        return Reported(seed=kept.id, about=kept.apis)


def _offer_resources(server: MCPServer[Any], learned: Learned, journal: DreamJournal) -> None:
    json_text = "application/json"

    @server.resource("dreamer://libraries", title="Libraries", mime_type=json_text)
    def libraries() -> str:
        """Libraries that are known, with how much of each was learned."""
        return Libraries(libraries=learned.libraries()).model_dump_json(indent=2)

    @server.resource("dreamer://libraries/{name}", title="One library", mime_type=json_text)
    def library(name: str) -> str:
        """One library."""
        for found in learned.libraries():
            if found.name == name:
                return found.model_dump_json(indent=2)
        raise ResourceNotFoundError(f"no library {name!r} was read")

    @server.resource("dreamer://nights", title="Nights", mime_type=json_text)
    def nights() -> str:
        """The latest nights, newest first."""
        return Nights(nights=journal.nights()[:30]).model_dump_json(indent=2)

    @server.resource("dreamer://nights/{night_id}", title="One night", mime_type=json_text)
    def night(night_id: str) -> str:
        """One night with its figures."""
        for found in journal.nights():
            if found.id == night_id:
                return found.model_dump_json(indent=2)
        raise ResourceNotFoundError(f"there was no night {night_id!r}")
