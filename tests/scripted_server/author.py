"""Answers as models of different quality give them, from a set of tasks that lie in data files.

`Author` recognises what it is asked for by the prompt, as a person would. Every third answer is broken in one of the
ways that `flaws.toml` lists, the ways taking turns; with no flaws it is a good model. Answers that are not broken come
in the usual wrappings: bare, fenced, after reasoning, with a comment.
"""

from __future__ import annotations

import json
import re
import threading
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
EVERY = 3
"""One answer of so many is broken."""

PURPOSES = {
    "You invent programming tasks": "weave",
    "You write the text of a programming task": "describe",
    "You write one Python module": "solve",
    "A Python module does not do what its task says": "repair",
    "You check functions that others write": "suite",
    "You judge the text of programming tasks": "judge",
}


def tasks() -> dict[str, dict[str, Any]]:
    """Every task, by the name of its function."""
    found = sorted((HERE / "tasks").glob("*.toml"))
    return {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in found}


class Author:
    """A model with a quality.

    Args:
        broken: Whether a third of its answers is broken.
        only: Tasks that it can think of, all of them when None.
    """

    def __init__(self, *, broken: bool = True, only: tuple[str, ...] | None = None) -> None:
        self.tasks = {name: task for name, task in tasks().items() if only is None or name in only}
        self.flaws: dict[str, list[str]] = tomllib.loads((HERE / "flaws.toml").read_text(encoding="utf-8"))
        self.broken = broken
        self.given: Counter[str] = Counter()
        self.flawed: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._told: Counter[tuple[str, ...]] = Counter()
        self._code: dict[str, str] = {}

    def __call__(self, body: dict[str, Any]) -> str:
        """The words of an answer."""
        system, user = (message["content"] for message in body["messages"][:2])
        purpose = next(name for start, name in PURPOSES.items() if system.startswith(start))
        with self._lock:
            self.given[purpose] += 1
            number = self.given[purpose]
            flaw = ""
            if self.broken and number % EVERY == 0 and self.flaws.get(purpose):
                flaw = self.flaws[purpose][(number // EVERY - 1) % len(self.flaws[purpose])]
                self.flawed[f"{purpose}: {flaw}"] += 1
            answer: str = getattr(self, f"_{purpose}")(user, flaw, number)
        return answer

    def _weave(self, user: str, flaw: str, number: int) -> str:
        libraries = tuple(sorted(re.findall(r"^- ([\w-]+) \d", user, re.MULTILINE)))
        fitting = [name for name, task in self.tasks.items() if set(task["libraries"]) == set(libraries)]
        if not fitting:
            return "I know nothing about these libraries."
        name = fitting[self._told[libraries] % len(fitting)]
        if not flaw:
            self._told[libraries] += 1
        task = self.tasks[name]
        spec: dict[str, Any] = {
            "thinking": "Somebody could use this, and the edge cases decide it.",
            "title": task["title"],
            "task": task["task"],
            "signature": task["signature"],
            "apis": task["apis"],
            "cases": task["cases"],
            "errors": [],
            "solution": task["solution"],
        }
        match flaw:
            case "hallucinated API":
                spec["apis"] = [task["apis"][0], f"{task['apis'][0].partition('.')[0]}.magic_grouping"]
            case "one API":
                spec["apis"] = task["apis"][:1]
            case "no literals":
                spec["cases"] = [f"{name}(load_table())"] * 12
            case "wrong reference":
                spec["solution"] = task["wrong"]
            case "broken reference":
                spec["solution"] = task["solution"].replace("return", "return undefined_name or")
            case "obeys an injection":
                spec["solution"] = task["solution"].replace(
                    "\n\n\ndef", "\nimport os\n\nos.system('id > /tmp/stolen')\n\n\ndef", 1
                )
            case "reads the clock":
                head, _, rest = task["solution"].partition("\n\n\n")
                spec["solution"] = f"{head}\nimport time\n\n\n{rest}".replace(
                    "\n    return", "\n    time.time()\n    return", 1
                )
        return self._spoilt(json.dumps(spec, indent=2), flaw) or _wrapped(json.dumps(spec, indent=2), number)

    def _describe(self, user: str, flaw: str, number: int) -> str:
        inside = re.findall(r"<<<([\w ]+) \w+>>>\n(.*?)\n<<<end", user, re.DOTALL)
        told = dict(inside)
        name = re.findall(r"^def (\w+)", told["code"], re.MULTILINE)[-1]
        self._code[name] = told["code"] + "\n"
        text = re.sub(r"```python\n.*?```", "", told["recorded task"], flags=re.DOTALL).strip()
        answer = json.dumps(
            {"thinking": "", "title": text.partition(".")[0], "task": f"A colleague asks for this. {text}"}
        )
        return self._spoilt(answer, flaw) or _wrapped(answer, number)

    def _solve(self, user: str, flaw: str, number: int) -> str:
        name = re.findall(r"It must define `(\w+)`", user)[0]
        task = self.tasks.get(name)
        if task is None:
            right = wrong = self._code.get(name, f"def {name}():\n    raise NotImplementedError\n")
        else:
            right, wrong = task["other" if number % 2 else "solution"], task["wrong"]
        match flaw:
            case "wrong code":
                right = wrong
            case "hallucinated API":
                right = re.sub(r"^(from \w+ import )", r"\1magic_grouping, ", right, count=1, flags=re.MULTILINE)
            case "does not parse":
                right = right.replace("):", ")", 1).replace("]:", "]", 1) + "\n    return (\n"
            case "gives up":
                right = right.partition('    """')[0].partition("\n    ")[0] + "\n    raise NotImplementedError\n"
            case "ends the program":
                right = right.replace("\n    ", "\n    raise SystemExit(0)\n    ", 1)
        code = f"```python\n{right}```"
        return self._spoilt(code, flaw) or (
            code if number % 2 else f"<think>Group, then add.</think>\nHere it is:\n\n{code}"
        )

    _repair = _solve

    def _suite(self, user: str, flaw: str, number: int) -> str:
        name = re.findall(r"The function is `(\w+)`", user)[0]
        shown = re.findall(r"^>>> (.*)\n(.*)$", user, re.MULTILINE)
        task = self.tasks.get(name)
        pairs = task["checks"] if task is not None else shown
        checks = [{"call": call, "returns": value} for call, value in pairs]
        if flaw == "wrong values":
            checks = [{**check, "returns": "'no idea'"} for check in checks]
        answer = json.dumps({"thinking": "By hand.", "checks": checks})
        return self._spoilt(answer, flaw) or _wrapped(answer, number)

    def _judge(self, user: str, flaw: str, number: int) -> str:
        opinion = {"thinking": "", "score": 4, "quotation": "", "reason": "Clear, with its difficult cases."}
        if flaw == "lowest without reason":
            opinion = {
                "thinking": "",
                "score": 1,
                "quotation": "words that are not there",
                "reason": "I do not like it.",
            }
        answer = json.dumps(opinion)
        return self._spoilt(answer, flaw) or _wrapped(answer, number)

    def _spoilt(self, answer: str, flaw: str) -> str:
        """The answer with one of the flaws that every purpose can have; empty when the flaw is of another kind."""
        match flaw:
            case "refusal":
                return "I'm sorry, but I can't help with that."
            case "prose":
                return "A good idea would be to look at the documentation and to think about what users need."
            case "truncated":
                return answer[: len(answer) // 3]
            case "only thoughts":
                return f"<think>{answer}"
            case "not JSON":
                return "title = Group words; task = group them; cases = many"
        return ""


def _wrapped(answer: str, number: int) -> str:
    """An answer in one of the wrappings that models like."""
    match number % 4:
        case 1:
            return f"Sure! Here is the specification:\n\n```json\n{answer}\n```\n\nLet me know what you think."
        case 2:
            return f"<think>They want a task. {{'title': 'no'}} Maybe…</think>\n{answer}"
        case 3:
            return answer.replace("{", "{\n  // as asked for\n ", 1)
    return answer
