"""The prompts: Markdown files with front matter, versioned, and what a user has made of them.

A file begins with `name`, `version` and `variables` between two lines of dashes, followed by `## system` and `## user`
with the messages; `{{variable}}` is replaced. A file of the same name in the user's folder takes the place of ours, as
long as it uses the same variables. Replaced text is never looked at again, so nothing in it can become a variable.
"""

from __future__ import annotations

import difflib
import hashlib
import logging
import re
from collections.abc import Mapping
from pathlib import Path

from dreamer_app.core.errors import DreamerError, UsageError
from dreamer_app.core.paths import resource
from dreamer_app.core.types import Frozen
from dreamer_app.llm.model import Message

_log = logging.getLogger(__name__)

_FRONT = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_PART = re.compile(r"^## (system|user)[ \t]*\n", re.MULTILINE)
_VARIABLE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")


class Prompt(Frozen):
    """One prompt.

    Attributes:
        name: Of its file, without the ending.
        version: As in its front matter; of a changed one with a plus and a digest behind it.
        variables: What it must be given.
        system: Template of the system message.
        user: Template of the user's message.
    """

    name: str
    version: str
    variables: tuple[str, ...]
    system: str
    user: str

    def render(self, values: Mapping[str, str]) -> tuple[Message, ...]:
        """The messages.

        Raises:
            KeyError: A variable is missing, or one is given that the prompt does not know.
        """
        if set(values) != set(self.variables):
            raise KeyError(f"prompt {self.name} takes {sorted(self.variables)}, not {sorted(values)}")

        def filled(template: str) -> str:
            return _VARIABLE.sub(lambda match: values[match.group(1)], template).strip()

        return (Message(role="system", content=filled(self.system)), Message(role="user", content=filled(self.user)))


class PromptShelf:
    """All prompts, ours and the user's.

    Args:
        folder: The user's; may be missing.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._ours = resource("weave.md", "prompts").parent
        self._folder = folder

    def names(self) -> tuple[str, ...]:
        """Every prompt, by name."""
        return tuple(sorted(file.stem for file in self._ours.glob("*.md") if file.stem != "README"))

    def get(self, name: str) -> Prompt:
        """A prompt as the user wants it; a changed one that cannot be used is passed over with a warning.

        Raises:
            UsageError: There is none of this name.
        """
        ours = parse(name, self.ours(name))
        changed = self.changed(name)
        if changed is None:
            return ours
        try:
            theirs = parse(name, changed)
            if set(theirs.variables) != set(ours.variables):
                raise _unusable(name, f"it takes {sorted(theirs.variables)} instead of {sorted(ours.variables)}")
        except DreamerError as error:
            _log.warning("%s; ours is used instead", error)
            return ours
        digest = hashlib.sha256(changed.encode()).hexdigest()[:8]
        return theirs.model_copy(update={"version": f"{theirs.version}+{digest}"})

    def ours(self, name: str) -> str:
        """The text of our prompt.

        Raises:
            UsageError: There is none of this name.
        """
        if name not in self.names():
            raise UsageError("There is no such prompt", repr(name), f"There are: {', '.join(self.names())}.")
        return (self._ours / f"{name}.md").read_text(encoding="utf-8")

    def changed(self, name: str) -> str | None:
        """The text of the user's, None when there is none."""
        file = self._folder / f"{name}.md" if self._folder is not None else None
        return file.read_text(encoding="utf-8") if file is not None and file.exists() else None

    def difference(self, name: str) -> str:
        """What the user has changed, as a unified diff; empty when nothing."""
        ours, theirs = self.ours(name), self.changed(name)
        if theirs is None:
            return ""
        lines = difflib.unified_diff(
            ours.splitlines(keepends=True), theirs.splitlines(keepends=True), f"{name}.md (ours)", f"{name}.md (yours)"
        )
        return "".join(lines)

    def edit(self, name: str, text: str) -> None:
        """Keep the user's wording; our own wording removes it.

        Raises:
            UsageError: There is no such prompt, or the text is of no use as one.
        """
        assert self._folder is not None, "no folder to keep it in"
        ours, theirs = parse(name, self.ours(name)), parse(name, text)
        if set(theirs.variables) != set(ours.variables):
            raise _unusable(name, f"it takes {sorted(theirs.variables)} instead of {sorted(ours.variables)}")
        if text == self.ours(name):
            (self._folder / f"{name}.md").unlink(missing_ok=True)
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / f"{name}.md").write_text(text, encoding="utf-8")


def parse(name: str, text: str) -> Prompt:
    """Read a prompt.

    Raises:
        UsageError: It has not the form of one, or uses a variable that it does not declare.
    """
    front = _FRONT.match(text)
    if front is None:
        raise _unusable(name, "it does not begin with front matter between lines of `---`")
    facts = dict(line.split(":", 1) for line in front.group(1).splitlines() if ":" in line)
    stated = {key.strip(): value.strip() for key, value in facts.items()}
    if stated.get("name") != name or not stated.get("version"):
        raise _unusable(name, "its front matter has another name, or no version")
    parts = _PART.split(front.group(2))[1:]
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    if set(sections) != {"system", "user"}:
        raise _unusable(name, "it does not have one `## system` and one `## user`")
    variables = tuple(stated.get("variables", "").replace(",", " ").split())
    used = {match for section in sections.values() for match in _VARIABLE.findall(section)}
    if used != set(variables):
        raise _unusable(name, f"it declares {sorted(variables)} and uses {sorted(used)}")
    return Prompt(
        name=name, version=stated["version"], variables=variables, system=sections["system"], user=sections["user"]
    )


def _unusable(name: str, why: str) -> UsageError:
    return UsageError("A prompt cannot be used", f"{name}.md: {why}", "Compare it with ours: `dreamer prompts diff`.")
