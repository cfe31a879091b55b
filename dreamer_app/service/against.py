"""Dreams under another version of a library: what still holds, and a report on what does not (the nightmares).

A dream stays proved for the versions that it was proved with.
"""

from __future__ import annotations

from collections.abc import Sequence

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from dreamer_app.core.errors import UsageError
from dreamer_app.core.types import Dream, LibraryPin
from dreamer_app.service.verification import Proof


def target(text: str) -> LibraryPin:
    """The library at the version that a text like `textual==9.0` names.

    Raises:
        UsageError: It names no exact version.
    """
    try:
        wanted = Requirement(text)
    except InvalidRequirement as error:
        raise UsageError(
            "That is no version of a library", f"{text!r}: {error}", "For example: textual==9.0"
        ) from error
    exact = [one.version for one in wanted.specifier if one.operator == "=="]
    if len(exact) != 1 or len(wanted.specifier) != 1 or exact[0].endswith("*"):
        raise UsageError("That is no exact version", repr(text), "For example: textual==9.0")
    return LibraryPin(name=canonicalize_name(wanted.name), version=exact[0])


def under(dreams: Sequence[Dream], pin: LibraryPin) -> list[Dream]:
    """The dreams that study a library, as if they studied it at another version."""
    return [
        dream.model_copy(
            update={
                "scenario": dream.scenario.model_copy(
                    update={
                        "libraries": tuple(
                            one.model_copy(update={"version": pin.version}) if one.name == pin.name else one
                            for one in dream.scenario.libraries
                        )
                    }
                )
            }
        )
        for dream in dreams
        if any(one.name == pin.name for one in dream.scenario.libraries)
    ]


def nightmares(proofs: Sequence[Proof], dreams: Sequence[Dream], pin: LibraryPin) -> str:
    """A report in Markdown on what does not hold any more, each with a minimal reproduction."""
    by_id = {dream.id: dream for dream in dreams}
    broken = [proof for proof in proofs if not proof.agreed and proof.dream_id in by_id]
    head = (
        f"<!-- synthetic: true -->\n# {pin.name} {pin.version}\n\n"
        f"{len(proofs) - len(broken)} of {len(proofs)} dreams still hold.\n"
    )
    return head + "".join(_nightmare(proof, by_id[proof.dream_id], pin) for proof in broken)


def _nightmare(proof: Proof, dream: Dream, pin: LibraryPin) -> str:
    before = ", ".join(f"{one.name} {one.version}" for one in dream.scenario.libraries)
    gate = proof.stopped_by
    why = f"{gate.gate} {gate.name}: {gate.evidence.get('reason', gate.verdict)}" if gate else "files were changed"
    return (
        f"\n## {dream.scenario.title}\n\nDream `{dream.id}`, proved with {before}. Now: {why}\n\n"
        f"    pip install {pin.name}=={pin.version} pytest\n    pytest dream_{dream.id}\n\n"
        f"```python\n# solution.py\n{dream.candidate.solution.strip()}\n```\n\n"
        f"```python\n# test_solution.py\n{dream.scenario.tests.strip()}\n```\n"
    )
