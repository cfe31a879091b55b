"""What the night report says, from figures to sentences. Nothing is called learned that was not measured; no Qt."""

from __future__ import annotations

from dreamer_app.core.i18n import mark, tr, trn
from dreamer_app.core.types import Night, NightEnd
from dreamer_app.service.night_story import Insight, InsightKind, Learned, NightStory

_ENDS = {
    NightEnd.ENOUGH: mark("It ended because enough was dreamt."),
    NightEnd.TIME: mark("It ended because its time was up."),
    NightEnd.SATURATED: mark("It ended because there was nothing new to dream about."),
    NightEnd.WOKEN: mark("It ended because the computer was needed."),
    NightEnd.STOPPED: mark("It ended because you stopped it."),
    NightEnd.FAILED: mark("It ended because something failed."),
    NightEnd.CRASHED: mark("The program ended before the night did."),
}
NAMED = 3
"""Libraries that a headline names."""


def headline(story: NightStory) -> str:
    """`I dreamt 42 new solutions. Learned `pydantic` v2.`"""
    verified = story.now.verified
    if verified == 0:
        return tr("I dreamt nothing that could be proved.")
    said = trn("I dreamt {n} new solution.", "I dreamt {n} new solutions.", verified)
    first = [_named(one) for one in story.learned if one.first]
    if first:
        return f"{said} {tr('Learned {libraries}.', libraries=_joined(first[:NAMED]))}"
    grown = [_named(one) for one in story.learned if one.after > one.before]
    if grown:
        return f"{said} {tr('Learned more about {libraries}.', libraries=_joined(grown[:NAMED]))}"
    return said


def subtitle(story: NightStory) -> str:
    """When it was and why it ended."""
    night = story.night
    start = night.started_at.astimezone()
    day = f"{start:%d.%m.%Y}"
    if night.ended_at is None:
        return tr("{day}, since {start}. It still goes on.", day=day, start=f"{start:%H:%M}")
    hours = tr("{day}, {start} to {end}.", day=day, start=f"{start:%H:%M}", end=f"{night.ended_at.astimezone():%H:%M}")
    return f"{hours} {end_text(night)}".strip()


def end_text(night: Night) -> str:
    """Why a night ended."""
    return tr(_ENDS[night.end]) if night.end is not None else ""


def duration_text(seconds: float) -> str:
    """`7 h 12 min`, `48 min`, `35 s`."""
    minutes = round(seconds / 60)
    if seconds < 60:
        return tr("{n} s", n=round(seconds))
    if minutes < 60:
        return tr("{n} min", n=minutes)
    return tr("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)


def percent_text(share: float | None) -> str:
    """`91 %`; a dash when nothing was measured."""
    return "–" if share is None else f"{100 * share:.0f} %"


def insight_text(insight: Insight) -> tuple[str, str]:
    """The one thing to point out, and what to do, as sentence and button."""
    match insight.kind:
        case InsightKind.GATE:
            said = trn(
                "{n} of {of} dreams was stopped by one gate: {gate}.",
                "{n} of {of} dreams were stopped by one gate: {gate}.",
                insight.dreams,
                of=insight.of,
                gate=tr(insight.name),
            )
            return said, tr("Show them")
        case InsightKind.REVIEW:
            said = trn(
                "{n} dream waits for your word. What you approve becomes a lesson.",
                "{n} dreams wait for your word. What you approve becomes a lesson.",
                insight.dreams,
            )
            return said, tr("Review")
        case InsightKind.NOTHING_NEW:
            return tr("These libraries have nothing new left to dream about."), tr("Pick something to learn")
        case InsightKind.CUT_SHORT:
            return tr("Most of the night was spent waiting."), tr("Open settings")
        case InsightKind.FAILED:
            return tr("Something failed in this night; what was proved is kept."), tr("Open diagnostics")


def library_text(one: Learned) -> str:
    """A library with its version and how many dreams were proved about it."""
    name = f"{one.library} {one.version}".strip()
    said = trn("{n} dream", "{n} dreams", one.dreams)
    bad = [trn("{n} nightmare", "{n} nightmares", one.nightmares)] if one.nightmares else []
    new = [tr("new")] if one.first else []
    return " · ".join([name, said, *bad, *new])


def _named(one: Learned) -> str:
    major = one.version.partition(".")[0]
    return f"`{one.library}` v{major}" if major.isdigit() else f"`{one.library}`"


def _joined(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return tr("{some} and {last}", some=", ".join(names[:-1]), last=names[-1])
