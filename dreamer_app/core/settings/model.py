"""The language model: where it is, what it may cost, how long it may take."""

from __future__ import annotations

from dreamer_app.core.settings.section import Section, setting


class ModelSettings(Section):
    """The language model that imagines and solves. Keys are never kept here: they come from the keyring or from
    `DREAMER_API_KEY`.
    """

    base_url: str = setting(
        "",
        title="Server",
        description="Address of an OpenAI-compatible server, such as http://localhost:11434/v1. Empty looks for one "
        "on this computer.",
        max_length=500,
    )
    weaver: str = setting(
        "",
        title="Model for inventing tasks",
        description="Best the strongest you have. Empty dreams without a model unless `--model` names one.",
        max_length=200,
    )
    coder: str = setting(
        "",
        title="Model for solving tasks",
        description="May be smaller and local. Empty means the same as for inventing.",
        max_length=200,
    )
    coder_base_url: str = setting(
        "",
        title="Server of the solving model",
        description="Only when it runs elsewhere. Empty means the same server.",
        max_length=500,
    )
    attempts: int = setting(
        3,
        title="Attempts",
        description="Fresh solutions of a task from its text alone. Their share of success is its solve rate.",
        ge=1,
        le=8,
    )
    repairs: int = setting(
        1,
        title="Repair rounds",
        description="How often a solution that fails is given back with the output of its tests.",
        ge=0,
        le=5,
    )
    hybrid: float = setting(
        0.5,
        title="Hybrid share",
        description="Share of tasks whose code and expected values are recorded without a model, which then only "
        "writes the text.",
        ge=0,
        le=1,
    )
    answer_tokens: int = setting(
        4096,
        title="Longest answer",
        description="An answer is cut after this much.",
        unit="tokens",
        ge=256,
        le=65_536,
    )
    parallel: int = setting(
        2, title="Calls at the same time", description="More only help if the server batches.", ge=1, le=64
    )
    calls: int = setting(
        5000, title="Calls per night", description="The night goes on without the model after that.", ge=1, le=1_000_000
    )
    tokens: int = setting(
        5_000_000,
        title="Tokens per night",
        description="Prompts and answers together.",
        unit="tokens",
        ge=1000,
        le=10_000_000_000,
    )
    cost: float = setting(
        1.0,
        title="Cost per night",
        description="In the currency of the price table. Models without a price cost nothing.",
        ge=0,
        le=10_000,
    )
    prices: tuple[str, ...] = setting(
        (),
        title="Price table",
        description="One model a line: a name, in which `*` stands for anything, the price of a million prompt tokens "
        'and that of a million answer tokens, such as "gpt-*-mini 0.15 0.60".',
        max_length=100,
    )
    connect_seconds: float = setting(
        5.0, title="Patience for a connection", description="Until the server accepts it.", unit="s", gt=0, le=120
    )
    first_token_seconds: float = setting(
        180.0,
        title="Patience for the first token",
        description="Loading a model and reading the prompt take their time.",
        unit="s",
        gt=0,
        le=3600,
    )
    between_tokens_seconds: float = setting(
        30.0,
        title="Patience between tokens",
        description="A silence as long as this is a stall.",
        unit="s",
        gt=0,
        le=600,
    )
    answer_seconds: float = setting(
        600.0,
        title="Patience for an answer",
        description="From the request to its last token.",
        unit="s",
        gt=0,
        le=7200,
    )
    outage_seconds: float = setting(
        120.0,
        title="Patience with an outage",
        description="A server that fails is asked again, less and less often, for as long as this.",
        unit="s",
        ge=0,
        le=7200,
    )
