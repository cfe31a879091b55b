"""Ready-to-paste configuration for coding agents and editors, declared once for docs, command line and settings dialog.

It writes nobody's files.
"""

from __future__ import annotations

import json
import sys
from typing import Literal

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import Frozen
from dreamer_app.service.api_token import ApiToken

TOKEN = "TOKEN"  # noqa: S105 - stands for it
"""What `dreamer api token` prints stands here, unless the real one is filled in."""


class AgentClient(Frozen):
    """One program that can use The Dreamer.

    Attributes:
        name: As its makers call it.
        file: Where its configuration is, or the command line.
        form: Of the text.
        text: What to paste.
        note: What else to do; may be empty.
    """

    name: str
    file: str
    form: Literal["json", "toml", "yaml", "sh"]
    text: str
    note: str = ""


def agents(command: tuple[str, ...] = ("dreamer", "mcp")) -> tuple[AgentClient, ...]:
    """Coding agents that start the MCP server themselves, over standard input and output.

    Args:
        command: How `dreamer mcp` is started; a program without a shell's PATH needs it in full.
    """
    program, *arguments = command
    server = {"command": program, "args": arguments}
    usual = _json({"mcpServers": {"dreamer": server}})
    shell = " ".join(command)
    return (
        AgentClient(name="Claude Code", file="terminal", form="sh", text=f"claude mcp add dreamer -- {shell}"),
        AgentClient(name="Claude Desktop", file="claude_desktop_config.json", form="json", text=usual),
        AgentClient(name="Cursor", file="~/.cursor/mcp.json", form="json", text=usual),
        AgentClient(
            name="VS Code",
            file=".vscode/mcp.json",
            form="json",
            text=_json({"servers": {"dreamer": {"type": "stdio", **server}}}),
        ),
        AgentClient(
            name="Codex CLI",
            file="~/.codex/config.toml",
            form="toml",
            text=f"[mcp_servers.dreamer]\ncommand = {json.dumps(program)}\nargs = {json.dumps(arguments)}",
        ),
        AgentClient(name="Gemini CLI", file="~/.gemini/settings.json", form="json", text=usual),
        AgentClient(
            name="Zed",
            file="settings.json",
            form="json",
            text=_json({"context_servers": {"dreamer": {"source": "custom", **server}}}),
        ),
        AgentClient(name="Windsurf", file="~/.codeium/windsurf/mcp_config.json", form="json", text=usual),
        AgentClient(name="Cline", file="cline_mcp_settings.json", form="json", text=usual),
    )


def over_http(port: int, token: str = TOKEN) -> AgentClient:
    """The same for agents that connect to the running program."""
    server = {
        "type": "http",
        "url": f"http://127.0.0.1:{port}/mcp",
        "headers": {"Authorization": f"Bearer {token}"},
    }
    return AgentClient(
        name="Any agent, over HTTP",
        file=".mcp.json",
        form="json",
        text=_json({"mcpServers": {"dreamer": server}}),
        note="The Dreamer has to run.",
    )


def editors(port: int, token: str = TOKEN) -> tuple[AgentClient, ...]:
    """Programs that use the local model, through the gateway."""
    base = f"http://127.0.0.1:{port}/v1"
    return (
        AgentClient(
            name="Anything that uses an OpenAI SDK",
            file="terminal",
            form="sh",
            text=f"export OPENAI_BASE_URL={base}\nexport OPENAI_API_KEY={token}",
        ),
        AgentClient(
            name="Continue",
            file="~/.continue/config.yaml",
            form="yaml",
            text=(
                "models:\n  - name: Local model\n    provider: openai\n    model: NAME-OF-YOUR-MODEL\n"
                f"    apiBase: {base}\n    apiKey: {token}\n    roles: [chat, edit, apply]"
            ),
        ),
        AgentClient(
            name="Aider",
            file="terminal",
            form="sh",
            text=(
                f"export OPENAI_API_BASE={base}\nexport OPENAI_API_KEY={token}\naider --model openai/NAME-OF-YOUR-MODEL"
            ),
        ),
    )


def on_this_computer(paths: DataPaths, port: int, *, default_base: bool) -> tuple[AgentClient, ...]:
    """Every program, with this computer's paths, port and token.

    Args:
        paths: The base folder, which exists.
        port: Where the running program listens.
        default_base: Whether it is the usual place, which needs not be named.
    """
    base = () if default_base else ("--base-dir", str(paths.base))
    token = ApiToken(paths.api_token).read()
    command = (sys.executable, "-m", "dreamer_app", "mcp", *base)
    return (*agents(command), over_http(port, token), *editors(port, token))


def _json(document: object) -> str:
    return json.dumps(document, indent=2)
