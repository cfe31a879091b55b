"""Where the worker image comes from."""

from __future__ import annotations

from dreamer_app.core.settings.section import Section, setting


class ImageSettings(Section):
    """Where the worker image comes from."""

    reference: str = setting(
        "python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b",
        title="Registry image",
        description="Pulled by digest when a registry answers; empty never asks one.",
        max_length=500,
    )
