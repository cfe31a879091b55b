"""What a gate saw, in words: one line, or everything. Values to texts; no Qt."""

from __future__ import annotations

from pydantic import JsonValue

from dreamer_app.core.i18n import mark, tr
from dreamer_app.core.plain_text import one_line
from dreamer_app.core.types import GateVerdict, Receipt

NAMES = frozenset(
    {
        mark("hidden bits"),
        mark("tests"),
        mark("modules"),
        mark("checked"),
        mark("files"),
        mark("claimed similarity"),
        mark("nearest dream"),
        mark("nearest example"),
        mark("similarity to dream"),
        mark("similarity to example"),
        mark("blind seconds"),
        mark("pytest seconds"),
        mark("worker cpu seconds"),
        mark("passed"),
        mark("passing"),
        mark("probes noticed"),
        mark("stopped when enough"),
        mark("necessary"),
        mark("runs"),
        mark("branches"),
        mark("statements"),
        mark("missing branches"),
        mark("missing lines"),
        mark("executed"),
        mark("killed"),
        mark("score"),
        mark("unknown"),
        mark("failed tests"),
        mark("broken fails"),
        mark("libraries"),
        mark("apis"),
        mark("problems"),
        mark("properties"),
        mark("property"),
        mark("reason"),
        mark("agree"),
        mark("asked"),
        mark("claims"),
        mark("contradictions"),
        mark("differences"),
        mark("disagreements"),
        mark("suites"),
        mark("weak"),
        mark("silent"),
        mark("inputs"),
        mark("noticed"),
        mark("probably equivalent"),
        mark("mutants"),
        mark("observed"),
        mark("expected"),
        mark("quoted"),
        mark("reference passes"),
        mark("types"),
        mark("candidate"),
        mark("model"),
        mark("who"),
        mark("shown"),
        mark("places"),
        mark("raised"),
    }
)
"""Names of figures that gates write, in the person's language; those that are not here are shown as they are."""


def evidence_text(receipt: Receipt) -> str:
    """The evidence of a receipt in one line: the reason where there is one, else its figures."""
    evidence = receipt.evidence
    reason = evidence.get("reason")
    if receipt.verdict is not GateVerdict.PASSED and isinstance(reason, str):
        return one_line(reason)
    parts = [f"{_plain(name)} {_short(value)}" for name, value in evidence.items() if _tells(value)]
    return one_line(" · ".join(parts[:4]))


def evidence_lines(receipt: Receipt) -> tuple[tuple[str, str], ...]:
    """All evidence, one name and value a line; mutants that survived, and the one that is kept, are in plain words."""
    lines: list[tuple[str, str]] = []
    for name, value in receipt.evidence.items():
        if name == "reason" or (value == 0 and not isinstance(value, bool)):
            continue  # the line above says it, or it says nothing
        if name == "survivors" and isinstance(value, list):
            lines = [(_change_name(change), _change_text(change)) for change in value] + lines
        elif name == "kept_mutant" and isinstance(value, dict):
            lines.append((tr("a change that tests notice"), _change_text(value)))
        else:
            lines.append((_plain(name), one_line(_full(value))))
    return tuple(lines)


def _change_name(change: JsonValue) -> str:
    if isinstance(change, dict) and change.get("equivalent"):
        return tr("a change that seems to make no difference")
    return tr("a change that no test notices")


def _change_text(change: JsonValue) -> str:
    """A mutant as `line 35: a > b → a >= b`, with arguments of which a test would notice it where they are known."""
    if not isinstance(change, dict) or not isinstance(change.get("diff"), str):
        return one_line(_full(change))
    lines = str(change["diff"]).splitlines()
    sides = [" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"]
    text = tr("line {n}: {before} → {after}", n=change.get("line"), before=sides[0], after=sides[1])
    tells = change.get("noticed_with")
    return one_line(f"{text} · {tr('noticed with')} {tells}" if isinstance(tells, str) else text)


def _plain(name: str) -> str:
    plain = one_line(name.replace("_", " "))
    return tr(plain) if plain in NAMES else plain


def _tells(value: JsonValue) -> bool:
    return value not in (None, "", [], {}) and not isinstance(value, dict)


def _short(value: JsonValue) -> str:
    if isinstance(value, list):
        return str(len(value))
    text = _full(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _full(value: JsonValue) -> str:
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, list):
        return ", ".join(_full(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{_plain(name)} {_full(one)}" for name, one in value.items())
    return "–" if value is None else str(value)
