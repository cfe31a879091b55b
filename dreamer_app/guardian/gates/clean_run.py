"""G5, clean run: the tests really ran, and showed exactly what was expected.

Three looks, in this order. The blind run is the verdict: the worker never sees an expected value, the host compares,
and is stricter than `==`: where the test says 3, neither 3.0 nor True will do.
Then plain pytest as a user would run it, its event stream checked against what the host knows from the source. Then the
probe: one literal of every test is broken, and every test must notice.
"""

from __future__ import annotations

from collections.abc import Sequence

from dreamer_app.guardian.receipts import Evidence, Finding, TimedGate, listed, rejected
from dreamer_app.guardian.trial import Trial
from dreamer_app.sandbox.blind import judge, perturb
from dreamer_app.sandbox.jobs import PytestEvent, PytestJob, PytestResult, Variant, VariantResult

PYTEST_WALL = 60.0
MAX_SECONDS = 10.0
"""A suite that computes for longer than this is not an example that anybody wants to run."""

_ARGUMENTS = ("-W", "error::DeprecationWarning:solution", "-W", "error::PendingDeprecationWarning:solution")
_BAD_WARNINGS = ("PytestReturnNotNone", "PytestUnhandled", "PytestCollection", "PytestUnknownMark")
_PHASES = ("setup", "call", "teardown")


class CleanRunGate(TimedGate):
    """Rejects what does not pass, and what only pretends to."""

    id = "G5"
    name = "clean run"
    version = "2"

    async def _apply(self, trial: Trial) -> Finding:
        names = trial.tests.test_names
        clean = await trial.clean()
        verdict = judge(trial.tests, clean, exact=True)
        evidence: Evidence = {"tests": len(names), "blind_seconds": round(clean.seconds, 4)}
        if not verdict.passed:
            return rejected("the blind run failed", failures=dict(verdict.failures), **evidence)
        if clean.cpu_seconds > MAX_SECONDS:
            return rejected(f"the tests compute for {clean.cpu_seconds:.1f} s", **evidence)
        plain = await trial.plain_pytest(_pytest_job(trial))
        problems = event_problems(plain, names)
        evidence["pytest_seconds"] = round(plain.seconds, 4)
        if problems:
            return rejected("plain pytest", problems=listed(problems), output=plain.output[-2000:], **evidence)
        probe = Variant(id="probe", tests=perturb(trial.scenario.tests))
        unmoved = _unmoved((await trial.observe([probe]))[probe.id], names)
        if unmoved:
            return rejected("tests pass although their expected value was broken", unmoved=listed(unmoved), **evidence)
        return Finding(True, {**evidence, "passed": len(names), "probes_noticed": len(names)})


def _pytest_job(trial: Trial) -> PytestJob:
    files = {"solution.py": trial.candidate.solution, "test_solution.py": trial.scenario.tests}
    return PytestJob(files=files, wall=PYTEST_WALL, arguments=_ARGUMENTS)


def event_problems(result: PytestResult, names: Sequence[str]) -> list[str]:
    """Everything in a pytest run that differs from a clean pass of exactly these tests.

    Args:
        result: What the worker reported.
        names: The tests that the host knows from the source.
    """
    if result.status != "exited" or result.exit_code != 0 or result.dropped:
        return [f"pytest {result.status} with {result.exit_code}{', output was lost' if result.dropped else ''}"]
    if [event.n for event in result.events] != list(range(len(result.events))):
        return ["the events are not numbered without gaps"]
    expected = [f"test_solution.py::{name}" for name in names]
    problems = _collection_problems(result.events, expected)
    reports = [event.fields for event in result.events if event.kind == "report"]
    seen = {(report.get("id"), report.get("when")): report for report in reports}
    if len(seen) != len(reports) or set(seen) != {(test, phase) for test in expected for phase in _PHASES}:
        problems.append("not every test was set up, called and torn down exactly once")
    for report in reports:
        if report.get("outcome") != "passed" or "wasxfail" in report:
            problems.append(
                f"{report.get('id')} {report.get('when')}: {report.get('outcome')}: {report.get('text', '')}"
            )
    for event in result.events:
        text = str(event.fields.get("text", "")) if event.kind == "warning" else ""
        if text.startswith(_BAD_WARNINGS):
            problems.append(text)
    return problems


def _collection_problems(events: Sequence[PytestEvent], expected: list[str]) -> list[str]:
    collected = [event for event in events if event.kind == "collected"]
    ends = [event for event in events if event.kind == "end"]
    problems = []
    if len(collected) != 1 or collected[0].fields.get("ids") != expected:
        problems.append("the collected tests are not those of the source")
    if len(ends) != 1 or events[-1] is not ends[0] or ends[0].fields.get("status") != 0:
        problems.append("the run did not end once, last and well")
    if {event.kind for event in events} - {"collected", "report", "warning", "end"}:
        problems.append("there are events that nobody knows")
    return problems


def _unmoved(probe: VariantResult, names: Sequence[str]) -> list[str]:
    """Tests that did not raise; a run that broke down counts as not having noticed anything."""
    if probe.status != "finished":
        return list(names)
    return [name for name in names if name not in probe.tests or probe.tests[name].outcome != "raised"]
