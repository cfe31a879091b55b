"""G2, API exists: every use of a library resolves in the pinned version.

Decided from the static index alone. What the index cannot know (attributes of instances, of classes with foreign bases,
of constants) is counted as unknown, never as wrong: the clean run decides about it.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from dreamer_app.core.clock import Clock
from dreamer_app.core.types import ApiUse, LibraryPin
from dreamer_app.guardian.names import imports, references
from dreamer_app.guardian.receipts import Finding, StaticGate, listed, rejected
from dreamer_app.guardian.trial import Trial
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import Api, NodeKind

MAX_BASES = 20

_OPAQUE = (NodeKind.ATTRIBUTE, NodeKind.METHOD, NodeKind.FUNCTION)
_USE_KINDS: dict[str, tuple[NodeKind, ...]] = {
    "function": (NodeKind.FUNCTION, NodeKind.CLASS),
    "class": (NodeKind.CLASS,),
    "method": (NodeKind.METHOD, NodeKind.FUNCTION),
    "attribute": (NodeKind.ATTRIBUTE, NodeKind.METHOD),
}


@dataclass
class _Report:
    problems: list[str] = field(default_factory=list)
    checked: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)


class ApiExistsGate(StaticGate):
    """Rejects invented, withdrawn and deprecated API."""

    id = "G2"
    name = "API exists"
    version = "1"

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self._modules: dict[LibraryPin, frozenset[str]] = {}

    def read(self, trial: Trial) -> Finding:
        """Resolve every import, attribute chain and keyword of the libraries under study."""
        for pin in trial.scenario.libraries:
            if pin not in self._modules:
                self._modules[pin] = _modules(trial.knowledge, pin.name)
        resolver = _Resolver(trial, {pin.name: self._modules[pin] for pin in trial.scenario.libraries})
        for use in trial.scenario.uses_api:
            resolver.check_use(use)
        for file, tree in (("solution.py", trial.solution_tree), ("test_solution.py", trial.tests_tree)):
            resolver.check_module(file, tree)
        report = resolver.report
        unknown = listed(sorted(report.unknown))
        if report.problems:
            problems = listed(report.problems)
            return rejected(report.problems[0], problems=problems, checked=len(report.checked), unknown=unknown)
        if not report.checked:
            return rejected("it uses none of the libraries", unknown=unknown)
        return Finding(True, {"checked": len(report.checked), "unknown": unknown})


class _Resolver:
    """Asks the index about one candidate and notes what it answers."""

    def __init__(self, trial: Trial, modules: dict[str, frozenset[str]]) -> None:
        self.report = _Report()
        self._knowledge = trial.knowledge
        self._import_names = trial.import_names
        self._modules = modules

    def check_use(self, use: ApiUse) -> None:
        """One entry of `uses_api`."""
        api = self._knowledge.api(use.name)
        wrong = self.report.problems.append
        if api is None:
            wrong(f"uses_api: {use.name} does not exist in {use.library}")
        elif api.library != use.library:
            wrong(f"uses_api: {use.name} belongs to {api.library}, not to {use.library}")
        elif api.kind not in _USE_KINDS[use.kind]:
            wrong(f"uses_api: {use.name} is a {api.kind.value}, not a {use.kind}")
        elif api.deprecated:
            wrong(f"uses_api: {use.name} is deprecated")

    def check_module(self, file: str, tree: ast.Module) -> None:
        """Every import and every use of one in a file."""
        for item in imports(tree):
            path = f"{item.module}.{item.name}" if item.name else item.module
            if not item.relative:
                self._check_path(f"{file}:{item.line}", path)
        for reference in references(tree):
            place = f"{file}:{reference.line}"
            api = self._check_path(place, reference.path)
            if api is not None and reference.call is not None:
                self._check_keywords(place, api, reference.call)

    def _check_path(self, place: str, path: str) -> Api | None:
        """Resolve a path; the API it means when the index knows it, None otherwise."""
        library = self._import_names.get(path.split(".", maxsplit=1)[0])
        if library is None:
            return None
        api = self._knowledge.api(path)
        if api is not None:
            self._note(place, api, path)
            return api
        modules = self._modules[library]
        if path in modules:
            return None
        parts = path.split(".")
        for length in range(len(parts) - 1, 0, -1):
            prefix = ".".join(parts[:length])
            owner = self._knowledge.api(prefix)
            if owner is not None and prefix not in modules:
                self._note(place, owner, prefix)
                if _may_have(owner, parts[length], self._knowledge):
                    self.report.unknown.add(path)
                else:
                    self.report.problems.append(f"{place}: {prefix} has no {parts[length]} in the pinned version")
                return None
        moved = self._through_reexport(parts, modules)
        if moved is not None:
            self._note(place, moved, path)
            self.report.unknown.add(path)
            return moved
        if any(module.endswith("." + ".".join(parts[1:])) for module in modules):
            self.report.unknown.add(path)
            return None
        self.report.problems.append(f"{place}: {path} does not exist in the pinned version of {library}")
        return None

    def _through_reexport(self, parts: list[str], modules: frozenset[str]) -> Api | None:
        """A package may re-export one of its modules (`lib.part.f` for `lib.inner.part.f`), unknown to the index."""
        for length in range(2, len(parts)):
            ending = "." + ".".join(parts[1:length])
            for module in modules:
                if module.endswith(ending):
                    api = self._knowledge.api(".".join([module, *parts[length:]]))
                    if api is not None:
                        return api
        return None

    def _note(self, place: str, api: Api, path: str) -> None:
        self.report.checked.add(api.key)
        if api.deprecated:
            self.report.problems.append(f"{place}: {path} is deprecated")

    def _check_keywords(self, place: str, api: Api, call: ast.Call) -> None:
        if not api.parameters or any(parameter.kind == "var_keyword" for parameter in api.parameters):
            return
        known = {parameter.name for parameter in api.parameters if parameter.kind != "positional_only"}
        for keyword in call.keywords:
            if keyword.arg is not None and keyword.arg not in known:
                self.report.problems.append(f"{place}: {api.key} has no parameter {keyword.arg}")


def _may_have(owner: Api, name: str, knowledge: KnowledgeGraph, depth: int = 0) -> bool:
    """Whether something unknown to the index may still exist at run time."""
    if owner.kind in _OPAQUE or (name.startswith("__") and name.endswith("__")) or depth > MAX_BASES:
        return True
    if owner.kind is not NodeKind.CLASS:
        return False
    for base in owner.bases:
        known = knowledge.api(base.split("[")[0])
        if known is None:
            if base.split("[")[0].rsplit(".", maxsplit=1)[-1] not in ("object", "Generic", "ABC", "Protocol"):
                return True
        elif knowledge.api(f"{known.key}.{name}") or _may_have(known, name, knowledge, depth + 1):
            return True
    return False


def _modules(knowledge: KnowledgeGraph, library: str) -> frozenset[str]:
    """Every module or package of a library: whatever stands in front of one of its APIs."""
    found: set[str] = set()
    for api in knowledge.apis(library):
        if api.module:
            found.update(_prefixes(api.module + "."))
        if api.kind in (NodeKind.FUNCTION, NodeKind.CLASS):
            for path in (api.key, *api.aliases):
                owner = knowledge.api(path.rpartition(".")[0])
                if owner is None:
                    found.update(_prefixes(path))
        if api.kind in (NodeKind.MODULE, NodeKind.PACKAGE):
            found.add(api.key)
    return frozenset(found)


def _prefixes(path: str) -> list[str]:
    parts = path.split(".")[:-1]
    return [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
