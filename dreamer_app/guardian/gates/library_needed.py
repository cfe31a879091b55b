"""G7, library needed: without the APIs under study the tests must fail.

Each API is taken out of the solution's source, by a double that fails, by such that hand back what they were given and
by one that swallows everything; then each library as a whole. What no test notices was decoration or a detour.
"""

from __future__ import annotations

from pydantic import JsonValue

from dreamer_app.guardian.ablation import Ablation, ablate_api, ablate_library
from dreamer_app.guardian.receipts import Finding, TimedGate, listed, rejected
from dreamer_app.guardian.sieve import Change, sieve_of
from dreamer_app.guardian.trial import Trial

MIN_NECESSARY = 2
"""API nodes that must be necessary: one call alone is a quotation of the documentation."""


class LibraryNeededGate(TimedGate):
    """Rejects solutions that could do without what they are about."""

    id = "G7"
    name = "library needed"
    version = "3"

    async def _apply(self, trial: Trial) -> Finding:
        made = await ablations(trial)
        notices = await (await sieve_of(trial)).sift([_change(ablation) for ablation in made])
        failed = {_key(ablation): notices[_key(ablation)].failed for ablation in made}
        necessary: list[str] = []
        problems: list[str] = []
        per_api: dict[str, JsonValue] = {}
        for use in trial.scenario.uses_api:
            own = {item.double: item for item in made if item.target == use.name and not item.whole}
            if "raising" not in own:
                problems.append(f"nothing in the solution refers to {use.name}")
                continue
            by_double = {double: failed[_key(item)] for double, item in own.items()}
            per_api[use.name] = {
                "places": own["raising"].places,
                "failed_tests": listed(by_double["raising"]),
                "noticed": {double: len(tests) for double, tests in by_double.items()},
            }
            if not by_double["raising"]:
                problems.append(f"no test notices that {use.name} is gone")
            elif all(by_double.values()):
                necessary.append(use.name)
        whole: dict[str, JsonValue] = {}
        for pin in trial.scenario.libraries:
            counts = [len(failed[_key(item)]) for item in made if item.whole and item.target == pin.name]
            whole[pin.name] = min(counts, default=0)
            if not whole[pin.name]:
                problems.append(f"no test needs {pin.name}")
            elif not any(use.library == pin.name and use.name in necessary for use in trial.scenario.uses_api):
                problems.append(f"what {pin.name} does could be left out: none of its API nodes is necessary")
        if len(necessary) < MIN_NECESSARY:
            problems.append(f"{len(necessary)} API nodes are necessary, {MIN_NECESSARY} must be")
        evidence: dict[str, JsonValue] = {"apis": per_api, "libraries": whole, "necessary": listed(necessary)}
        if problems:
            return rejected(problems[0], problems=listed(problems), **evidence)
        return Finding(True, evidence)


async def ablations(trial: Trial) -> list[Ablation]:
    """Every ablation of a trial's solution, made once."""
    return await trial.remembered("ablations", lambda: _ablations(trial))


async def ablation_changes(trial: Trial) -> list[Change]:
    """What this gate will have run, so that an earlier gate can have it run with its own."""
    return [_change(ablation) for ablation in await ablations(trial)]


def _ablations(trial: Trial) -> list[Ablation]:
    def canonical(path: str) -> str:
        api = trial.knowledge.api(path)
        return api.key if api else path

    tree, uses = trial.solution_tree, trial.scenario.uses_api
    made = [ablation for use in uses for ablation in ablate_api(tree, use, canonical)]
    for pin in trial.scenario.libraries:
        names = [name for name, library in trial.import_names.items() if library == pin.name]
        made += ablate_library(tree, pin.name, names, uses, canonical)
    return made


def _key(ablation: Ablation) -> str:
    return f"ablation:{'library' if ablation.whole else 'api'}:{ablation.target}:{ablation.double}"


def _change(ablation: Ablation) -> Change:
    return Change(_key(ablation), ablation.source)
