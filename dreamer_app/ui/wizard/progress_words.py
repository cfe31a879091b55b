"""What a step of long work is called in the person's language. Names of files and packages stay as they are."""

from __future__ import annotations

from dreamer_app.core.events import Progress
from dreamer_app.core.i18n import mark, tr

_TASKS = {
    "ingest": mark("Reading {about}"),
    "worker": mark("Preparing the workers"),
    "environment": mark("Installing what dreams need"),
    "weave": mark("Inventing tasks"),
}
"""By the first word of what is done; the rest is what it is about."""
_STEPS = {
    "find": mark("looking for it"),
    "unpack": mark("unpacking"),
    "link": mark("connecting what belongs together"),
    "store": mark("storing"),
    "pack": mark("packing"),
    "load": mark("loading"),
    "ask a registry": mark("asking a registry"),
    "compile its library": mark("compiling its library"),
    "running documented calls": mark("running documented calls"),
    "finding out what they do": mark("finding out what they do"),
    "trying documented types": mark("trying documented types"),
    "reading documented programs": mark("reading documented programs"),
    "drawing apps from documented features": mark("drawing apps from documented features"),
}
_BEGINNINGS = {"install ": mark("installing {names}"), "pull: ": mark("fetching: {names}")}
"""Steps that name something."""


def progress_text(event: Progress) -> str:
    """One line about work under way."""
    kind, _, about = event.task.partition(" ")
    task = tr(_TASKS[kind], about=about) if kind in _TASKS else event.task
    return f"{task}: {_step_text(event.step)}"


def _step_text(step: str) -> str:
    for beginning, text in _BEGINNINGS.items():
        if step.startswith(beginning):
            return tr(text, names=step.removeprefix(beginning))
    return tr(_STEPS.get(step, step))
