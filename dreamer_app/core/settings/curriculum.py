"""What is worth dreaming about."""

from __future__ import annotations

from dreamer_app.core.settings.section import Section, setting


class CurriculumSettings(Section):
    """What is worth dreaming about next."""

    projects: tuple[str, ...] = setting(
        (),
        title="Your projects",
        description="Folders of projects whose requirements may be read, so that the libraries you use come first. "
        "Nothing else in them is looked at.",
        max_length=50,
    )
    explore: float = setting(
        0.2,
        title="Exploration",
        description="Share of tasks whose subject is drawn evenly, whatever was learned before.",
        ge=0,
        le=1,
    )
    evolve: float = setting(
        0.2,
        title="Development",
        description="Share of a model's tasks that develop an accepted dream: a harder case, a rarer API, two joined.",
        ge=0,
        le=1,
    )
    debug: float = setting(
        0.15,
        title="Debug dreams",
        description="Share of dreams that ask to repair a program which a small change has broken. They come from "
        "dreams of earlier nights and need no model.",
        ge=0,
        le=0.5,
    )
    saturation_tries: int = setting(
        12,
        title="Tries before saturation",
        description="A subject is given up for the night when it yields almost nothing after this many.",
        ge=3,
        le=1000,
    )
