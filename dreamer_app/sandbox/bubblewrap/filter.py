"""The system-call filter as the kernel takes it, compiled from the very file that Docker is given.

Pure: text in, bytes out. It knows as much of seccomp profiles as ours uses, and refuses everything else.
"""

from __future__ import annotations

import json
import struct
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from dreamer_app.core.paths import resource

Instruction = tuple[int, int, int, int]
"""Operation, jump when true, jump when false, constant: `struct sock_filter` of linux/filter.h."""

_LOAD, _AND, _EQUAL, _RETURN = 0x20, 0x54, 0x15, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
"""Offsets in `struct seccomp_data` of linux/seccomp.h."""

_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""AUDIT_ARCH_* of linux/audit.h; any other table of system calls, as the 32-bit one, ends the program."""


class UnknownRuleError(ValueError):
    """The profile says something that this compiler does not know."""


def compiled(machine: str) -> bytes:
    """The filter for a machine, as bubblewrap's `--seccomp` takes it.

    Raises:
        UnknownRuleError: There are no numbers for this machine, or the profile has a rule of another kind.
    """
    profile = json.loads(resource("worker/seccomp.json").read_text(encoding="utf-8"))
    numbers = json.loads(resource("worker/syscalls.json").read_text(encoding="utf-8"))
    if machine not in _MACHINES or machine not in numbers:
        raise UnknownRuleError(f"no system-call numbers for {machine}")
    program = [*_prologue(_MACHINES[machine]), *_rules(profile, numbers[machine])]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def _prologue(architecture: int) -> list[Instruction]:
    return [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]


def _rules(profile: Mapping[str, Any], numbers: Mapping[str, int]) -> Iterable[Instruction]:
    """Checks in the order of the numbers; a call that this machine does not have stays refused."""
    if profile["defaultAction"] != "SCMP_ACT_ERRNO":
        raise UnknownRuleError("not an allow-list")
    refused = (_RETURN, 0, 0, _ERROR | int(profile["defaultErrnoRet"]))
    rules: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for rule in profile["syscalls"]:
        for name in rule["names"]:
            if name in numbers:
                rules[numbers[name]].append(rule)
    for number, wanted in sorted(rules.items()):
        body = [step for rule in wanted for step in _rule(rule)]
        if wanted[-1].get("args"):
            body.append(refused)
        yield (_EQUAL, 0, len(body), number)
        yield from body
    yield refused


def _rule(rule: Mapping[str, Any]) -> list[Instruction]:
    """One rule: its conditions, each of which jumps past the rest, and its action."""
    conditions = [_condition(condition) for condition in rule.get("args", ())]
    body: list[Instruction] = [(_RETURN, 0, 0, _action(rule))]
    for steps in reversed(conditions):
        body = [*_aimed(steps, len(body)), *body]
    return body


def _action(rule: Mapping[str, Any]) -> int:
    if rule["action"] == "SCMP_ACT_ALLOW":
        return _ALLOW
    if rule["action"] == "SCMP_ACT_ERRNO":
        return _ERROR | int(rule["errnoRet"])
    raise UnknownRuleError(str(rule["action"]))


def _condition(condition: Mapping[str, Any]) -> list[Instruction]:
    """Compare both halves of a 64-bit argument (little-endian); -1 stands for a jump past the rule."""
    mask, wanted = (1 << 64) - 1, int(condition["value"])
    if condition["op"] == "SCMP_CMP_MASKED_EQ":
        mask, wanted = wanted, int(condition["valueTwo"])
    elif condition["op"] != "SCMP_CMP_EQ":
        raise UnknownRuleError(str(condition["op"]))
    steps: list[Instruction] = []
    for half in (0, 1):
        part = (mask >> 32 * half) & 0xFFFFFFFF
        if part:
            steps.append((_LOAD, 0, 0, _FIRST_ARGUMENT + 8 * int(condition["index"]) + 4 * half))
            steps.append((_AND, 0, 0, part))
            steps.append((_EQUAL, 0, -1, (wanted >> 32 * half) & 0xFFFFFFFF))
    return steps


def _aimed(steps: list[Instruction], beyond: int) -> list[Instruction]:
    """The same steps, their jumps leading past what follows."""
    return [
        (code, yes, len(steps) - place - 1 + beyond if no < 0 else no, value)
        for place, (code, yes, no, value) in enumerate(steps)
    ]
