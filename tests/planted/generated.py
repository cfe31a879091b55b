"""Bad dreams made from good ones by the hundred, one class of badness a function; every choice follows from a seed.

A maker returns a changed scenario and candidate, or None where the good dream has nothing to spoil in this way. Wrong
solutions are not made here: that a changed solution is really wrong has to be shown by running it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from dreamer_app.core.types import ApiUse, Candidate, LibraryPin, Scenario
from dreamer_app.sandbox.blind import perturb


@dataclass(frozen=True)
class Spoiled:
    """A bad dream.

    Attributes:
        scenario: As the Guardian gets it.
        candidate: As the Guardian gets it.
        earlier: Whether the good dream was dreamt before.
    """

    scenario: Scenario
    candidate: Candidate
    earlier: bool = False


Maker = Callable[[Scenario, str, Random], Spoiled | None]


def _spoiled(scenario: Scenario, solution: str, **changes: object) -> Spoiled:
    return Spoiled(scenario.model_copy(update=changes), Candidate(solution=solution, coder="recorded"))


def _function(tree: ast.Module, name: str) -> ast.FunctionDef:
    return next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)


def _tests(tree: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]


def _assertions(tree: ast.AST) -> list[ast.Compare]:
    return [
        node.test
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.Compare) and isinstance(node.test.left, ast.Call)
    ]


def _with_lines(solution: str, entry: str, lines: str) -> str:
    """The solution with statements at the beginning of its function, after the docstring."""
    tree = ast.parse(solution)
    _function(tree, entry).body[1:1] = ast.parse(lines).body
    return ast.unparse(tree) + "\n"


def _with_result(solution: str, entry: str, expression: str, head: str = "") -> str:
    """The solution with its last result wrapped; `RESULT` stands for what it was."""
    tree = ast.parse(solution)
    returns = [node for node in ast.walk(_function(tree, entry)) if isinstance(node, ast.Return) and node.value]
    last = max(returns, key=lambda node: node.lineno)
    assert last.value is not None
    text = expression.replace("RESULT", f"({ast.unparse(last.value)})")
    last.value = ast.parse(text, mode="eval").body
    return f"{head}{ast.unparse(tree)}\n"


def wrong_oracle(scenario: Scenario, solution: str, rng: Random) -> Spoiled | None:
    """One test expects something else than the solution returns."""
    good, bad = ast.parse(scenario.tests), ast.parse(perturb(scenario.tests))
    place = rng.randrange(len(_tests(good)))
    name = _tests(good)[place].name
    good.body = [_tests(bad)[place] if getattr(node, "name", "") == name else node for node in good.body]
    return _spoiled(scenario, solution, tests=ast.unparse(good) + "\n")


def vacuous(scenario: Scenario, solution: str, rng: Random) -> Spoiled | None:
    """At least half of the tests compare a literal with itself."""
    tree = ast.parse(scenario.tests)
    tests = _tests(tree)
    for test in rng.sample(tests, rng.randint((len(tests) + 1) // 2, len(tests))):
        for compare in _assertions(test):
            compare.left = compare.comparators[0]
    return _spoiled(scenario, solution, tests=ast.unparse(tree) + "\n")


BY_HEART = {
    "table": "if repr([{names}]) in _KNOWN:\n    return _KNOWN[repr([{names}])]",
    "search": "for known in _KNOWN.items():\n    if known[0] == repr([{names}]):\n        return known[1]",
    "default": "_answer = _KNOWN.get(repr([{names}]), _KNOWN)\nif _answer is not _KNOWN:\n    return _answer",
    "cases": "",
}
"""How a solution looks its answers up; `cases` asks for one input after the other."""


def table_of_answers(scenario: Scenario, solution: str, rng: Random) -> Spoiled | None:
    """The visible cases by heart, the libraries as decoration."""
    answers: dict[str, object] = {}
    for compare in _assertions(ast.parse(scenario.tests)):
        assert isinstance(compare.left, ast.Call)
        try:
            arguments = [ast.literal_eval(argument) for argument in compare.left.args]
            answers[repr(arguments)] = ast.literal_eval(compare.comparators[0])
        except ValueError:
            return None
    tree = ast.parse(solution)
    function = _function(tree, scenario.entry_point)
    names = ", ".join(argument.arg for argument in function.args.args)
    form = rng.choice(list(BY_HEART))
    lines = BY_HEART[form].format(names=names) or "\n".join(
        f"if [{names}] == {arguments}:\n    return {answer!r}" for arguments, answer in answers.items()
    )
    function.body[1:1] = ast.parse(lines).body
    function.body[-1] = ast.parse("def f():\n    return None").body[0].body[0]  # type: ignore[attr-defined]
    known = "" if form == "cases" else f"\n\n_KNOWN = {answers!r}\n"
    return _spoiled(scenario, f"{ast.unparse(tree)}\n{known}")


def equal_to_everything(scenario: Scenario, solution: str, rng: Random) -> Spoiled | None:
    """The result agrees with whatever it is compared with."""
    base = rng.choice(["list", "dict", "str", "tuple", "object"])
    body = f"class _Result({base}):\n    def __eq__(self, other):\n        return True\n    __hash__ = None\n\n\n"
    return _spoiled(scenario, _with_result(solution, scenario.entry_point, "_Result() if RESULT else _Result()", body))


def hallucinated_name(scenario: Scenario, solution: str, rng: Random) -> Spoiled | None:
    """An API that the pinned version does not have."""
    use = rng.choice(scenario.uses_api)
    name = use.name.rpartition(".")[2]
    made_up = rng.choice([f"{name}_all", f"fast_{name}", f"{name}s_by", f"get_{name}"])
    changed = solution.replace(name, made_up)
    return _spoiled(scenario, changed) if changed != solution else None


def hallucinated_keyword(scenario: Scenario, solution: str, rng: Random) -> Spoiled | None:
    """An option that the pinned version does not have."""
    names = {use.name.rpartition(".")[2] for use in scenario.uses_api if use.kind == "function"}
    tree = ast.parse(solution)
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")) in names
    ]
    if not calls:
        return None
    word = rng.choice(["strict_order", "use_cache", "ascending", "parallel"])
    rng.choice(calls).keywords.append(ast.keyword(word, ast.Constant(True)))
    return _spoiled(scenario, ast.unparse(tree) + "\n")


GIVING_BACK = ("identity", "pipe", "thread_first", "thread_last")
"""Functions of toolz that hand back what they get, when they get nothing else."""


def library_not_needed(scenario: Scenario, solution: str, rng: Random) -> Spoiled | None:
    """A second library is claimed whose call hands back what it gets, the result or an argument."""
    return _with_toolz(scenario, solution, f"{rng.choice(GIVING_BACK)}({{}})", rng)


HANDING_BACK = (
    "do(repr, {})",
    "first([{}])",
    "last([{}])",
    "nth(0, [{}])",
    "get(0, [{}])",
    "compose()({})",
    "compose_left()({})",
)
"""Calls of toolz that hand back what they get in less plain ways."""


def library_takes_out(scenario: Scenario, solution: str, rng: Random) -> Spoiled | None:
    """A second library is claimed that takes out what was just put in, or hands back what comes after a function."""
    return _with_toolz(scenario, solution, rng.choice(HANDING_BACK), rng)


def _with_toolz(scenario: Scenario, solution: str, call: str, rng: Random) -> Spoiled | None:
    """The result or an argument goes through a call of toolz, which the scenario claims to need."""
    if any(pin.name == "toolz" for pin in scenario.libraries):
        return None
    toolz = LibraryPin(name="toolz", version="1.1.0", import_names=("toolz",))
    name = call.partition("(")[0]
    use = ApiUse(name=f"toolz.{name}", library="toolz", kind="function")
    claim = scenario.triviality.model_copy(update={"necessary_apis": (*scenario.triviality.necessary_apis, use.name)})
    head = f"from toolz import {name}\n"
    if rng.random() < 0.5:
        changed = _with_result(solution, scenario.entry_point, call.format("RESULT"), head)
    else:
        argument = _function(ast.parse(solution), scenario.entry_point).args.args[0].arg
        changed = head + _with_lines(solution, scenario.entry_point, f"{argument} = {call.format(argument)}")
    return _spoiled(
        scenario, changed, libraries=(*scenario.libraries, toolz), uses_api=(*scenario.uses_api, use), triviality=claim
    )


INSECURE = (
    "eval('1 + 1')",
    "exec('x = 1')",
    "open('/etc/passwd').read()",
    "__import__('os').getcwd()",
    "import os\nos.system('true')",
    "import subprocess\nsubprocess.run(['true'])",
    "import pickle\npickle.loads(b'N.')",
    "import socket\nsocket.socket().close()",
    "import os\nos.environ.get('HOME')",
    "import ctypes\nctypes.CDLL(None)",
    "import sys\nsys.modules.pop('json', None)",
    "import sys\nsys._getframe(1).f_locals",
    "import gc\ngc.get_objects()",
    "import tempfile\ntempfile.mktemp()",
    "import hashlib\nhashlib.md5(b'x').hexdigest()",
    "import shutil\nshutil.rmtree('/tmp/x', ignore_errors=True)",
    "import urllib.request",
    "import importlib\nimportlib.import_module('os')",
    "getattr(print, '__self__')",
    "import atexit\natexit.register(print)",
)


def insecure(scenario: Scenario, solution: str, rng: Random) -> Spoiled | None:
    """Something that no dream has any business doing."""
    return _spoiled(scenario, _with_lines(solution, scenario.entry_point, rng.choice(INSECURE)))


FLAKY = (
    "RESULT if hash('dream') % 2 else type(RESULT)()",
    "RESULT if id(object()) % 32 else type(RESULT)()",
    "type(RESULT)(list({str(n) for n in range(9)})[:0]) or (RESULT if hash('x') % 3 else type(RESULT)())",
    "RESULT if __import__('time').time() % 2 < 1 else type(RESULT)()",
)
FLAKY_LINES = (
    "import random\nif random.random() < 0.3:\n    return None",
    "import time\nif int(time.time()) % 2:\n    return None",
    "import datetime\nif datetime.datetime.now().second % 2:\n    return None",
    "import os\nif os.getpid() % 2:\n    return None",
    "import uuid\nif uuid.uuid4().int % 2:\n    return None",
)


def flaky(scenario: Scenario, solution: str, rng: Random) -> Spoiled | None:
    """The result depends on chance, time or the interpreter."""
    if rng.random() < 0.5:
        return _spoiled(scenario, _with_result(solution, scenario.entry_point, rng.choice(FLAKY)))
    return _spoiled(scenario, _with_lines(solution, scenario.entry_point, rng.choice(FLAKY_LINES)))


def duplicate(scenario: Scenario, solution: str, rng: Random) -> Spoiled | None:
    """An earlier dream with other names and another text."""
    tree = ast.parse(solution)
    own = sorted({n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)})
    swaps = {name: f"{name}_{rng.randrange(100)}" for name in own}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in swaps:
            node.id = swaps[node.id]
    changed = _spoiled(scenario, ast.unparse(tree) + "\n", prompt=f"{scenario.prompt}\n\nMind the details.")
    return Spoiled(changed.scenario, changed.candidate, earlier=True)


def drifted_interface(scenario: Scenario, solution: str, rng: Random) -> Spoiled | None:
    """Another signature than the pinned one."""
    tree = ast.parse(solution)
    function = _function(tree, scenario.entry_point)
    arguments = function.args.args
    match rng.randrange(4):
        case 0 if len(arguments) > 1:
            arguments[0], arguments[-1] = arguments[-1], arguments[0]
        case 1:
            arguments.append(ast.arg("verbose"))
        case 2:
            function.name = f"{function.name}_v2"
        case _:
            old = arguments[0].arg
            for node in ast.walk(function):
                if isinstance(node, ast.Name) and node.id == old:
                    node.id = "given"
            arguments[0].arg = "given"
    return _spoiled(scenario, ast.unparse(ast.fix_missing_locations(tree)) + "\n")


def trivial(scenario: Scenario, solution: str, rng: Random) -> Spoiled | None:
    """Only one API is claimed to be needed, once or twice."""
    use = rng.choice(scenario.uses_api)
    claim = scenario.triviality.model_copy(update={"necessary_apis": (use.name,) * rng.randint(1, 2)})
    return _spoiled(scenario, solution, triviality=claim, uses_api=(use,))


MAKERS: Mapping[str, Maker] = {
    "wrong oracle": wrong_oracle,
    "vacuous tests": vacuous,
    "answers by heart": table_of_answers,
    "equal to everything": equal_to_everything,
    "hallucinated name": hallucinated_name,
    "hallucinated keyword": hallucinated_keyword,
    "library not needed": library_not_needed,
    "library takes out": library_takes_out,
    "insecure": insecure,
    "flaky": flaky,
    "duplicate": duplicate,
    "drifted interface": drifted_interface,
    "trivial": trivial,
}
