"""The filter compiled for bubblewrap says what Docker's profile says, call by call."""

from __future__ import annotations

import json
import struct

import pytest

from dreamer_app.core.paths import resource
from dreamer_app.sandbox.bubblewrap.filter import UnknownRuleError, compiled

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
NUMBERS = json.loads(resource("worker/syscalls.json").read_text())
PROFILE = json.loads(resource("worker/seccomp.json").read_text())
ALLOWED, REFUSED, NO_SUCH_CALL, KILLED = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000


def verdict(machine: str, number: int, *arguments: int, architecture: int | None = None) -> int:
    """What the kernel would do: a small interpreter of the four instructions that occur."""
    words = [*arguments, *[0] * (6 - len(arguments))]
    call = struct.pack("<IIQ6Q", number, architecture or ARCHITECTURES[machine], 0, *words)
    program = list(struct.iter_unpack("=HBBI", compiled(machine)))
    place = loaded = 0
    while True:
        code, yes, no, value = program[place]
        place += 1
        if code == 0x20:
            (loaded,) = struct.unpack_from("<I", call, value)
        elif code == 0x54:
            loaded &= value
        elif code == 0x15:
            place += yes if loaded == value else no
        else:
            assert code == 0x06
            return int(value)


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_every_call_is_treated_as_in_the_profile(machine: str) -> None:
    plain = {name for rule in PROFILE["syscalls"] if "args" not in rule for name in rule["names"]} - {"clone3"}
    numbers = NUMBERS[machine]
    always = {numbers[name] for name in plain if name in numbers}
    special = {numbers[name] for name in ("socket", "clone", "clone3", "prlimit64", "fcntl")}
    for number in range(600):
        if number not in special:
            assert verdict(machine, number) == (ALLOWED if number in always else REFUSED), number


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_conditions_on_arguments(machine: str) -> None:
    numbers = NUMBERS[machine]
    families = [family for family in range(64) if verdict(machine, numbers["socket"], family) == ALLOWED]
    assert families == [1, 2, 10]
    assert verdict(machine, numbers["socket"], 1 << 32 | 1) == REFUSED
    assert verdict(machine, numbers["clone"], 0x00010F00) == ALLOWED
    for flag in (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000):
        assert verdict(machine, numbers["clone"], flag | 17) == REFUSED
    assert verdict(machine, numbers["clone3"]) == NO_SUCH_CALL
    commands = {command for command in range(1040) if verdict(machine, numbers["fcntl"], 3, command) == ALLOWED}
    assert set(range(1040)) - commands == {1024, 1025, 1026, 1027}  # leases, and F_NOTIFY
    assert verdict(machine, numbers["prlimit64"], 0) == ALLOWED
    assert verdict(machine, numbers["prlimit64"], 1) == REFUSED


def test_foreign_tables_end_the_program() -> None:
    assert verdict("x86_64", 0, architecture=0x40000003) == KILLED
    assert verdict("x86_64", 0x40000000) == REFUSED  # the x32 table
    with pytest.raises(UnknownRuleError):
        compiled("riscv64")
