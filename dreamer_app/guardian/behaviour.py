"""What functions do on many inputs: observed in the trial's worker, compared on the host.

Inputs are drawn from those of the acceptance tests, so that everybody is asked about what the task is about. Nothing
here says what is right.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dreamer_app.guardian.trial import Trial
from dreamer_app.sandbox.canonical import Opaque, Raised, decode
from dreamer_app.sandbox.inputs import Arguments, more_inputs
from dreamer_app.sandbox.jobs import Canonical, Variant, VariantResult

WALL = 15.0
_TEST = "test_behaviour"
_DRIVER = """
import ast
import contextlib
import io
import signal
import solution


def {test}():
    function = getattr(solution, {name!r})
    signal.setitimer(signal.ITIMER_PROF, {cpu})  # ends the run, with whatever it computes
    for number, source in enumerate({calls!r}):
        arguments, before = ast.literal_eval(source), ast.literal_eval(source)
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            try:
                outcome = ("value", function(*arguments))
            except Exception as error:
                outcome = ("raised", type(error).__name__)
        observe("b:" + str(number), outcome)
        if {effects}:
            changed = None if repr(arguments) == repr(before) else arguments
            observe("e:" + str(number), (changed, printed.getvalue()))
"""


@dataclass(frozen=True)
class Did:
    """What one call did.

    Attributes:
        value: What it returned; meaningless when it raised.
        raised: Name of the exception, None when it returned.
    """

    value: Any = None
    raised: str | None = None

    @property
    def plain(self) -> bool:
        """Whether there is a value that can be compared."""
        return self.raised is None and not isinstance(self.value, Opaque)

    def agrees(self, other: Did) -> bool:
        """Whether both returned the same, or both raised."""
        if self.raised is not None or other.raised is not None:
            return self.raised is not None and other.raised is not None
        return type(self.value) is type(other.value) and bool(self.value == other.value)


def tested_inputs(tests: ast.Module, entry_point: str) -> list[Arguments]:
    """Arguments with which the tests call a function, where they are literals or module constants."""
    constants: dict[str, ast.expr] = {}
    for node in ast.walk(tests):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                constants[name] = value
    found: dict[str, Arguments] = {}
    for node in ast.walk(tests):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == entry_point:
            if node.keywords:
                continue
            arguments = ast.Tuple([_Filled(constants).visit(argument) for argument in node.args], ast.Load())
            try:
                found.setdefault(ast.unparse(arguments), ast.literal_eval(arguments))
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                continue
    lengths = [len(arguments) for arguments in found.values()]
    usual = max(set(lengths), key=lengths.count) if lengths else 0
    return [arguments for arguments in found.values() if len(arguments) == usual]


class _Filled(ast.NodeTransformer):
    """Puts constants in the places of their names."""

    def __init__(self, constants: Mapping[str, ast.expr]) -> None:
        self._constants = constants

    def visit_Name(self, node: ast.Name) -> ast.AST:  # ast dictates the name
        return self._constants.get(node.id, node)


async def inputs_of(trial: Trial, count: int) -> list[Arguments]:
    """The inputs of a trial's tests and further ones of the same shape, drawn once and repeatable."""

    def draw() -> list[Arguments]:
        tested = tested_inputs(trial.tests_tree, trial.scenario.entry_point)
        return [*tested, *more_inputs(tested, count, trial.scenario.seed)] if tested else []

    return await trial.remembered(f"inputs:{count}", draw)


async def watch(
    trial: Trial, solutions: Mapping[str, str], inputs: Sequence[Arguments], about: str
) -> dict[str, tuple[Did, ...] | None]:
    """Call every solution with every input; None for one that broke down or never ended.

    Args:
        trial: Whose worker runs them.
        solutions: Sources, by a name that is unique in this trial together with `about`.
        inputs: Argument tuples.
        about: What is looked at.

    Raises:
        WorkerLostError: The worker was lost, or what it says has no form.
    """
    results = await answers(trial, solutions, inputs, about)
    return {name: _read(result) for name, result in results.items()}


async def answers(
    trial: Trial,
    solutions: Mapping[str, str],
    inputs: Sequence[Arguments],
    about: str,
    *,
    effects: bool = False,
    cpu: float = WALL,
) -> dict[str, list[Canonical] | None]:
    """The same in the form in which a worker reports it, to be compared to the letter.

    Args:
        trial: See `watch`, as `solutions`, `inputs` and `about`.
        solutions: Sources.
        inputs: Argument tuples.
        about: What is looked at.
        effects: Whether what became of the arguments and what was printed follow after all answers.
        cpu: Processor seconds for all inputs of one solution.
    """
    calls = [repr(one) for one in inputs]
    driver = _DRIVER.format(test=_TEST, name=trial.scenario.entry_point, calls=calls, effects=effects, cpu=cpu)
    variants = [
        Variant(id=f"{about}/{name}", solution=source, tests=driver, test_names=(_TEST,), wall=WALL)
        for name, source in solutions.items()
    ]
    results = await trial.observe(variants)
    keys = [f"{kind}:{number}" for kind in ("be" if effects else "b") for number in range(len(inputs))]
    return {name: _answers(results[f"{about}/{name}"], keys) for name in solutions}


def _answers(result: VariantResult, keys: Sequence[str]) -> list[Canonical] | None:
    run = result.tests.get(_TEST)
    if result.status != "finished" or run is None or run.outcome != "finished":
        return None
    found = [run.values.get(key, ()) for key in keys]
    return [values[0] for values in found] if all(len(values) == 1 for values in found) else None


def _read(answered: Sequence[Canonical] | None) -> tuple[Did, ...] | None:
    if answered is None:
        return None
    found: list[Did] = []
    for answer in answered:
        match decode(answer):
            case ("value", value):
                found.append(Did(value=value))
            case ("raised", str(name)):
                found.append(Did(raised=name))
            case _:
                return None
    return tuple(found) if not any(isinstance(one.value, Raised) for one in found) else None
