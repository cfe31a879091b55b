"""The one application behind both sockets: its routes, its errors, its OpenAPI document. It opens no socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dreamer_app import __version__
from dreamer_app.api import routes_dreaming, routes_journal, routes_sight
from dreamer_app.api.answers import refusal, status_of
from dreamer_app.api.gateway import Gateway
from dreamer_app.api.mcp_server import http_app, mcp_server
from dreamer_app.api.parts import ApiParts
from dreamer_app.api.resident_line import ResidentLine
from dreamer_app.api.sight import Sight
from dreamer_app.core.errors import DreamerError

DESCRIPTION = (
    "Steers the running Dreamer and reads its journal. Every request but `GET /status` and `GET /metrics` stops "
    "dreaming with its first byte. Other programs show the token of the base folder as a bearer token. Beside these "
    "routes there are `/mcp` for coding agents and, OpenAI-compatible, `/v1` for the local model server."
)


def application(parts: ApiParts, line: ResidentLine, sight: Sight, gateway: Gateway | None) -> FastAPI:
    """Everything that the API answers to.

    Args:
        parts: What it speaks for.
        line: To the resident program.
        sight: What it says about itself.
        gateway: To the model server, None when it is switched off.
    """

    agents = mcp_server(parts.learned, parts.journal)
    agents_app = http_app(agents)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with agents.session_manager.run(), gateway.open() if gateway else nullcontext():
            yield

    app = FastAPI(
        title="The Dreamer",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,  # their pages load scripts from the network
        redoc_url=None,
        lifespan=lifespan,
    )
    app.include_router(routes_sight.router(line, sight))
    app.include_router(routes_dreaming.router(parts, line))
    app.include_router(routes_journal.router(parts.journal))
    app.router.routes.extend(agents_app.routes)
    if gateway is not None:
        app.router.routes.append(Route("/v1/{path:path}", gateway, include_in_schema=False))
    app.add_exception_handler(DreamerError, _dreamer_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    return app


async def _dreamer_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, DreamerError)
    return refusal(status_of(error), error)


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return refusal(422, DreamerError("The request is not valid", f"{place}: {first['msg']}", "See /openapi.json."))


async def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    return refusal(error.status_code, DreamerError(phrase, error.detail, "See /openapi.json."), error.headers)
