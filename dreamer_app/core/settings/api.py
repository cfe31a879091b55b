"""How other programs reach The Dreamer."""

from __future__ import annotations

from dreamer_app.core.settings.section import Section, setting


class ApiSettings(Section):
    """How other programs reach The Dreamer. Only this computer can, and only with the token."""

    on: bool = setting(
        True,
        title="Local API",
        description="Editors, agents and scripts on this computer may talk to The Dreamer over its loopback port.",
        restart=True,
    )
    port: int = setting(
        8917, title="Port", description="Loopback port of the local API.", restart=True, ge=1024, le=65_535
    )
    gateway: bool = setting(
        True,
        title="Model gateway",
        description="Pass requests under `/v1` on to the local model server, after dreaming has stopped for them.",
        restart=True,
    )
    upstream: str = setting(
        "",
        title="Model server behind the gateway",
        description="Address of an OpenAI-compatible server, ending in `/v1`. Empty means the one that dreams, or else "
        "the usual address of Ollama.",
        restart=True,
        max_length=500,
        pattern=r"^(https?://\S+)?$",
    )
