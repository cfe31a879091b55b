"""G7, library needed: without the APIs under study the tests must fail.

Each API is taken out of the solution's source, once by a double that fails and once by one that does nothing; then each
library as a whole. What no test notices was decoration or a detour.
"""

from __future__ import annotations

from pydantic import JsonValue

from dreamer_app.guardian.ablation import Ablation, ablate_api, ablate_library
from dreamer_app.guardian.receipts import Finding, TimedGate, listed, rejected
from dreamer_app.guardian.trial import Trial
from dreamer_app.sandbox.blind import judge
from dreamer_app.sandbox.jobs import Variant

MIN_NECESSARY = 2
"""API nodes that must be necessary: one call alone is a quotation of the documentation."""


class LibraryNeededGate(TimedGate):
    """Rejects solutions that could do without what they are about."""

    id = "G7"
    name = "library needed"
    version = "1"

    async def _apply(self, trial: Trial) -> Finding:
        made = await ablations(trial)
        results = await trial.observe([_variant(ablation) for ablation in made])
        failed = {_key(ablation): list(judge(trial.tests, results[_key(ablation)]).failures) for ablation in made}
        necessary: list[str] = []
        problems: list[str] = []
        per_api: dict[str, JsonValue] = {}
        for use in trial.scenario.uses_api:
            own = {item.double: item for item in made if item.target == use.name and not item.whole}
            if "raising" not in own:
                problems.append(f"nothing in the solution refers to {use.name}")
                continue
            raising, same = failed[_key(own["raising"])], failed[_key(own["identity"])]
            per_api[use.name] = {
                "places": own["raising"].places,
                "failed_tests": listed(raising),
                "failed_tests_identity": len(same),
            }
            if not raising:
                problems.append(f"no test notices that {use.name} is gone")
            elif same:
                necessary.append(use.name)
        whole: dict[str, JsonValue] = {item.target: len(failed[_key(item)]) for item in made if item.whole}
        problems += [f"no test needs {pin.name}" for pin in trial.scenario.libraries if not whole.get(pin.name, 0)]
        if len(necessary) < MIN_NECESSARY:
            problems.append(f"{len(necessary)} API nodes are necessary, {MIN_NECESSARY} must be")
        evidence: dict[str, JsonValue] = {"apis": per_api, "libraries": whole, "necessary": listed(necessary)}
        if problems:
            return rejected(problems[0], problems=listed(problems), **evidence)
        return Finding(True, evidence)


async def ablations(trial: Trial) -> list[Ablation]:
    """Every ablation of a trial's solution, made once."""
    return await trial.remembered("ablations", lambda: _ablations(trial))


async def ablation_variants(trial: Trial) -> list[Variant]:
    """The runs that this gate will ask for, so that an earlier gate can have them run with its own."""
    return [_variant(ablation) for ablation in await ablations(trial)]


def _ablations(trial: Trial) -> list[Ablation]:
    def canonical(path: str) -> str:
        api = trial.knowledge.api(path)
        return api.key if api else path

    tree, uses = trial.solution_tree, trial.scenario.uses_api
    made = [ablation for use in uses for ablation in ablate_api(tree, use, canonical)]
    for pin in trial.scenario.libraries:
        names = [name for name, library in trial.import_names.items() if library == pin.name]
        whole = ablate_library(tree, pin.name, names, uses, canonical)
        made += [whole] if whole else []
    return made


def _key(ablation: Ablation) -> str:
    return f"ablation:{'library' if ablation.whole else 'api'}:{ablation.target}:{ablation.double}"


def _variant(ablation: Ablation) -> Variant:
    return Variant(id=_key(ablation), solution=ablation.source)
